"""What the Excel workbooks have in common."""

from __future__ import annotations

from typing import Any

from openpyxl.worksheet.properties import PageSetupProperties

A4 = 9  # the format's number for it


def landscape(sheet: Any) -> None:
    """Set a sheet to print on A4, landscape, as wide as the paper."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
