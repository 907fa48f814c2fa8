"""Delimited text as a sheet: its encoding, its delimiter, and the wrappings that programs put around values."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from targets.cells import FORMULA_STARTS
from targets.intake.package import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Refused, too_many
from targets.intake.sheets import Sheet, address
from targets.intake.shown import Cell

DELIMITERS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
_WRAPPED = re.compile(r'="(.*)"|\'(.*)', re.S)


def read_text(data: bytes, kind: str) -> Sheet:
    """Return delimited text as a sheet.

    Raises
    ------
    Refused
        When it is no text, or its quotes are broken.
    """
    for magic, said in ((b"PK\x03\x04", "xlsx/zip"), (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG")):
        if data.startswith(magic):
            raise Refused(
                f"这不是 {kind} 文本\uff0c而是 {said} 文件\uff0c请另存为 .xlsx",
                f"this is no {kind} text but a file of kind {said}: save it as .xlsx",
            )
    text = decoded(data)
    if "\0" in text or re.search(r"[\x01-\x08\x0e-\x1f]", text[:65536]):
        raise Refused(
            "文件不是文本（含零字节或控制符）\uff0c请另存为 .xlsx",
            "the file is no text (it holds zero bytes or control characters): save it as .xlsx",
        )
    if re.match(r"\s*<(?:!doctype|html|table|\?xml)", text[:20000], re.I):
        raise Refused("这是网页文件\uff0c请另存为 .xlsx", "this is a web page: save it as .xlsx")
    skipped = 0
    if stated := re.match(r"sep=(.)\r?\n", text):
        text, skipped, delimiter = text[stated.end() :], 1, stated[1]
    else:
        delimiter = delimiter_of(text, kind)
    sheet = Sheet("CSV", {}, delimiter=delimiter)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for row, line in enumerate(lines, start=1 + skipped):
            if row > MAX_ROWS or len(line) > MAX_COLUMNS or len(sheet.cells) > MAX_CELLS:
                raise too_many()
            for column, value in enumerate(line, start=1):
                if value.startswith("'") and value[1:].startswith(FORMULA_STARTS):
                    value = value[1:]  # as our own files write what would be a formula
                if len(value) > MAX_TEXT:
                    raise Refused(
                        f"单元格 {address(row, column)} 的文字过长\uff0c请删去", "a cell's text is far too long: cut it"
                    )
                if value := unwrapped(value):
                    sheet.cells[row, column] = Cell(value)
                    sheet.widths[row] = column
    except csv.Error as error:
        raise Refused(
            "CSV 的引号或格式有误\uff0c请另存为 .xlsx", "the CSV's quotes or its form are broken: save it as .xlsx"
        ) from error
    return sheet


def unwrapped(value: str) -> str:
    r"""Return a value without what programs put around it to keep it text.

    Examples
    --------
    >>> unwrapped('="620922"'), unwrapped("131.7\t"), unwrapped("'131.7"), unwrapped("  ")
    ('620922', '131.7', '131.7', '')
    """
    stripped = value.strip()
    found = _WRAPPED.fullmatch(stripped)
    if found:
        return (found[1] if found[1] is not None else found[2]).strip()
    return value.rstrip("\t\r\n ") if stripped else ""


def delimiter_of(text: str, kind: str) -> str:
    """Return the delimiter that gives the most lines of one width; commas within numbers give none."""
    head = text[:200_000]
    scores: dict[str, tuple[int, int]] = {}
    for delimiter in ("\t", ",", ";", "|") if kind in (".tsv", ".txt") else (",", "\t", ";", "|"):
        try:
            sample = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
            widths = Counter(len(line) for _, line in zip(range(400), sample, strict=False) if len(line) > 1)
        except csv.Error:
            continue
        if widths:
            most = max(widths.values())
            scores[delimiter] = most, max(width for width, n in widths.items() if n == most)
    return max(scores, key=lambda one: scores[one][0], default=",")


def decoded(data: bytes) -> str:
    """Return bytes as text: UTF-8, UTF-16 with or without a mark, GBK."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data[:4096] and not data.startswith(b"\xef\xbb\xbf"):
        low = data[1:4096:2].count(0) >= data[:4096:2].count(0)
        encodings = ("utf-16-le" if low else "utf-16-be", "utf-8-sig", "gb18030")
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding.startswith("utf-16-") and not re.search(r"[\d,\t\n]", text):
            continue
        return text
    raise Refused(
        "认不出文字编码\uff0c请存为 UTF-8 或 GBK", "the text's encoding is not known: save it as UTF-8 or GBK"
    )
