"""What is seen: words, facts, parts of pages, pages, files."""

# Whatever is imported first, the pages and the files are known.
from layouts import files as files
from layouts import pages as pages
