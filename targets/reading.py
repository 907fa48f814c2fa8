"""A user's file as rows of figures, or as a list of everything that is wrong with it.

Our own template (a row for each value) and the tables offices really have (a row for each county, or a column) are read
alike. What a number means is never guessed: its county, indicator, period and unit must be said in the cell, the
header, the title, or by the caller; else it is an error that says what to write and where.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from targets.cells import FORMULA_STARTS
from targets.indicators import (
    FAMILIES,
    FAMILY,
    WRITTEN,
    Indicator,
    by_name,
    convert,
    from_record,
    half_width,
    plain_name,
    read_unit,
    read_written,
    shipped_indicators,
)
from targets.observations import Row
from targets.periods import FORM, Period, Unclear, begins, ends, find_period, read_period
from targets.places import TOTAL, areas, meant, name_of, parks, read_place
from targets.published import LANZHOU_NEW_AREA
from targets.template import STATUSES
from targets.today import now_in_china
from targets.workbook import Cell, Refused, Sheet, address, content, read_sheets

UNSTATED = "未注明"
STATUS_WORDS = {
    "初步核算": "初步",
    "初步核算数": "初步",
    "初步数": "初步",
    "快报": "初步",
    "快报数": "初步",
    "统一核算": "初步",
    "统一核算数": "初步",
    "最终核实": "核定",
    "最终核实数": "核定",
    "核实": "核定",
    "年报": "核定",
    "年报数": "核定",
    "核定数": "核定",
    "统计公报": "公报",
    "": "",
}
# As text is compared here: half-width, lower case, no spaces.
NO_DATA = {
    "-", "--", "---", "—", "——", "–", "…", "……", "/", "//", "\\", "x", "×", ".", "..", "...", "*", "**", "无", "无数据",
    "暂无", "暂无数据", "暂缺", "缺", "缺失", "不适用", "n/a", "na", "nan", "null", "none",
}  # fmt: skip
LONGEST = 300  # of a heading or a name; the rest of a longer text says nothing more
DEEPEST = 8  # rows of a header
NOTE_SHEETS = re.compile(r"说明|代码表|lists?|填报说明|填写说明|notes?|示例|examples?|目录|封面", re.I)
NEW_SHEETS = ("新增指标", "New indicators")

FIELDS = {
    "code": "县代码|代码|行政区划代码|区划代码|地区代码|adcode|code",
    "name": "县名|县|县区|县市区|县(区)|县(市)|县(市、区)|区县|地区|名称|区划名称|place|county|name",
    "indicator": "指标|指标名称|indicator",
    "period": "时期|期间|年份|报告期|period",
    "value": "数值|值|指标值|数据|value",
    "unit": "单位|计量单位|unit",
    "status": "状态|数据状态|status",
    "source": "来源|数据来源|资料来源|source",
    "source_url": "来源网址|网址|链接|source_url|url",
    "note": "备注|note|notes",
}
# The columns of the sheet of new indicators, as the Chinese and the English template have them.
NEW_FIELDS = {
    "id": "代号|指标代号|id",
    "zh": "名称|中文名|指标名称|zh",
    "en": "英文名|英文名称|en",
    "aliases": "别名|其他名称|aliases",
    "unit": "单位|计量单位|unit",
    "kind": "类别|种类|指标类别|kind",
    "adds_up": "汇总|汇总方式|能否相加|adds_up",
    "decimals": "小数位|小数位数|decimals",
    "low": "合理下限|下限|low",
    "high": "合理上限|上限|high",
    "places": "范围|适用范围|places",
}
_NEW_FIELD = {plain_name(name): field for field, names in NEW_FIELDS.items() for name in names.split("|")}
_FIELD = {plain_name(name): field for field, names in FIELDS.items() for name in names.split("|")}
_PLACE_WORD = re.compile(
    r"(?:县|区|市|州|[、,/\\()·及和]|单位|名称|名|地区|地域|行政区划?|区划|指标|项目|各|辖|园区|开发区|代码|编码|"
    r"county|place|name|park|code|adcode|prefecture)+",
    re.I,
)
_ASIDE_ROW = re.compile(r"^(?:计量)?单位[:]|^(?:填报|制表|编制|报送|审核|打印|发布|时期|报告期|period|unit)", re.I)
_MADE = re.compile(r"(?:填报|制表|打印|发布|报送|更新|编制|截止填报|印制)(?:日期|时间|单位|人)?:?.*")
# Columns that are no observation of an indicator.
_IGNORED = re.compile(
    r"排名|位次|名次|排序|占比|比重|占.{0,8}[%]|完成率|进度|目标|计划|任务|预期|预计|预测|(?:上|去)年(?:同期)?(?:数|值)?$|"
    r"同期数|增减|增量|增加额|增长额|百分点|序号|备注|说明|联系|电话|贡献率|拉动|构成|年均|名义|^No\.?$|^note$|两年平均"
)
_PROMISES = re.compile(r"目标|计划|任务|预期|预计|预测")
_GROWTH = re.compile(
    r"(?:按?(?:可比价格?|不变价格?)(?:计算)?|实际|累计|同比|(?:比|较)(?:上|去)年(?:同期)?|同期)*"
    r"(?:增速|增长率|增长速度|增幅|增长|同比|±)[±%]*$"
)
_LEVEL = re.compile(
    r"(?:本年|本期|当年|年初以来)?(?:累计)?(?:总量|绝对[值量数额]|数[值额量]|总额|总值|实际完成|完成[额数值]?|实绩|实际值|累计[值数]?|"
    r"本期数?|现价|当年价|金额|指标值)"
)
_NEUTRAL = re.compile(r"(?:国民)?(?:主要)?(?:经济)?(?:社会)?(?:发展)?(?:统计)?指标(?:名称)?|项目|单位|数据|情况|其中")
_NEUTRAL_IN_BRACKETS = re.compile(r"现价|当年价格?|累计|单位|按?(?:可比|不变)价格?(?:计算)?|±|本期|总量|绝对值")
_TITLE_WORDS = re.compile(
    r"甘肃省?|全省|全[市州]|各|分|县域|县区|市州|县\(?市?[、,]?区?\)?|市县|主要|完成|情况|统计|核算|结果|一览|汇总|月报|季报|年报|表|"
    r"数据|及其?增速|和增速|附[:件]?\d*|[《》\s:、-]|\(\)"
)
_AMOUNT = re.compile(
    r"^(?:累计|现价|当年价)|(?:总量|绝对[值量数额]|累计[值数]?|(?:实际)?完成[额数值]?|现价|当年价|本期数?)$"
)
_NOTE = re.compile(r"\s*(?:注|备注|说明|附注|(?:资料|数据)?来源|续表|第\d+页)")
_STATED = re.compile(
    r"初步(?:核算|统计|汇总)?(?:数据?|结果)?|快报数?|统一核算(?:数|结果)?|最终核实(?:数|结果)?|核定数|年报数"
)
_YET_TO_COME = re.compile(r"为准|届时|待|将|后续|非|不是|以后")  # 最终数以年报核实数为准 says nothing of these figures
_WITHIN = re.compile(r"所在|所属|隶属|辖")
_NUMBERED = re.compile(r"^(?:其中[:,]?|#|\d{1,2}[.、]|[一二三四五六七八九十]、)+")
_UNIT_LAST = re.compile(r"(.+?)[:_/,-]?([亿万千百兆吉]+[元人瓦]|%|元)")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+")
_UNIT_AFTER = re.compile(r"^(.*?\d)\s*(%|[亿万千百兆吉]*[元人瓦]|[亿万]|[MGk]W)$")
_DATE = re.compile(r"((?:19|20)\d\d)(?:[年/.-](\d{1,2})(?:[月/.-](\d{1,2})?)?|(\d\d)(\d\d))?[年月日]?")


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
    """Something the reader did that the user should know: rows left out, hidden columns read."""

    sheet: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.sheet}\uff1a{self.zh} / {self.en}" if self.sheet else f"{self.zh} / {self.en}"


@dataclass(frozen=True)
class Reading:
    """What a file says: its rows, every fault, and remarks; with a fault nothing can be accepted.

    `indicators` are those the file adds. `refused` says that the file was not opened, or not to its end, for the one
    fault that is listed.
    """

    name: str
    sha256: str
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Remark, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    refused: bool = False

    @property
    def ok(self) -> bool:
        """Whether it can be compared and accepted."""
        return not self.faults and bool(self.rows or self.indicators)


class _Wrong(ValueError):
    """What is wrong and how to mend it; whoever catches it knows the cell."""

    def __init__(self, zh: str, en: str, mend_zh: str = "", mend_en: str = "") -> None:
        super().__init__(zh)
        self.words = (zh, en, mend_zh, mend_en)


def read_file(
    source: Path | str | bytes,
    name: str | None = None,
    *,
    indicators: Mapping[str, Indicator] | None = None,
    period: str = "",
    citation: str = "",
    status: str = "",
    today: date | None = None,
) -> Reading:
    """Read a file of figures. Nothing is stored.

    Parameters
    ----------
    source : path or bytes
    name : str, optional
        The file's name; needed with bytes.
    indicators : mapping, optional
        Known indicators by id, as of `Store.indicators`; by default those shipped.
    period, citation, status : str
        Taken where the file does not say the period, the source, or the status of its figures.
    today : date, optional
        Periods that end later are errors: nobody can know their figures.

    Returns
    -------
    Reading
        Also for a hostile file, which is then `refused`.

    Raises
    ------
    ValueError
        When `period` or `status` cannot be read: the caller's mistake, not the file's.
    """
    name = name or (Path(source).name if not isinstance(source, bytes) else "")
    default = _default_period(period)
    if status and status not in STATUSES:
        said = "、".join(STATUSES)
        raise ValueError(f"状态“{status}”应为{said}之一 / status {status!r} must be one of {', '.join(STATUSES)}")
    from targets.carry_csv import read_back

    known, today = indicators if indicators is not None else shipped_indicators(), today or now_in_china().date()
    try:
        data = content(source)
        if name.lower().endswith(".csv") and (back := read_back(data, name, known, today)):
            return back
        data, sheets = read_sheets(data, name)
    except Refused as error:
        sha = hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else ""
        return Reading(name, sha, faults=(Fault("", "", name, error.zh, error.en, "", ""),), refused=True)
    reader = _Reader(
        known,
        default,
        citation or f"导入文件：{name}",
        bool(citation),
        status or UNSTATED,
        today,
    )
    for sheet in sheets:
        if sheet.name in NEW_SHEETS:
            reader.new_indicators(sheet)
    for sheet in sheets:
        if sheet.name not in NEW_SHEETS:
            reader.read(sheet)
    rows = reader.finish()
    return Reading(
        name,
        hashlib.sha256(data).hexdigest(),
        tuple(rows),
        tuple(reader.faults),
        tuple(reader.remarks),
        tuple(reader.added),
    )


def _default_period(period: str) -> str:
    try:
        found = read_period(period) if period else ""
    except Unclear:
        found = None
    if found is None:
        raise ValueError(
            f"时期“{period}”应如 2024、2025Q3、2025-09 / period {period!r} should be like 2024, 2025Q3, 2025-09"
        )
    return found


@dataclass
class _Column:
    """What the figures of a column are."""

    indicator: Indicator
    period: str | None
    unit: str
    status: str = ""


@dataclass
class _Reader:
    known: Mapping[str, Indicator]
    period: str
    citation: str
    cited: bool
    status: str
    today: date
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    added: list[Indicator] = field(default_factory=list)
    rows: list[tuple[Row, str]] = field(default_factory=list)
    failed: set[int] = field(default_factory=set)  # columns of figures whose header could not be understood
    title: str = ""
    citation_here: str = ""
    sheet: Sheet = field(default_factory=lambda: Sheet("", {}))
    noted: Callable[[_Column], str] = lambda column: ""
    turned: bool = False
    empty: int = 0

    def __post_init__(self) -> None:
        self.names = by_name(self.known.values())

    # Saying what is wrong, and where

    def at(self, row: int, column: int) -> str:
        return address(column, row) if self.turned else address(row, column)

    def fault(self, row: int, column: int, wrong: _Wrong) -> None:
        cell = self.sheet.cells.get((row, column))
        value = cell.text if cell else ""
        value = value if len(value) <= 60 else value[:57] + "…"
        self.faults.append(Fault(self.sheet.name, self.at(row, column), value, *wrong.words))

    def remark(self, zh: str, en: str) -> None:
        self.remarks.append(Remark(self.sheet.name, zh, en))

    def text(self, row: int, column: int) -> str:
        cell = self.sheet.cells.get((row, column))
        return cell.text[:LONGEST].strip() if cell else ""

    # Sheets

    def read(self, sheet: Sheet) -> None:
        """Read one sheet of whatever form."""
        self.sheet, self.turned = sheet, False
        if not sheet.cells:
            return
        if sheet.hidden:
            self.remark("隐藏的工作表\uff0c未读", "a hidden sheet, not read")
            return
        if NOTE_SHEETS.fullmatch(half_width(sheet.name)):
            self.remark("按名称是说明\uff0c未读", "notes by its name, not read")
            return
        if sheet.hidden_rows or sheet.hidden_columns:
            hidden = [str(r) for r in sheet.hidden_rows] + [address(1, c)[:-1] for c in sheet.hidden_columns]
            said = "、".join(hidden[:12]) + ("…" if len(hidden) > 12 else "")
            self.remark(f"隐藏的行列也已读取\uff1a{said}", f"hidden rows and columns were read too: {said}")
        if header := self.long_header():
            self.read_long(*header)
        else:
            self.read_wide()

    def finish(self) -> list[Row]:
        """Return the rows, each key once; two values for one key are a fault."""
        kept: dict[tuple[str, str, str], tuple[Row, str]] = {}
        again: list[str] = []
        other: list[str] = []
        for row, sheet in self.rows:
            first, first_sheet = kept.setdefault(row.key, (row, sheet))
            if first is not row and first.value == row.value:
                (again if (first.status, first.source) == (row.status, row.source) else other).append(row.cell)
            if first.value != row.value:
                where = f"{first_sheet}!{first.cell.rpartition('!')[2]}"
                what = f"{name_of(row.place)} {self.known[row.indicator].zh} {row.period}"
                self.faults.append(
                    Fault(
                        sheet,
                        row.cell.rpartition("!")[2],
                        row.printed,
                        f"{what}已在 {where} 给出另一个数值 {first.printed}",
                        f"{row.place} {row.indicator} {row.period} has another value, {first.printed}, in {where}",
                        "只留一个",
                        "keep one of them",
                    )
                )
        for cells, zh, en in (
            (again, "与前面重复且数值相同\uff0c只存一次", "repeat an earlier figure and are stored once"),
            (
                other,
                "与前面数值相同而状态或来源不同\uff0c以前面的为准",
                "repeat an earlier figure with another status or source; the earlier one is taken",
            ),
        ):
            if cells:
                said = "、".join(cells[:8]) + ("…" if len(cells) > 8 else "")
                self.remarks.append(Remark("", f"{len(cells)}格{zh}\uff1a{said}", f"{len(cells)} cells {en}: {said}"))
        if self.empty:
            self.remarks.append(
                Remark("", f"{self.empty}格没有数据\uff0c未存", f"{self.empty} cells hold no data and are not stored")
            )
        if not kept and not self.faults and not self.added:
            self.faults.append(
                Fault(
                    "",
                    "",
                    "",
                    "没有读到任何数值",
                    "no figure was found",
                    "每行一个县、每列一个指标\uff0c或使用模板",
                    "give each county a row and each indicator a column, or use the template",
                )
            )
        return [row for row, _ in kept.values()]

    def new_indicators(self, sheet: Sheet) -> None:
        """Read the indicators that the user adds."""
        self.sheet = sheet
        columns: dict[str, int] = {}
        for (r, c), cell in sorted(sheet.cells.items()):
            if r == 1 and (name := _NEW_FIELD.get(plain_name(cell.text))):
                columns.setdefault(name, c)
        for row in sorted({r for r, _ in sheet.cells if r > 1}):
            given = {n: half_width(self.text(row, columns[n])) if n in columns else "" for n in NEW_FIELDS}
            wrong = {name: found for name in NEW_FIELDS if (found := _unsound(name, given))}
            for name, what in wrong.items():
                self.fault(row, columns.get(name, 1), what)
            if wrong:
                continue
            filled = {"en": given["zh"], "adds_up": "none", "decimals": "2", "low": "-1e12", "high": "1e12"}
            filled |= {"places": "area"} | {n: v for n, v in given.items() if v}
            filled |= {n: read_written(n, filled[n]) or "" for n in WRITTEN}
            made = from_record({"aliases": ""} | filled | {"unit": read_unit(filled["unit"]) or filled["unit"]})
            if made == self.known.get(made.id):
                continue
            if taken := {n for n in (made.id, made.zh, *made.aliases) if plain_name(n) in self.names}:
                said = "、".join(sorted(taken))
                self.fault(
                    row,
                    columns["zh"],
                    _Wrong(f"指标名“{said}”已被使用", f"the name {said!r} is taken", "另取一名", "choose another"),
                )
                continue
            self.added.append(made)
            self.known = {**self.known, made.id: made}
            self.names = by_name(self.known.values())

    # A row for each value

    def long_header(self) -> tuple[int, dict[str, int]] | None:
        for row in range(1, min(self.sheet.shape[0], 20) + 1):
            found: dict[str, int] = {}
            for column in range(1, min(self.sheet.shape[1], 40) + 1):
                heading = plain_name(re.sub(r"[/|].*", "", self.text(row, column)))
                if heading in _FIELD:
                    found.setdefault(_FIELD[heading], column)
            if {"indicator", "value"} <= found.keys() and found.keys() & {"code", "name"}:
                return row, found
        return None

    def read_long(self, header: int, columns: dict[str, int]) -> None:
        understood: dict[tuple[str, str], _Column] = {}
        for row in sorted({r for r, _ in self.sheet.cells if r > header}):
            value = self.sheet.cells.get((row, columns["value"]))
            place_column = columns.get("code", columns.get("name", 1))
            try:
                place = self.place(self.text(row, columns.get("code", 0)), self.text(row, columns.get("name", 0)))
            except _Wrong as wrong:
                if value and not self.no_data(value):
                    self.fault(
                        row, place_column if self.text(row, place_column) else columns.get("name", place_column), wrong
                    )
                continue
            if value is None or self.no_data(value):
                self.empty += value is not None
                continue
            where = columns["indicator"]
            try:
                heading = self.text(row, where)
                unit = self.text(row, columns.get("unit", 0))
                if (heading, unit) not in understood:
                    read = self.meaning([heading] if heading else [], [unit] if unit else [], [], [])
                    understood[heading, unit] = read
                meaning = replace(understood[heading, unit])
                if place == LANZHOU_NEW_AREA and meaning.indicator.places == "park":
                    place = "P01"
                if place in (TOTAL, LANZHOU_NEW_AREA):
                    self.skipped(place, row)
                    continue
                where = columns.get("period", where)
                if said := self.text(row, columns.get("period", 0)):
                    meaning.period = self.said_period(said)
                self.sound_period(meaning)
                where = columns.get("status", where)
                status = self.said_status(self.text(row, columns.get("status", 0))) or meaning.status
                where = columns["value"]
                extra = {n: self.text(row, columns.get(n, 0)) for n in ("source", "source_url", "note")}
                self.take(row, where, place, replace(meaning, status=status), **extra)
            except _Wrong as wrong:
                self.fault(row, where, wrong)

    def said_period(self, said: str) -> str:
        try:
            found = read_period(said)
        except Unclear as unclear:
            raise _Wrong(unclear.zh, unclear.en, "一行一个时期", "give each row one period") from unclear
        if not found:
            raise _Wrong(
                "认不出时期",
                "the period cannot be read",
                "写作 2024、2025Q3 或 2025-09",
                "write 2024, 2025Q3 or 2025-09",
            )
        return found

    def said_status(self, said: str) -> str:
        plain = half_width(said)
        plain = STATUS_WORDS.get(plain, plain)
        if plain and plain not in STATUSES:
            raise _Wrong(
                "认不出状态",
                "the status is not known",
                f"写{'、'.join(STATUSES)}之一",
                f"write one of {', '.join(STATUSES)}",
            )
        return plain

    # A row, or a column, for each county

    def read_wide(self) -> None:
        found = self.place_column()
        if found is None:
            self.remark("没有县名\uff0c未读", "no county is named, not read")
            return
        names, codes = found
        rows = [r for r in range(1, self.sheet.shape[0] + 1) if self.names_place(r, names, codes)]
        words = [r for r in range(1, rows[-1]) if self.heads(r, names)]
        start = words[0] if words else 0
        first = next(r for r in range(start + 1, rows[-1] + 1) if r in rows or self.like_data(r, names or codes))
        top = start or max(first - 1, 1)
        place_columns = {names, codes} - {0}
        if self.turned:  # what stands above the row of counties is the title, not a column of figures
            place_columns |= set(range(1, names))
        top = max(top, first - DEEPEST)
        while top > 1 and first - top < DEEPEST and self.is_header(top - 1, place_columns):
            top -= 1
        header = range(top, first)
        preface = [
            half_width(self.text(r, c))
            for r in range(max(1, top - 20), top)
            for c in range(1, self.sheet.shape[1] + 1)
            if self.text(r, c)
        ]
        if self.turned:
            preface += [
                half_width(self.text(r, c)) for r in range(1, first) for c in range(1, names) if self.text(r, c)
            ]
        last = rows[-1]
        below = [self.text(*key) for key in sorted(self.sheet.cells) if key[0] > last]
        for line in (*preface, *below):
            if (cited := re.match(r"\s*(?:资料|数据)?来源[:：]\s*(.+)", line)) and not self.cited:
                self.citation_here = cited[1].strip()
        title, units, status, wrong = self.read_preface(preface)
        self.noted = self.read_notes(below)
        if wrong is not None:
            at = next((key for key in sorted(self.sheet.cells) if key[0] < max(top, 2)), (1, 1))
            self.fault(*at, wrong)
            return
        columns = self.columns(header, first, last, place_columns, title, units, status)
        self.merged_figures(first, columns)
        skipped: list[str] = []
        for row in range(first, self.sheet.shape[0] + 1):
            self.read_row(row, names, codes, columns, skipped)
        if skipped:
            said = "、".join(skipped[:8]) + ("…" if len(skipped) > 8 else "")
            self.remark(
                f"合计、说明等{len(skipped)}行未存\uff1a{said}",
                f"{len(skipped)} rows of totals or notes not stored: {said}",
            )
        self.citation_here = ""

    def place_column(self) -> tuple[int, int] | None:
        """Return the columns of names and of codes (0: none); turn the sheet when the counties stand in a row."""
        by_column: dict[int, int] = {}
        by_row: dict[int, int] = {}
        coded: dict[int, int] = {}
        for (row, column), cell in self.sheet.cells.items():
            if isinstance(cell.value, Decimal) and (cell.value < 100_000 or cell.value % 1):
                continue
            place = read_place(cell.text) if len(cell.text) < 40 else None
            if place is None or place == TOTAL:
                continue
            if re.fullmatch(r"[\d.\s]+", half_width(cell.text)):
                coded[column] = coded.get(column, 0) + 1
                continue
            # A county weighs more than a prefecture, whose name may stand before each of its counties.
            weight = 100 if place in parks() or (place[4:] != "00" and place != LANZHOU_NEW_AREA) else 1
            by_column[column] = by_column.get(column, 0) + weight
            by_row[row] = by_row.get(row, 0) + weight
        best_column = max(by_column, key=lambda c: (by_column[c], -c), default=0)
        best_row = max(by_row, key=lambda r: (by_row[r], -r), default=0)
        if best_row and by_row[best_row] > by_column.get(best_column, 0) and not self.turned:
            self.sheet, self.turned = self.sheet.turned(), True
            return self.place_column()
        if not best_column:
            best = max(coded, key=lambda c: (coded[c], -c), default=0)
            # A lone six-digit number may be a figure: a column of codes says that it is one.
            return (0, best) if best and (coded[best] > 2 or self.heads_codes(best)) else None
        codes = next((c for c in sorted(coded) if c < best_column and self.heads_codes(c)), 0) or next(
            (c for c in sorted(coded) if self.heads_codes(c)), 0
        )
        # Figures of a second block would be taken for those of the first.
        beside = [
            (r, c)
            for (r, c), cell in self.sheet.cells.items()
            if c not in (best_column, codes)
            and (r, best_column) in self.sheet.cells
            and self.county(cell)
            and self.county(self.sheet.cells[r, best_column])
            and not any(_WITHIN.search(self.text(above, c)) for above in range(max(1, r - 100), r))
        ]
        if beside:
            row, column = min(beside)
            self.fault(
                row,
                column,
                _Wrong(
                    "一张表里有两列县名",
                    "a table with two columns of county names",
                    "把并排的两栏改成上下一栏\uff0c再导入",
                    "put the second block below the first",
                ),
            )
            return None
        return best_column, codes

    def county(self, cell: Cell) -> bool:
        place = read_place(cell.text) if isinstance(cell.value, str) and len(cell.text) < 40 else None
        return place is not None and place[4:] != "00" and place != TOTAL and not cell.text.strip().isdecimal()

    def heads_codes(self, column: int) -> bool:
        return any("代码" in self.text(r, column) or "code" in self.text(r, column).lower() for r in range(1, 12))

    def names_place(self, row: int, names: int, codes: int) -> bool:
        return any(c and self.text(row, c) and read_place(self.text(row, c)) for c in (names, codes))

    def heads(self, row: int, column: int) -> bool:
        said = re.sub(r"\s", "", half_width(self.text(row, column or 1)))
        return bool(_PLACE_WORD.fullmatch(said)) and not read_place(said)

    def like_data(self, row: int, column: int) -> bool:
        """Whether a row has a name, if an unknown one, and a figure; not a heading's year."""
        if not self.text(row, column) or self.heads(row, column):
            return False
        return any(
            isinstance(cell.value, Decimal) or _NUMBER.fullmatch(half_width(cell.text))
            for c in range(column + 1, self.sheet.shape[1] + 1)
            if (cell := self.sheet.cells.get((row, c)))
        )

    def is_header(self, row: int, place_columns: set[int]) -> bool:
        """Whether a row above the headings belongs to them: it says more than one thing, over the figures."""
        said = [
            self.text(row, c) for c in range(1, self.sheet.shape[1] + 1) if c not in place_columns and self.text(row, c)
        ]
        aside = [c for (r, c) in self.sheet.cells if r == row and _ASIDE_ROW.search(half_width(self.text(r, c)))]
        return len(said) > 1 and not aside

    def read_preface(self, lines: Sequence[str]) -> tuple[Period | Unclear, list[str], str, _Wrong | None]:
        """Return the period, units and status that the lines over the table say, and whether it is a table of plans."""
        units: list[str] = []
        status = ""
        said = []
        for line in lines:
            plain = _MADE.sub("", line)
            for found in re.finditer(r"(?:计量)?单位[:]?\s*([^()]*)", plain):
                units += [u for part in re.split(r"[、,;和及\s]", found[1]) if (u := self.unit(part))]
            for brackets in re.findall(r"\(([^()]*)\)", plain):
                parts = re.split(r"[、,;和及\s]", brackets)
                units += [u for part in parts if (u := self.unit(part))]
                status = status or next((s for part in parts if (s := STATUS_WORDS.get(part, part)) in STATUSES), "")
            said.append(plain)
        title = "  ".join(said)
        self.title = title
        wrong = None
        if _PROMISES.search(title) and "完成" not in title:
            wrong = _Wrong(
                "标题说这是目标或计划\uff0c不是已实现的数",
                "the title says targets or plans, not what was reached",
                "只导入实际数\uff1b若确是实际数\uff0c请改标题",
                "import outcomes only; if these are outcomes, change the title",
            )
        period: Period | Unclear
        try:
            period, _ = find_period(title)
            if period.year is None:
                in_name, _ = find_period(self.sheet.name)
                period = Period(in_name.year, period.part or in_name.part)
        except Unclear as unclear:
            period = unclear
        return period, list(dict.fromkeys(units)), status, wrong

    def columns(
        self,
        header: range,
        first: int,
        last: int,
        place_columns: set[int],
        title: Period | Unclear,
        units: list[str],
        status: str,
    ) -> dict[int, _Column]:
        """Return what each column of figures is; a column that cannot be understood is a fault, if it has figures."""
        self.failed = set()
        spread = self.spread(header)
        found: dict[int, _Column] = {}
        ignored: list[str] = []
        beside: list[str] = []
        for column in range(1, self.sheet.shape[1] + 1):
            if column in place_columns:
                continue
            own = [(r, spread.get((r, column), "")) for r in header]
            pieces = [text for n, (_, text) in enumerate(own) if text and text != (own[n - 1][1] if n else "")]
            cells = [self.sheet.cells.get((r, column)) for r in range(first, last + 1)]
            filled = [cell for cell in cells if cell and not self.no_data(cell)]
            figures = [
                cell
                for cell in filled
                if not isinstance(cell.value, str) or re.search(r"\d", cell.text) or cell.trouble
            ]
            path = "".join(pieces)
            if not filled:
                continue
            if pieces and (
                _IGNORED.search(re.sub(r"\s", "", half_width(path))) or not figures or self.placing(path, filled)
            ):
                ignored.append(f"{self.at(header[-1] if header else 1, column)}“{path[:20]}”")
                continue
            at = next((r for r in reversed(header) if self.text(r, column)), header[-1] if header else first)
            try:
                if not pieces:
                    raise _Wrong(
                        "这一列没有表头",
                        "the column has no header",
                        "在表头写指标名和单位\uff0c如 地区生产总值（亿元）",
                        "name the indicator and unit above it",
                    )
                wider = self.filled(own, header, column)
                amount = found.get(column - 1)
                growth = amount and amount.indicator.kind in ("cumulative", "level") and self.bare_growth(pieces, wider)
                if amount and growth:
                    meaning = self.meaning([amount.indicator.zh, *pieces], [], units, [])
                    period = (
                        self.column_period(pieces, title, meaning.indicator) if self.dated(pieces) else amount.period
                    )
                    beside.append(f"{self.at(at, column)}“{path[:20]}”→{meaning.indicator.zh}")
                else:
                    meaning = self.meaning(pieces, [], units, wider)
                    period = self.column_period(pieces, title, meaning.indicator)
                meaning = replace(meaning, period=period, status=meaning.status or status)
                self.sound_period(meaning)
                meaning.status = meaning.status or self.noted(meaning)
                self.look_alike(meaning, figures, at, column)
                found[column] = meaning
            except _Wrong as wrong:
                self.failed.add(column)
                self.fault(at, column, wrong)
        if beside:
            said = "、".join(beside[:8]) + ("…" if len(beside) > 8 else "")
            self.remark(
                f"只写增速的列\uff0c按左边一列的指标读\uff1a{said}",
                f"columns that say only growth are read as that of the amount at their left: {said}",
            )
        if ignored:
            said = "、".join(ignored[:10]) + ("…" if len(ignored) > 10 else "")
            self.remark(f"未读的列\uff1a{said}", f"columns not read: {said}")
        return found

    def bare_growth(self, pieces: Sequence[str], wider: Sequence[str]) -> bool:
        """Whether a header says growth and not of what, and nothing to be read over it does."""
        if list(wider) != list(pieces) and any(self.rest_of(piece) for piece in wider):
            return False
        rests = [self.rest_of(piece) for piece in pieces]
        return not any(rests) and any(_GROWTH.search(self.undated(piece)) for piece in pieces)

    def rest_of(self, piece: str) -> str:
        """Return what a heading says besides its unit, its period, and that it is growth."""
        return _GROWTH.sub("", self.undated(piece))

    def undated(self, piece: str) -> str:
        whole, _, _ = self.brackets(_NUMBERED.sub("", re.sub(r"\s", "", half_width(piece))))
        try:
            _, rest = find_period(whole)
        except Unclear:
            return whole
        return "" if self.unit(rest) else rest

    def dated(self, pieces: Sequence[str]) -> bool:
        """Whether a header itself names a period."""
        try:
            period, _ = find_period(" ".join(pieces))
        except Unclear:
            return True
        return period.year is not None or period.part is not None

    def read_notes(self, lines: Sequence[str]) -> Callable[[_Column], str]:
        """Return the status that the notes below a table give a column: 注：2024年地区生产总值为初步核算数."""
        rules: list[tuple[str, set[str], set[str]]] = []
        for line in lines:
            if not _NOTE.match(line):
                continue
            for clause in re.split(r"[。;\uff1b,\uff0c]", half_width(line)):
                words = set() if _YET_TO_COME.search(clause) else set(_STATED.findall(clause))
                stated = {"核定" if re.match("最终|核定|年报", word) else "初步" for word in words}
                if len(stated) != 1:
                    continue
                plain = plain_name(clause)
                spoken = {
                    one.zh: one
                    for name, one in self.names.items()
                    if (name == "gdp" or not name.isascii()) and len(name) > 1 and name in plain
                }
                grown = {found.id for zh in spoken if (found := self.indicator(zh, True))}
                named = {one.id for one in spoken.values()} | grown
                years = set(re.findall(r"(?<!\d)((?:19|20)\d\d)(?=年)", clause))
                rules.append((stated.pop(), named, years))
                said = max(words, key=len)
                self.remark(
                    f"表下的注写明“{said}”\uff0c状态记为{rules[-1][0]}\uff1a{line.strip()[:40]}",
                    f"the note below the table says {said}: the status is taken as {rules[-1][0]}",
                )

        def status(column: _Column) -> str:
            fit = {
                said
                for said, named, years in rules
                if (not named or column.indicator.id in named) and (not years or str(column.period)[:4] in years)
            }
            return fit.pop() if len(fit) == 1 else ""

        return status

    def spread(self, header: range) -> dict[tuple[int, int], str]:
        """Return the header's texts, those of merged cells over all they cover."""
        found = {(r, c): self.text(r, c) for r, c in self.sheet.cells if r in header}
        for top, left, bottom, right in self.sheet.merged:
            if top in header and (text := self.text(top, left)):
                found |= {(r, c): text for r in range(top, bottom + 1) for c in range(left, right + 1) if r in header}
        return found

    def filled(self, own: list[tuple[int, str]], header: range, column: int) -> list[str]:
        """Return the header's texts with those from the left, where cells look merged but are not, as in any CSV."""
        pieces = []
        for row, text in own[:-1]:
            while not text and column > 1 and not self.inside_merge(row, column):
                column -= 1
                text = self.text(row, column)
            pieces.append(text)
        return [text for text in (*pieces, own[-1][1]) if text] if own else []

    def inside_merge(self, row: int, column: int) -> bool:
        return any(t <= row <= b and left <= column <= r for t, left, b, r in self.sheet.merged)

    def placing(self, path: str, cells: Sequence[Cell]) -> bool:
        """Whether a column only says where: prefectures, codes."""
        texts = [cell.text for cell in cells if isinstance(cell.value, str)]
        return bool(_PLACE_WORD.fullmatch(re.sub(r"\s", "", half_width(path)))) or (
            len(texts) == len(cells) and all(map(read_place, texts))
        )

    def column_period(self, pieces: Sequence[str], title: Period | Unclear, indicator: Indicator) -> str | None:
        try:
            own, _ = find_period(" ".join(pieces))
        except Unclear as unclear:
            raise _Wrong(unclear.zh, unclear.en, "一列一个时期", "give each column one period") from unclear
        if own.year and own.part:
            return own.text()
        if isinstance(title, Unclear):
            if own.year:
                return own.text()
            raise _Wrong(
                f"标题的时期不明确\uff08{title.zh}\uff09",
                f"the title's period is not clear ({title.en})",
                "在表头写明时期\uff0c如 2025年前三季度",
                "write the period in the header, as 2025Q3",
            )
        if own.year or own.part == "Y":
            if title.part not in (None, "Y"):
                # 2024年 in a table of the third quarter: the whole year, or its first three quarters?
                raise _Wrong(
                    "表头只写年份\uff0c而标题写的是季或月",
                    "the header names a year, the title a part of one",
                    "把表头写全\uff0c如 2024年前三季度 或 2024年全年",
                    "write it in full: 2024Q3, or 2024全年 for the whole year",
                )
            return Period(own.year or title.year, own.part).text() or None
        if own.part:
            return Period(title.year, own.part).text()
        return title.text()

    def sound_period(self, column: _Column) -> None:
        column.period = column.period or self.period or None
        if column.period is None:
            if column.indicator.kind == "date":
                return
            raise _Wrong(
                "没有说明时期",
                "no period is given",
                "在标题或表头写时期\uff0c如 2025年三季度\uff0c或在导入时选定",
                "write it in the title or header, as 2025Q3, or choose it on import",
            )
        if not FORM.fullmatch(column.period) or begins(column.period) > self.today:
            raise _Wrong(
                f"时期 {column.period} 还没有到",
                f"the period {column.period} is still to come",
                "核对年份",
                "check the year",
            )
        # A road may open within a year that has not ended; a year's product cannot be known before.
        if column.indicator.kind != "date" and (last := ends(column.period)) > self.today:
            raise _Wrong(
                f"时期 {column.period} 到{last.year}年{last.month}月{last.day}日才结束\uff0c现在还不会有这个时期的数",
                f"the period {column.period} ends on {last.isoformat()}: its figures cannot be known yet",
                "若是年内累计数\uff0c写明季或月\uff0c如 2025Q3、2025-09\uff1b若是预计数\uff0c不要导入",
                "if they run to a quarter or month, say which, as 2025Q3 or 2025-09; do not import expected figures",
            )

    def look_alike(self, column: _Column, cells: Sequence[Cell], row: int, at: int) -> None:
        """Point out a column of per cent that looks like shares of one."""
        numbers = [c.value for c in cells if isinstance(c.value, Decimal) and not c.percent]
        if column.unit == "%" and len(numbers) > 4 and all(abs(n) < 1 for n in numbers) and any(numbers):
            where = self.at(row, at)
            self.remark(
                f"{where} 列的百分数都小于1\uff0c请核对是否少乘了100\uff08如 0.065 应为 6.5\uff09",
                f"all per cents of column {where} are below 1: check that 6.5 is not written as 0.065",
            )

    def merged_figures(self, first: int, columns: Mapping[int, _Column]) -> None:
        """A figure over several merged cells belongs to no one county."""
        for top, left, bottom, right in self.sheet.merged:
            inside = bottom >= first and any(left <= c <= right for c in columns)
            if inside and (top, left) in self.sheet.cells and (bottom > top or right > left):
                if left not in columns or self.no_data(self.sheet.cells[top, left]):
                    continue
                self.fault(
                    top,
                    left,
                    _Wrong(
                        "合并单元格里的数不知属于哪个县",
                        "a figure in merged cells belongs to no one county",
                        "取消合并\uff0c逐格填写",
                        "unmerge, and fill in each cell",
                    ),
                )
                del self.sheet.cells[top, left]

    def read_row(self, row: int, names: int, codes: int, columns: Mapping[int, _Column], skipped: list[str]) -> None:
        code, name = self.text(row, codes), self.text(row, names)
        here = ((c, self.sheet.cells.get((row, c))) for c in (*columns, *self.failed))
        figures = [c for c, cell in here if cell is not None and not self.no_data(cell)]
        if not name and not code:
            # 兰州市 | (nothing) | 3311.2: the prefecture's name stands in the column before.
            name = next(
                (t for c in range(1, min(columns, default=1)) if (t := self.text(row, c)) and read_place(t)), ""
            )
        try:
            place = self.place(code, name)
        except _Wrong as wrong:
            alone = [text for c in range(1, self.sheet.shape[1] + 1) if (text := self.text(row, c))]
            if not figures or (not name and len(alone) == 1 and _NOTE.match(alone[0])):
                said = name or next(
                    (self.text(row, c) for c in range(1, self.sheet.shape[1] + 1) if self.text(row, c)), ""
                )
                skipped += [said[:16]] if said else []
            elif self.heads(row, names):
                self.fault(
                    row,
                    names or codes,
                    _Wrong(
                        "表中间又出现表头",
                        "a second header inside the table",
                        "一张工作表只放一张表",
                        "give each table its own sheet",
                    ),
                )
            else:
                self.fault(row, (names if name else codes) or names or codes, wrong)
            return
        if place in (TOTAL, LANZHOU_NEW_AREA):
            if place != LANZHOU_NEW_AREA or not any(
                columns[c].indicator.places == "park" for c in figures if c in columns
            ):
                skipped.append((name or code)[:16])
                return
            place = "P01"
        for column in columns:
            cell = self.sheet.cells.get((row, column))
            if cell is None or self.no_data(cell):
                self.empty += 1
                continue
            try:
                self.take(row, column, place, columns[column])
            except _Wrong as wrong:
                self.fault(row, column, wrong)

    # Places, meanings, numbers

    def place(self, code: str, name: str) -> str:
        """Return the place that code and name say alike."""
        by_code = read_place(code) if code else None
        named = read_place(name) if name else None
        if code and by_code is None and read_place(name) != TOTAL:
            raise _Wrong(
                f"“{code[:20]}”不是甘肃的县区代码",
                f"{code[:20]!r} is no code of a county of Gansu",
                "核对代码",
                "check the code",
            )
        if name and named is None and not by_code:
            may = meant(name)
            raise _Wrong(
                f"认不出“{name[:20]}”是哪个县",
                f"no county is known by the name {name[:20]!r}",
                f"是{'还是'.join(may)}\uff1f写全称或代码" if may else "写全称或代码",
                f"is it {' or '.join(may)}? Write its full name or code" if may else "write its full name or code",
            )
        if name and by_code and named is None and by_code not in [p for p in areas() if name_of(p) in meant(name)]:
            raise _Wrong(
                f"代码是{name_of(by_code)}\uff0c县名却是“{name[:20]}”",
                f"the code is of {by_code}, the name {name[:20]!r}",
                "改正其一",
                "correct one of them",
            )
        if by_code and named and by_code != named:
            raise _Wrong(
                f"代码是{name_of(by_code)}\uff0c县名却是{name[:20]}",
                f"the code is of {by_code}, the name of {named}",
                "改正其一",
                "correct one of them",
            )
        place = by_code or named
        if place is None:
            raise _Wrong("这一行没有县名", "the row names no county", "写上县名或代码", "write its name or code")
        return place

    def skipped(self, place: str, row: int) -> None:
        self.remark(
            f"第{row}行{name_of(place) if place != TOTAL else '合计'}未存",
            f"row {row} is a total or no county: not stored",
        )

    def unit(self, text: str) -> str | None:
        plain = re.sub(r"^单位[:]?", "", half_width(text))
        return read_unit(plain) or next((i.unit for i in self.known.values() if i.unit == plain), None)

    def meaning(
        self, pieces: Sequence[str], own_units: Sequence[str], units: Sequence[str], wider: Sequence[str]
    ) -> _Column:
        """Return what a header, from its top to its foot, says; `wider` is the header filled from the left."""
        try:
            return self._meaning(pieces, own_units, units)
        except _Wrong:
            if wider and list(wider) != list(pieces):
                return self._meaning(wider, own_units, units)
            raise

    def _meaning(self, pieces: Sequence[str], own_units: Sequence[str], units: Sequence[str]) -> _Column:
        texts: list[str] = []
        said: list[str] = []
        growth, status = False, ""
        for piece in pieces:
            whole, found, stated = self.brackets(_NUMBERED.sub("", re.sub(r"\s", "", half_width(piece))))
            status = stated or status
            if plain_name(whole) in self.names:  # before anything is taken from it: 年末常住人口 is a name
                said = found or said
                texts.append(whole)
                continue
            try:
                _, rest = find_period(whole)
            except Unclear as unclear:
                raise _Wrong(unclear.zh, unclear.en, "一列一个时期", "give each column one period") from unclear
            if unit := self.unit(rest):
                found, rest = [unit], ""
            elif (tail := _UNIT_LAST.fullmatch(rest)) and self.indicator(tail[1], False):
                found, rest = [self.unit(tail[2]) or tail[2]], tail[1]
            if _GROWTH.search(rest):
                growth, said = True, []  # the unit over it is that of the amounts
                rest = _GROWTH.sub("", rest)
            said = found or said
            if _LEVEL.fullmatch(rest) or _NEUTRAL.fullmatch(rest):
                rest = ""
            if rest:
                texts.append(rest)
        indicator = self.indicator("".join(texts), growth)
        if indicator is None and not texts:
            indicator = self.title_indicator(growth)
        if indicator is None:
            raise self.unknown("".join(texts), growth)
        return _Column(indicator, None, self.chosen_unit(indicator, own_units, said, units), status)

    def brackets(self, text: str) -> tuple[str, list[str], str]:
        """Take from a heading the brackets that hold units or a status."""
        units: list[str] = []
        status = ""

        def one(m: re.Match[str]) -> str:
            nonlocal status
            if unit := self.unit(m[1]):
                units.append(unit)
                return ""
            parts = [p for p in re.split(r"[、,;/和及]", m[1]) if p]
            for part in parts:
                if not (
                    self.unit(part) or _NEUTRAL_IN_BRACKETS.fullmatch(part) or STATUS_WORDS.get(part, part) in STATUSES
                ):
                    return m[0]
            units.extend(u for p in parts if (u := self.unit(p)))
            status = next((s for p in parts if (s := STATUS_WORDS.get(p, p)) in STATUSES), status)
            return ""

        return (
            re.sub(r"\(([^()]*)\)|\[([^\[\]]*)\]", lambda m: one(m) if m[1] is not None else m[0], text),
            units,
            status,
        )

    def indicator(self, text: str, growth: bool) -> Indicator | None:
        plain = plain_name(text)
        if not plain:
            return None
        for name in dict.fromkeys((plain, _AMOUNT.sub("", plain))):
            found = self.names.get(name + ("增速" if growth else ""))
            if found is not None and name:
                return found
        return None

    def title_indicator(self, growth: bool) -> Indicator | None:
        try:
            _, title = find_period(self.title)
        except Unclear:
            title = re.sub(r"(?:19|20)\d\d年?", "", self.title)
        plain, _, _ = self.brackets(re.sub(r"\s", "", title))
        plain = re.sub(r"(?:计量)?单位:.*", "", plain)
        plain = _TITLE_WORDS.sub("", plain)
        if plain_name(plain) not in self.names and _GROWTH.search(plain):
            plain, growth = _GROWTH.sub("", plain), True
        return self.indicator(plain, growth)

    def unknown(self, text: str, growth: bool) -> _Wrong:
        if not text:
            return _Wrong(
                "没有说明是什么指标",
                "no indicator is named",
                "在表头或标题写指标名",
                "name the indicator in the header or the title",
            )
        near = difflib.get_close_matches(plain_name(text), [n for n in self.names if not n.isascii()], n=2, cutoff=0.5)
        what = f"{text[:30]}{'增速' if growth else ''}"
        return _Wrong(
            f"不认识指标“{what}”",
            f"the indicator {what!r} is not known",
            (f"是{'还是'.join(near)}\uff1f" if near else "") + "改用指标表里的名称\uff0c或先新增指标\uff0c或删去此列",
            "use a name of the list of indicators, or add the indicator first, or delete the column",
        )

    def chosen_unit(self, indicator: Indicator, own: Sequence[str], said: Sequence[str], above: Sequence[str]) -> str:
        read = [self.unit(u) or u for u in own]
        for units, mine in ((read, True), (said, True), (above, False)):
            if not mine and indicator.adds_up != "sum":
                # 单位：亿元 over a table is not meant for its incomes per person.
                units = [u for u in units if u == indicator.unit]
            fit = [
                u
                for u in dict.fromkeys(units)
                if u == indicator.unit or convert(Decimal(1), u, indicator.unit) is not None
            ]
            if len(fit) > 1:
                raise _Wrong(
                    f"单位不明确\uff1a{'、'.join(fit)}",
                    f"which unit: {' or '.join(fit)}?",
                    "在表头写明这一列的单位",
                    "write this column's unit in its header",
                )
            if fit:
                return fit[0]
            if units and mine:
                zh, en = f"应为{indicator.unit}一类的单位", f"it must be {indicator.unit} or what converts to it"
                if "%" in units and plain_name(indicator.zh + "增速") in self.names:
                    zh, en = f"若是增速\uff0c表头写“{indicator.zh}增速（%）”", "if it is growth, say so in the header"
                raise _Wrong(
                    f"{indicator.zh}的单位不能是{'、'.join(units)}",
                    f"{indicator.en} cannot be in {', '.join(units)}",
                    zh,
                    en,
                )
        family = FAMILY.get(indicator.unit)
        if family is None or len(FAMILIES[family]) == 1:
            return indicator.unit
        raise _Wrong(
            f"没有说明{indicator.zh}的单位",
            f"the unit of {indicator.en} is not given",
            f"在表头写单位\uff0c如 {indicator.zh}（{indicator.unit}）",
            f"write it in the header, as {indicator.zh}({indicator.unit})",
        )

    def no_data(self, cell: Cell) -> bool:
        return (
            isinstance(cell.value, str)
            and not cell.trouble
            and re.sub(r"\s", "", half_width(cell.value)).lower() in NO_DATA
        )

    def take(self, row: int, column: int, place: str, meaning: _Column, **extra: str) -> None:
        """Store one figure as a row, or raise what is wrong with it."""
        cell, indicator = self.sheet.cells[row, column], meaning.indicator
        if (indicator.places == "park") != (place in parks()):
            raise _Wrong(
                f"{indicator.zh}是{'园区' if indicator.places == 'park' else '县市'}的指标\uff0c不属于{name_of(place)}",
                f"{indicator.en} is not an indicator of {place}",
                "核对指标",
                "check the indicator",
            )
        period = meaning.period
        if indicator.kind == "date":
            number, unit = Decimal(_day(cell)), indicator.unit
            if number > self.today.year * 10000 + self.today.month * 100 + self.today.day:
                raise _Wrong(
                    "这个日期还没有到",
                    "the day is still to come",
                    "只导入已通车的\uff0c核对日期",
                    "import only what has opened; check the day",
                )
            period = period or str(number)[:4]
        else:
            number, unit = _number(cell, meaning.unit)
        converted = convert(number, unit, indicator.unit)
        if converted is None:
            raise _Wrong(
                f"{indicator.zh}的单位不能是{unit}",
                f"{indicator.en} cannot be in {unit}",
                f"应为{indicator.unit}一类的单位",
                f"it must be {indicator.unit} or what converts to it",
            )
        _possible(indicator, converted)
        cited = extra.get("source") or self.citation_here or self.citation
        where = f"{self.sheet.name}!{self.at(row, column)}"
        assert period is not None
        self.rows.append(
            (
                Row(
                    place,
                    indicator.id,
                    period,
                    float(converted),
                    indicator.unit,
                    meaning.status or self.status,
                    cited,
                    extra.get("source_url", ""),
                    extra.get("note", ""),
                    where,
                    cell.text.strip() + ("" if unit in cell.text or unit == "日期" else f" {unit}"),
                ),
                self.sheet.name,
            )
        )


def _number(cell: Cell, unit: str) -> tuple[Decimal, str]:
    """Return the exact number in a cell, and its unit: the column's, unless the cell names its own."""
    troubles = {
        "formula": (
            "这里是公式\uff0c不收",
            "a formula is not taken",
            "复制后“选择性粘贴—数值”再导入",
            "copy, paste as values, import again",
        ),
        "error": (
            "这里是错误值",
            "the cell holds an error",
            "改成数字\uff0c没有数据就留空",
            "write a number, or leave it empty",
        ),
        "scaled": (
            "单元格格式把数缩小显示\uff0c所见不是所存",
            "the cell's format shows another number than it holds",
            "把格式改为“常规”\uff0c核对后再导入",
            "set the format to General, check, import again",
        ),
    }
    if cell.trouble:
        raise _Wrong(*troubles[cell.trouble])
    if isinstance(cell.value, Decimal):
        if cell.percent and unit != "%":
            raise _Wrong(f"百分数不能是{unit}", f"a per cent cannot be in {unit}", "核对表头", "check the header")
        return cell.value, unit
    no_number = _Wrong("不是数字", "not a number", "改成数字\uff0c没有数据就留空", "write a number, or leave it empty")
    if not isinstance(cell.value, str):
        raise no_number
    text = half_width(cell.value).replace("，", ",").strip()
    if (tail := _UNIT_AFTER.fullmatch(text)) and (own := read_unit(tail[2])):
        text, unit = tail[1], own
    if not _NUMBER.fullmatch(text) or len(text) > 24:
        raise no_number
    return Decimal(re.sub("[, ]", "", text)), unit


def _unsound(name: str, given: Mapping[str, str]) -> _Wrong | None:
    """Return what is wrong with one cell of a new indicator, naming what may stand there."""
    text = given[name]
    if name == "id" and not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", text):
        return _Wrong(
            "代号要以小写字母开头\uff0c只用小写字母、数字和下划线\uff0c2—40个字符" if text else "没有写代号",
            "the id must begin with a small letter and hold only small letters, digits and _, 2 to 40 of them",
            "例如 tea_output",
            "as tea_output",
        )
    if name in ("zh", "en", "aliases", "unit") and text.startswith(FORMULA_STARTS):
        return _Wrong(
            f"{text[0]!r}开头的文字会被表格软件当作公式",
            f"a spreadsheet runs text that begins with {text[0]!r} as a formula",
            "换一个开头",
            "begin it otherwise",
        )
    if name in ("zh", "en") and not (name == "en" or text):
        return _Wrong("没有写名称", "the name is missing", "写上指标的中文名称", "write the indicator's Chinese name")
    if (name == "zh" and len(text) > 60) or (name == "en" and len(text) > 100):
        return _Wrong(
            "名称过长", "the name is too long", "中文至多60字\uff0c英文至多100字", "60 or 100 letters at most"
        )
    if name == "unit" and not 0 < len(text) <= 12:
        return _Wrong("没有写单位\uff0c或单位过长", "the unit is missing or too long", "如 亿元、万人、%", "as 亿元, %")
    if name in WRITTEN and (text or name == "kind") and read_written(name, text) is None:
        zh = "、".join(said[0] for said in WRITTEN[name].values())
        en = ", ".join(WRITTEN[name])
        return _Wrong("认不出这个词" if text else "没有写类别", "not a known word", f"写{zh}之一", f"write one of {en}")
    if name == "kind" and read_written(name, text) in ("growth", "share") and read_unit(given["unit"]) != "%":
        return _Wrong(
            "增速和比重的单位只能是 %", "growth and shares can only be in %", "把单位改为 %", "write % as the unit"
        )
    if name == "decimals" and text and not re.fullmatch(r"[0-6](?:\.0+)?", text):
        return _Wrong(
            "小数位不是0—6的整数", "not a whole number from 0 to 6", "写0—6之一\uff0c如 2", "write 0 to 6, as 2"
        )
    if name in ("low", "high") and text and not re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return _Wrong("不是数字", "not a number", "写一个数\uff0c或留空", "write a number, or leave it empty")
    if name == "high" and text and given["low"]:
        try:
            if Decimal(text) < Decimal(given["low"]):
                return _Wrong("上限小于下限", "the upper bound is below the lower", "核对两数", "check both")
        except ArithmeticError:  # the lower one is no number, which is said beside it
            return None
    return None


def _day(cell: Cell) -> int:
    """Return a day as the number YYYYMMDD, 00 where month or day are not said."""
    if cell.trouble:
        _number(cell, "")
    found = _DATE.fullmatch(re.sub(r"\s", "", half_width(cell.text)))
    if found:
        year, month, day = int(found[1]), int(found[2] or found[4] or 0), int(found[3] or found[5] or 0)
        try:
            date(year, month or 1, day or 1)
            return year * 10000 + month * 100 + day
        except ValueError:
            pass
    raise _Wrong("不是日期", "not a date", "写作 2022-12-31、2022年12月 或 2022", "write 2022-12-31, 2022-12 or 2022")


def _possible(indicator: Indicator, value: Decimal) -> None:
    """Raise for what cannot be, whatever the county."""
    lowest = {"growth": -100, "cumulative": 0, "level": 0, "share": 0}.get(indicator.kind)
    if lowest is not None and value < lowest and not (lowest == 0 and indicator.low < 0):
        raise _Wrong(
            f"{indicator.zh}不可能是{value}", f"{indicator.en} cannot be {value}", "核对数字", "check the number"
        )
    if indicator.kind == "share" and value > 100:
        raise _Wrong(
            f"{indicator.zh}不可能超过100%", f"{indicator.en} cannot be over 100 %", "核对数字", "check the number"
        )
