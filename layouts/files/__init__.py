"""One format a file: CSV, XLSX, the annex, slides."""
