"""Delimited text as a sheet: its encoding, its delimiter, and the wrappings that programs put around values."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from functools import cache

from targets.cells import FORMULA_STARTS
from targets.indicators import shipped_indicators
from targets.intake.package import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Refused, too_many
from targets.intake.sheets import Sheet, address
from targets.intake.shown import Cell
from targets.places import TRADITIONAL_WORDS, areas, name_of, parks

DELIMITERS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
KNOWN_LETTERS = 0.25  # the least share of Chinese letters that tables of counties are written with
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
    """Return bytes as text: UTF-8, UTF-16 with or without a mark, GB18030 or Big5.

    The last two take nearly any bytes, and most of one also read as the other: what they give must be of letters that
    such tables are written with, else the text is refused, and never kept garbled.

    Raises
    ------
    Refused
        When no encoding gives a text, or letters were lost in it before.
    """
    text = _text_of(data)
    if text is None:
        raise Refused(
            "认不出文字编码\uff0c请存为 UTF-8 或 GBK", "the text's encoding is not known: save it as UTF-8 or GBK"
        )
    if "\ufffd" in text:
        raise Refused(
            "文字里有乱码\uff08\ufffd\uff09\uff0c请从原文件重新存为 UTF-8",
            "the text holds letters that were lost (\ufffd): save the original as UTF-8 again",
        )
    return text


def _text_of(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return None  # UTF-32
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16") or None
    if b"\0" in data[:4096] and not data.startswith(b"\xef\xbb\xbf"):
        low = data[1:4096:2].count(0) >= data[:4096:2].count(0)
        text = _strict(data, "utf-16-le" if low else "utf-16-be")
        return text if text and re.search(r"[\d,\t\n]", text) else None
    if (text := _strict(data, "utf-8-sig")) is not None:
        return text
    found = [(_known_letters(text), text) for name in ("gb18030", "big5hkscs") if (text := _strict(data, name))]
    share, text = max(found, key=lambda one: one[0], default=(0.0, ""))
    return text if share >= KNOWN_LETTERS else None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


@cache
def _letters() -> frozenset[str]:
    """Return the letters of places, indicators and the words beside them, also as they were written before 1956."""
    words = [name_of(place) for place in (*areas(), *parks())]
    words += [name for one in shipped_indicators().values() for name in (one.zh, *one.aliases)]
    words += ["县区市州地名称代码时期年月日季度上半全末累计同比增长速减单位亿万元人千瓦公里数值状态来源备注说明数据"]
    words += ["初步核定公报道快预合小总排位次资料统局核算实际本当前三四一二五六七八九十主要经济指标情况表各"]
    simplified = {letter for word in words for letter in word if letter > "\u2fff"}
    return frozenset(simplified | {old for old, new in TRADITIONAL_WORDS.items() if new in simplified})


def _known_letters(text: str) -> float:
    """Return the share of a text's letters beyond ASCII that such tables are written with."""
    letters = [letter for letter in text[:65536] if letter > "\u2fff" or "\x80" <= letter < "\u2000"]
    letters = [letter for letter in letters if not "\u3000" <= letter < "\u3040" and not "\uff00" <= letter < "\uff60"]
    return sum(letter in _letters() for letter in letters) / len(letters) if letters else 0.0
