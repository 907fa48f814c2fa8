"""Bytes to characters, value by value: a bad byte in one value is no reason to lose the others."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

LATIN = "ISO-8859-1"  # every byte is a character of it, so that bytes pass the libraries unharmed
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CUT = ("unexpected end of data", "incomplete multibyte sequence")


def decode(raw: bytes, first: str) -> str:
    """Decode one value, a character cut off at its end left out; by another encoding if `first` does not fit."""
    second = "gb18030" if first == "utf-8" else "utf-8"
    for encoding in (first, second):
        if (text := _decoded(raw, encoding)) is not None:
            return text
    return raw.decode(first, "replace")


def decode_column(values: Sequence[object], other: str = "gb18030") -> list[object]:
    """Decode the strings of a column, read as ISO-8859-1, by UTF-8 or the `other` encoding, as most of them fit."""
    raws = [value.encode(LATIN) if isinstance(value, str) else None for value in values]
    written = [raw for raw in raws if raw is not None and not raw.isascii()]
    fits = sum(_decoded(raw, "utf-8") is not None for raw in written)
    first = "utf-8" if 2 * fits >= len(written) else other
    return [value if raw is None else decode(raw, first) for value, raw in zip(values, raws, strict=True)]


def decode_text(data: bytes) -> str:
    """Decode a whole file: by its mark, by its zeros (UTF-16), else UTF-8 or GB18030, whichever fits more of it."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if 0 in data[:2]:
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        kept = sum(map(_width, data.decode("utf-8", "ignore")))
    foreign = len(data) - len(data.translate(None, bytes(range(128, 256))))
    if 2 * kept < foreign:
        return data.decode("gb18030", "replace")
    return data.decode("utf-8", "atlas-gb18030")


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if error.reason in _CUT and error.end == len(raw):
            return raw[: error.start].decode(encoding)
        return None


def _width(sign: str) -> int:
    return 0 if sign < "\x80" else 2 if sign < "\u0800" else 3 if sign < "\U00010000" else 4


def _as_gb18030(error: UnicodeError) -> tuple[str, int]:
    """Read what is no UTF-8 as GB18030, up to the next ASCII character."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    end = error.start
    while end < len(error.object) and error.object[end] > 127:
        end += 1
    return error.object[error.start : end].decode("gb18030", "replace"), end


codecs.register_error("atlas-gb18030", _as_gb18030)
