"""What a file said: rows, what each column was read as and why, every fault, and remarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from targets.indicators import Indicator
from targets.observations import Row
from targets.settlement.records import Record
from targets.speech import Speech


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file: where, what stands there, what is wrong with it, and how to mend it."""

    sheet: str
    cell: str
    value: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str

    def __str__(self) -> str:
        at = "!".join(part for part in (self.sheet, self.cell) if part)
        zh = f"{self.zh}\uff1b{self.mend_zh}" if self.mend_zh else self.zh
        en = f"{self.en}; {self.mend_en}" if self.mend_en else self.en
        return f"{at}“{self.value}”\uff1a{zh} / {en}" if at else f"{zh} / {en}"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the reader did that the user should know: rows and columns left aside, hidden ones read."""

    sheet: str
    zh: str
    en: str
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}\uff1a{self.zh} / {self.en}" if self.sheet else f"{self.zh} / {self.en}"


EQUAL = 5  # equal remarks from which on they are one, with their count and first cells


def grouped(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Return remarks, those that say the very same of many cells of a sheet as one."""
    groups: dict[tuple[str, str, str], list[Remark]] = {}
    for remark in remarks:
        groups.setdefault((remark.sheet, remark.zh, remark.en), []).append(remark)
    found: list[Remark] = []
    for (sheet, zh, en), group in groups.items():
        if len(group) < EQUAL:
            found += group
            continue
        cells = [remark.cell for remark in group if remark.cell][:3]
        at_zh, at_en = ("\uff0c如" + "、".join(cells), f", such as {', '.join(cells)}") if cells else ("", "")
        said = f"{len(group)}处{at_zh}\uff1a{zh}", f"{len(group)} times{at_en}: {en}"
        found.append(Remark(sheet, *said, group[0].cell))
    return tuple(found)


HOW = {
    "header": ("表头", "header"),
    "left": ("左侧", "at the left"),
    "title": ("标题", "title"),
    "unit line": ("单位行", "unit line"),
    "tab": ("工作表名", "tab"),
    "file": ("文件名", "file name"),
    "note": ("表注", "note"),
    "format": ("单元格格式", "cell format"),
    "caller": ("导入时填写", "given on import"),
    "row": ("逐行", "row by row"),
    "kind": ("指标本身", "the indicator itself"),
}
UNREAD = {"aside": "column_left_aside", "refused": "column_refused"}
PARTS = {
    "indicator": ("指标", "indicator"),
    "period": ("时期", "period"),
    "unit": ("单位", "unit"),
    "status": ("状态", "status"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where one part of a column's meaning stands: `part` is `says` because of `text` in `cell`, found `how`."""

    part: str
    says: str
    cell: str
    text: str
    how: str

    def say(self, lang: str = "zh") -> str:
        """Say it: 指标：左侧B1“第一产业”."""
        speech = Speech.of(lang)
        text = f"“{self.text[:30]}”" if self.text else ""
        where = speech.sentences([speech.pick(*HOW[self.how]), self.cell])
        return speech.named(speech.pick(*PARTS[self.part]), where + text)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of figures was read as; `verdict` is ``read``, ``aside`` or ``refused``."""

    sheet: str
    cell: str
    header: str
    verdict: str
    indicator: Indicator | None = None
    period: str = ""
    unit: str = ""
    status: str = ""
    evidence: tuple[Evidence, ...] = ()

    def say(self, lang: str = "zh") -> str:
        """Return the column in one line, with where each part of its meaning stands."""
        speech = Speech.of(lang)
        at = f"{self.sheet}!{self.cell}" if self.sheet else self.cell
        head = f"{at}“{self.header[:30]}”"
        if self.indicator is None or self.verdict != "read":
            return f"{head} → {speech.word(UNREAD[self.verdict]) if self.verdict in UNREAD else ''}"
        rows, name = speech.word("column_by_row"), speech.pick(self.indicator.zh, self.indicator.en)
        meaning = " · ".join((name, self.period or rows, self.unit or rows, self.status or rows))
        why = speech.clauses(one.say(lang) for one in self.evidence)
        return f"{head} → {meaning}{speech.brackets(why)}"


@dataclass(frozen=True)
class Reading:
    """What a file says: its rows, every fault, and remarks; with a fault nothing can be accepted.

    `indicators` are those the file adds, `records` what it says of the settlement. `refused` says that the file was not
    opened, or not to its end, for the one fault that is listed. `columns` say how it was read.
    """

    name: str
    sha256: str
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Remark, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    refused: bool = False
    columns: tuple[Column, ...] = ()
    records: tuple[Record, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it can be compared and accepted."""
        return not self.faults and bool(self.rows or self.indicators or self.records)

    def with_faults(self, *faults: Fault) -> Reading:
        """Return the reading with more faults."""
        return replace(self, faults=(*self.faults, *faults))


class Wrong(ValueError):
    """What is wrong and how to mend it; whoever catches it knows the cell."""

    def __init__(self, zh: str, en: str, mend_zh: str = "", mend_en: str = "") -> None:
        super().__init__(zh)
        self.words = (zh, en, mend_zh, mend_en)
