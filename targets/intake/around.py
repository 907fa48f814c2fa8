"""What the lines over and under a table, its tab and its file's name say of its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from targets.indicators import half_width, plain_name
from targets.intake.grid import Context, Grid
from targets.intake.report import Wrong
from targets.intake.spans import Place, Said, read_own, said
from targets.intake.tokens import (
    EXPECTED,
    PROMISES,
    REACHED,
    READ_STATUSES,
    RECKONED,
    STATUS_WORDS,
    Known,
    constant,
    flat,
    is_index,
)
from targets.intake.values import is_number

_MADE = re.compile(r"(?:填报|制表|打印|发布|报送|更新|编制|截止填报|印制)(?:日期|时间|单位|人)?:?.*")
_SOURCE = re.compile(r"\s*(?:(?:资料|数据)?来源|引自|摘自|(?:资料|数据)取自)[:]?")
_SAME_SCOPE = re.compile(r"同口径|剔除|扣除")
_METHOD = re.compile(r"按.{0,10}(?:估算|测算|匡算|推算)$")  # 增速按可比价格测算 is how, not what
_WHOLE = re.compile(r"本表|以上|数据|均为|各县|表中|此表|上表|单位")
NOTE = re.compile(r"\s*(?:注|备注|说明|附注|(?:资料|数据)?来源|续表|第\d+页)")
_STATED = re.compile(
    r"初步(?:核算|统计|汇总)?(?:数据?|结果)?|快报数?|统一核算(?:数|结果)?|最终核实(?:数|结果)?|核定数|年报数"
)
_YET_TO_COME = re.compile(r"为准|届时|待|将|后续|非|不是|以后")  # 最终数以年报核实数为准 says nothing of these figures
_PERIOD_LABEL = re.compile(r"(?:时期|期间|报告期|年份|period)[:]?", re.I)


@dataclass(frozen=True)
class Around:
    """What the lines over and under a table say."""

    title: str
    units: tuple[str, ...]
    unit_cell: str
    status: Callable[[str, str], tuple[str, str]]
    places: tuple[Place, ...]
    title_cell: str = ""
    index: str = ""
    narrower: Place | None = None  # a note that speaks of a part of the year, perhaps of other figures
    constant: tuple[tuple[frozenset[str], str], ...] = ()  # which amounts are said to be at constant prices, and where
    scope: tuple[tuple[frozenset[str], str], ...] = ()  # of which growth it is said that its scope is another
    noted_units: tuple[str, ...] = ()


class At(Exception):
    """What is wrong with the table as a whole, and the cell that says so."""

    def __init__(self, key: tuple[int, int], wrong: Wrong) -> None:
        super().__init__(str(wrong))
        self.key, self.wrong = key, wrong


def read_around(
    grid: Grid,
    context: Context,
    above: Sequence[tuple[int, int]],
    corner: Sequence[tuple[int, int]],
    below: Sequence[tuple[int, int]],
) -> Around:
    """Return what the lines over and under a table, its tab and its file's name say."""
    units: list[str] = []
    unit_cell = ""
    status, status_cell = "", ""
    lines: list[str] = []
    places: list[Place] = []
    index = ""
    fixed: list[tuple[frozenset[str], str]] = []
    scope: list[tuple[frozenset[str], str]] = []
    labelled = False
    for key in (*above, *corner):
        cell = grid.at(*key)
        plain = _MADE.sub("", half_width(grid.text(*key)))
        if _SOURCE.match(plain):
            continue
        for stated in re.finditer(r"(?:计量)?单位[:]?\s*([^()]*)", plain):
            new = [u for part in re.split(r"[、,;/和及\s]", stated[1]) if (u := context.known.unit(part))]
            units, unit_cell = units + new, unit_cell or (cell if new else "")
        for inside in re.findall(r"\(([^()]*)\)", plain):
            parts = re.split(r"[、,;/和及\s]", inside)
            new = [u for part in parts if (u := context.known.unit(part))]
            units, unit_cell = units + new, unit_cell or (cell if new else "")
            if not status:
                status = next((s for part in parts if (s := STATUS_WORDS.get(part, part)) in READ_STATUSES), "")
                status_cell = cell if status else ""
        index = index or (cell if is_index(plain) else "")
        if constant(plain):
            fixed.append((frozenset(), cell))
        if _SAME_SCOPE.search(plain):
            scope.append((frozenset(), cell))
        if PROMISES.search(plain) and not REACHED.search(plain):
            raise At(key, _promise(plain))
        if RECKONED.search(plain):
            status, status_cell = EXPECTED, cell
        lines.append(plain)
        label = (key[0], key[1] - 1) if not grid.turned else (key[0] - 1, key[1])
        if _PERIOD_LABEL.fullmatch(flat(grid.text(*label))):
            own, says = read_own(grid.text(*key), grid.sheet.cells[key].month)
            if own is None:
                raise At(
                    key,
                    Wrong(
                        "认不出时期",
                        "the period cannot be read",
                        "写作 2024、2025Q3 或 2025-08",
                        "write 2024, 2025Q3 or 2025-08",
                    ),
                )
            # Our own template says that its periods run from January.
            places = [Place(grid.text(*key), cell, "title", Said(int(own[:4]), says.part))]
            labelled = True
        elif not labelled and (says := said(plain)).dated:
            places.append(Place(grid.text(*key), cell, "title", says))
    tab = grid.sheet.name if grid.sheet.delimiter == "" else ""
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", context.file)
    first = above[0] if above else next(iter(sorted(grid.sheet.cells)))
    if PROMISES.search(tab):
        raise At(first, _promise(tab, "工作表名", "the tab"))
    if PROMISES.search(stem) and not REACHED.search(stem) and "模板" not in stem:
        raise At(first, _promise(stem, "文件名", "the file's name"))
    if RECKONED.search(tab) or RECKONED.search(stem):
        status, status_cell = EXPECTED, ""
    for text in (tab, stem):
        index = index or (text if is_index(text) else "")
        if constant(text):
            fixed.append((frozenset(), text))
        if _SAME_SCOPE.search(text):
            scope.append((frozenset(), text))
    if not labelled:
        if tab and (says := said(tab)).dated and not says.unclear:
            says = replace(says, apart=says.apart or (says.quarter and any(said(one).apart for one in grid.sheet.tabs)))
            places.append(Place(tab, "", "tab", says))
        name = said(stem)
        # The digits of a name without Chinese may be the day on which the file was made; Q3 is no day.
        told = not re.fullmatch(r"[\dA-Za-z_ .-]*", stem) or re.search(r"(?<![A-Za-z])[QqHh][1-4](?!\d)", stem)
        if (name.year or name.part or name.single) and not name.unclear and told:
            years = {p.says.year for p in places if p.says.year}
            # A later year beside other words may be when the file was sent.
            sent = years and name.year is not None and name.year > max(y for y in years if y) and name.rest
            if not sent:
                places.append(Place(context.file, "", "file", name))
    below_says = _notes(grid, context, below, places, labelled)
    title = "  ".join(lines)

    def stated_of(indicator: str, period: str) -> tuple[str, str]:
        return (status, status_cell) if status else below_says.status(indicator, period)

    return Around(
        title,
        tuple(dict.fromkeys(units)),
        unit_cell,
        stated_of,
        tuple(places),
        grid.at(*above[0]) if above else "",
        index or below_says.index,
        below_says.narrower[0] if below_says.narrower else None,
        (*fixed, *below_says.constant),
        (*scope, *below_says.scope),
        tuple(dict.fromkeys(below_says.units)),
    )


def _promise(text: str, zh: str = "标题", en: str = "the title") -> Wrong:
    return Wrong(
        f"{zh}说这是目标或计划\uff0c不是已实现的数\uff1a“{text[:30]}”",
        f"{en} says targets or plans, not what was reached: {text[:30]!r}",
        f"只导入实际数\uff1b若确是实际数\uff0c请改{zh}",
        f"import outcomes only; if these are outcomes, change {en}",
    )


@dataclass
class _Below:
    """What the lines below a table say."""

    rules: list[tuple[str, set[str], set[str], str]]
    narrower: list[Place]
    scope: list[tuple[frozenset[str], str]]
    units: list[str]
    constant: list[tuple[frozenset[str], str]]
    index: str = ""

    def status(self, indicator: str, period: str) -> tuple[str, str]:
        """Return the status that they give a column, and the cell that says so."""
        fit = [
            (one, cell)
            for one, named, years, cell in self.rules
            if (not named or indicator in named) and (not years or period[:4] in years)
        ]
        if any(one == EXPECTED for one, _ in fit):
            return EXPECTED, next(cell for one, cell in fit if one == EXPECTED)
        return fit[0] if len({one for one, _ in fit}) == 1 else ("", "")


def _notes(
    grid: Grid, context: Context, below: Sequence[tuple[int, int]], places: list[Place], labelled: bool
) -> _Below:
    """Return what the lines below a table say, and add the period that they narrow."""
    known = context.known
    told = _Below([], [], [], [], [])
    for key in below:
        line, cell = grid.text(*key), grid.at(*key)
        if is_number(line) or len(line) < 3 or _SOURCE.match(half_width(line)):
            continue
        units = re.findall(r"单位[:为是]\s*([^\s,;。、]+)", half_width(line))
        told.units += [u for said_unit in units if (u := known.unit(said_unit))]
        grown = False  # whether the sentence has spoken of growth: 增速为…，按可比价格计算
        for clause, stop in re.findall(r"([^。;\uff1b,\uff0c]+)([。;\uff1b,\uff0c]?)", half_width(line)):
            whole = bool(_WHOLE.search(clause))
            if re.search(r"(?:为|是|属|数据|本表|以上|均).{0,8}$", clause[: _last(PROMISES, clause)]) and re.search(
                rf"(?:{PROMISES.pattern})[数值据额]*$", clause.strip()
            ):
                raise At(key, _promise(clause, "表注", "the note"))
            if is_index(clause):
                told.index = told.index or cell
            if re.search(r"增速|增长|增幅|同比|速度|指数", clause):
                grown = True
            elif constant(clause) and (not grown or re.search(r"总值|增加值|总量|绝对|产值", clause)):
                told.constant.append((frozenset(_named(clause, known)), cell))
            if _SAME_SCOPE.search(clause):
                told.scope.append((frozenset(_named(clause, known)), cell))
            grown = grown and stop not in ("。", ";", "\uff1b")
            if RECKONED.search(clause) and not _YET_TO_COME.search(clause) and not _METHOD.search(clause):
                told.rules.append((EXPECTED, set(), set(), cell))
                continue
            stretch = said(re.sub(r"^\s*(?:注|备注|说明)[:]?", "", clause))
            if not labelled and not stretch.unclear and (stretch.part or stretch.single):
                if whole:
                    places.append(Place(clause.strip(), cell, "note", stretch))
                elif stretch.part != "Y" and not stretch.bare:
                    told.narrower.append(Place(clause.strip(), cell, "note", stretch))
            words = set() if _YET_TO_COME.search(clause) else set(_STATED.findall(clause))
            stated = {"核定" if re.match("最终|核定|年报", word) else "初步" for word in words}
            if len(stated) != 1:
                continue
            years = set(re.findall(r"(?<!\d)((?:19|20)\d\d)(?=年)", clause))
            told.rules.append((stated.pop(), _named(clause, known), years, cell))
            longest = max(words, key=len)
            grid.remark(
                f"表下的注写明“{longest}”\uff0c状态记为{told.rules[-1][0]}\uff1a{line.strip()[:40]}",
                f"the note below the table says {longest}: the status is taken as {told.rules[-1][0]}",
                cell,
            )

    return told


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match of a pattern begins; 0 without one."""
    return max((m.start() for m in pattern.finditer(text)), default=0)


def _named(clause: str, known: Known) -> set[str]:
    """Return the indicators that a clause names, and their growth."""
    plain = plain_name(clause)
    spoken = {
        one.zh: one
        for name, one in known.names.items()
        if (name == "gdp" or not name.isascii()) and len(name) > 1 and name in plain
    }
    return {one.id for one in spoken.values()} | {one.id for zh in spoken if (one := known.named(zh, True))}


def index_wrong() -> Wrong:
    """Return what is wrong with an index that stands for growth."""
    return Wrong(
        "这是以上年为100的指数\uff0c不是增速",
        "this is an index with the year before as 100, not a growth rate",
        "减去100\uff0c写作增速\uff0c如 105.7 写作 5.7",
        "take 100 away: write 5.7 for 105.7",
    )
