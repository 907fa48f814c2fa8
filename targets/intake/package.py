"""A user's file as sheets of cells, whatever was sent: what is no table, or is made to do harm, is refused.

Nothing is parsed before its size is known: the size of the file, then of all that its zip would unpack to, then the
number of elements in each part, counted in a stream. A formula is never computed and its stored result never trusted.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

MB = 1 << 20
MAX_FILE = 20 * MB
MAX_UNPACKED = 80 * MB
MAX_RATIO = 150  # of a part over 1 MB; a sheet of figures packs to a fifth or a twentieth
MAX_PARTS = 1000
MAX_SHEETS = 60
MAX_ROWS = 20_000
MAX_COLUMNS = 400
MAX_CELLS = 300_000
MAX_MERGED = 10_000
MAX_ELEMENTS = {"worksheet": 2_500_000, "sst": 900_000, "styleSheet": 150_000}
MAX_OTHER = 100_000
MAX_TEXT = 32_767  # Excel's own limit for a cell
PICTURES = re.compile(r"\.(?:png|jpe?g|gif|bmp|emf|wmf|tiff?|jfif|wdp)$", re.I)
_BOOK = re.compile(r"(?:^|/)workbook\d*\.xml$", re.I)
_FOREIGN = re.compile(r"(?:^|/)xl/(?:externalLinks|embeddings|activeX|model)/|(?:^|/)xl/connections\.xml$", re.I)


class Refused(ValueError):
    """The whole file is refused; `zh` and `en` say in one sentence why, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


def open_file(source: Path | str | bytes, name: str) -> tuple[bytes, str]:
    """Return a file's content and its kind (``.xlsx``, ``.csv``, ``.tsv``, ``.txt``); refuse what is no table.

    Raises
    ------
    Refused
        When it is too large, not what its name says, locked, or of an old kind.
    """
    data = content(source)
    kind = Path(name).suffix.lower()
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("文件设有密码\uff0c请去掉密码后再导入", "the file has a password: take it away, then import")
        raise Refused(
            "这是旧式文件（.xls、.et 或 .doc）\uff0c请另存为 .xlsx 再导入",
            "this is an old file (.xls, .et or .doc): save it as .xlsx, then import",
        )
    if kind in (".xlsm", ".xltm", ".xlam", ".xlsb"):
        raise Refused(
            f"不收 {kind} 文件（可能含宏）\uff0c请另存为 .xlsx",
            f"{kind} files may hold macros and are refused: save as .xlsx",
        )
    if kind not in (".xlsx", ".csv", ".tsv", ".txt"):
        raise Refused(
            f"只收 .xlsx、.csv 和 .tsv\uff0c不收“{kind or '无扩展名'}”",
            f"only .xlsx, .csv and .tsv can be read, not {kind or 'a file without ending'}",
        )
    return data, kind


def content(source: Path | str | bytes) -> bytes:
    """Return what is in a file, which must not be too large."""
    if not isinstance(source, bytes):
        path = Path(source)
        if not path.is_file():
            raise Refused(f"找不到文件 {path}", f"there is no file {path}")
        try:
            with path.open("rb") as file:
                source = file.read(MAX_FILE + 1)
        except OSError as error:
            raise Refused(f"不能读取文件（{error.strerror}）", f"the file cannot be read ({error.strerror})") from error
    if len(source) > MAX_FILE:
        raise Refused(
            "文件超过 20 MB\uff0c请只留需要的表", "the file is larger than 20 MB: keep only the tables needed"
        )
    if not source:
        raise Refused("文件是空的", "the file is empty")
    return source


def examine(archive: zipfile.ZipFile) -> None:
    """Refuse what is not a plain workbook of bounded size, before anything of it is unpacked."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    lowered = {name.lower() for name in names}
    if "[Content_Types].xml" not in names or not any(_BOOK.search(name) for name in names):
        kinds = {
            "word/": "Word 文件",
            "ppt/": "PowerPoint 文件",
            "xl/workbook.bin": ".xlsb 文件",
            "mimetype": "ODF 文件",
        }
        said = next((kind for start, kind in kinds.items() if any(n.startswith(start) for n in names)), "压缩包")
        raise Refused(
            f"这不是 .xlsx 表格\uff0c而是{said}\uff0c请另存为 .xlsx", "this is no .xlsx workbook: save it as one"
        )
    if len(parts) > MAX_PARTS or len(lowered) < len(names):
        raise Refused("文件的内部结构不正常", "the inside of the file is not as a workbook's is")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("文件设有密码\uff0c请去掉密码后再导入", "the file has a password: take it away, then import")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or any(p.file_size > MB and p.file_size > MAX_RATIO * p.compress_size for p in parts):
        raise Refused(
            f"文件解压后过大（{unpacked // MB} MB）\uff0c未打开",
            f"the file would unpack to too much ({unpacked // MB} MB): not opened",
        )
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise Refused("文件的内部结构不正常", "the inside of the file is not as a workbook's is")
    if any(name.endswith("vbaproject.bin") for name in lowered) or b"macroEnabled" in archive.read(
        "[Content_Types].xml"
    ):
        raise Refused("文件含宏\uff0c请另存为不含宏的 .xlsx", "the file holds macros: save it as an .xlsx without them")
    if any(_FOREIGN.search(name) for name in names):
        raise Refused(
            "文件含外部链接或嵌入对象\uff0c请把数据以“数值”粘贴到新工作簿再导入",
            "the file holds links to other files or embedded objects: paste its values into a new workbook",
        )


def too_many() -> Refused:
    """Return that the table is larger than any that is read."""
    return Refused(
        f"表格过大（最多 {MAX_ROWS:,} 行、{MAX_COLUMNS} 列、{MAX_CELLS:,} 个数据格）",
        f"the table is too large (at most {MAX_ROWS:,} rows, {MAX_COLUMNS} columns, {MAX_CELLS:,} filled cells)",
    )
