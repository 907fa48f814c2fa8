"""The rows of a block: whose they are, and one figure a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from targets.indicators import FAMILY
from targets.intake.around import NOTE, Around
from targets.intake.blocks import Block, heads
from targets.intake.grid import ASIDE_ROW, Context, Grid, Meaning, place_of, row_of, sound_base, sound_period
from targets.intake.report import Wrong
from targets.intake.sheets import Sheet, address
from targets.intake.spans import Place, read_own, said, settle
from targets.intake.tokens import EXPECTED, PROMISES, REACHED, RECKONED, constant, flat
from targets.intake.values import is_number, no_data
from targets.periods import Period
from targets.places import TOTAL, apart, here, parks, read_place

_PROMISED = re.compile(
    rf"(?:20\d\d年?)?(?:年初|年度|全年|考核|责任|奋斗|下达|调整|市定|县定)*(?:{PROMISES.pattern})(?:[数值]|数据|任务|目标|指标)*"
)
AVERAGE = re.compile(r"平均|人均|[Aa]verage")
SHORT = 12  # letters of a text beside a figure that says what it is; a longer one tells a story
SUM_SHARE = 0.005  # a total further from the sum of its rows than this share is remarked on


def read_rows(
    grid: Grid,
    context: Context,
    block: Block,
    first: int,
    last: int,
    columns: Mapping[int, Meaning],
    periods: int,
    failed: set[int],
    header: range,
    around: Around,
    source: str,
    skipped: list[str],
) -> None:
    """Read the rows of a block."""
    cells, found, sheet = grid.sheet.cells, grid.found, grid.sheet.name
    names, codes = block.names, block.codes
    known_columns = (*columns, *sorted(failed))
    by_row = _row_meanings(grid, context, columns, periods, first, around, header) if periods else None
    within = range(block.first, block.last + 1)
    said_beside = texts_beside(grid.sheet, context, first, within, {*columns, names, codes, periods})
    totals: list[tuple[int, str, int]] = []  # where a row of totals stands, and how many figures come before it
    begin = len(found.rows)
    letters = {column: address(1, column)[:-1] for column in columns}

    def figures_of(row: int) -> list[int]:
        return [c for c in known_columns if (cell := cells.get((row, c))) is not None and not no_data(cell)]

    for row in range(first, grid.sheet.shape[0] + 1):
        code, name = grid.text(row, codes), grid.text(row, names)
        if not name and not code:
            # 兰州市 | (nothing) | 3311.2: the prefecture's name stands in the column before.
            before = min(columns, default=1)
            name = next((t for c in range(block.first, before) if (t := grid.text(row, c)) and read_place(t)), "")
            if not name and not figures_of(row):
                if alone := next((t for c in within if (t := grid.text(row, c))), ""):
                    skipped.append(alone[:16])
                    if row < last and _begins_anew(alone, context):
                        grid.fault(row, names or codes, _second_table(alone))
                        break
                continue
        try:
            place = place_of(code, name, found)
        except Wrong as wrong:
            if not _aside_row(grid, row, name, figures_of(row), skipped):
                if heads(grid, row, names):
                    grid.fault(row, names or codes, _second_table(""))
                    break  # what follows is of other columns
                grid.fault(row, (names if name else codes) or names or codes, wrong)
            elif row < last and not figures_of(row) and name and _begins_anew(name, context):
                grid.fault(row, names, _second_table(name))
                break
            continue
        if place == TOTAL or place in apart() or place in parks():
            of_park = any(columns[c].indicator.places == "park" for c in figures_of(row) if c in columns)
            if place == TOTAL or not of_park:
                skipped.append((name or code)[:16])
                if place == TOTAL and by_row is None and not AVERAGE.search(name):
                    totals.append((row, name, len(found.rows)))
                continue
            place = (here().park_of(place) or place) if place in apart() else place
        texts, period = said_beside.get(row, ()), grid.text(row, periods)
        for column, meaning in columns.items():
            cell = cells.get((row, column))
            if cell is None or (cell.number is None and no_data(cell)):
                found.empty += 1
                continue
            try:
                if by_row is not None:
                    meaning = by_row(row, column, period)
                for text in texts:
                    meaning = beside(text, meaning, context)
                where = grid.at(row, column) if grid.turned else f"{letters[column]}{row}"
                found.rows.append(row_of(cell, place, meaning, f"{sheet}!{where}", context, source, {}))
                if cell.raised:
                    grid.remark(
                        f"{grid.at(row, column)} 的上标“{cell.raised}”按脚注略去\uff0c读作 {cell.text}",
                        f"the raised {cell.raised!r} of {grid.at(row, column)} is taken as a footnote: {cell.text}",
                        grid.at(row, column),
                    )
            except Wrong as unfit:
                grid.fault(row, periods if by_row and unfit.args[0].startswith("时期：") else column, unfit)

    _check_totals(grid, context, columns, totals, begin)


def _second_table(text: str) -> Wrong:
    said_zh, said_en = (f"\uff1a“{text[:20]}”", f": {text[:20]!r}") if text else ("", "")
    return Wrong(
        f"表中间又出现表头或标题{said_zh}",
        f"a second header or title inside the table{said_en}",
        "一张工作表只放一张表",
        "give each table its own sheet",
    )


def _begins_anew(text: str, context: Context) -> bool:
    """Whether a line between the rows says that those after it are of other figures."""
    if NOTE.match(text):
        return False
    says = said(text)
    other = constant(text) or PROMISES.search(text) or context.known.named(text, False)
    return bool(says.year or says.part or says.single or other)


def texts_beside(
    sheet: Sheet, context: Context, first: int, columns: range, taken: Container[int]
) -> Mapping[int, Sequence[str]]:
    """Return the short texts in each row from the first on that may say what its figures are: 预计, 不变价, 万元.

    Only columns that are not taken are looked at: what stands in those is read.
    """
    found: dict[int, list[str]] = {}
    tells: dict[str, bool] = {}
    for (row, column), cell in sheet.texts().items():
        if row < first or column not in columns or column in taken:
            continue
        text = cell.text
        if text not in tells:
            tells[text] = _may_tell(text, context)
        if tells[text]:
            found.setdefault(row, []).append(text)
    return found


def _may_tell(text: str, context: Context) -> bool:
    """Whether a text beside a figure may say what it is, or is not."""
    plain = flat(text) if len(text) <= 2 * SHORT else ""
    if not 0 < len(plain) <= SHORT or is_number(plain) or REACHED.search(plain) or read_place(plain):
        return False
    words = _PROMISED.fullmatch(plain) or RECKONED.search(plain) or constant(plain) or said(plain).dated
    return bool(words or context.known.unit(plain) or context.known.named(plain, False))


def beside(text: str, meaning: Meaning, context: Context) -> Meaning:
    """Return what a figure is when a text stands beside it in its row, as in a column of remarks or kinds.

    Raises
    ------
    Wrong
        When the text is against what the column says.
    """
    plain, indicator = flat(text), meaning.indicator
    if _PROMISED.fullmatch(plain):
        raise _row_wrong(text, "是目标或计划", "a target or plan", "只导入实际数", "import outcomes only")
    if RECKONED.search(plain):
        return replace(meaning, status=EXPECTED)
    money = FAMILY.get(indicator.unit) == "money"
    if money and constant(plain):
        raise _row_wrong(text, "不是现价数", "at constant prices", "改用现价数", "give nominal amounts")
    unit = context.known.unit(plain)
    if unit and unit != meaning.unit and FAMILY.get(unit) == FAMILY.get(meaning.unit):
        raise _row_wrong(text, f"单位却是{meaning.unit}", f"not {meaning.unit}", "改正其一", "correct one of them")
    other = context.known.named(plain, False)
    if other and other.id not in (indicator.id, indicator.id.removesuffix("_growth")):
        raise _row_wrong(
            text, f"不是{indicator.zh}", f"not {indicator.en}", "一列只放一个指标", "give each indicator its own column"
        )
    says = said(plain)
    if says.single and not says.rest:
        raise _row_wrong(text, "是单月或单季数", "a single month or quarter", "改用累计数", "give figures from January")
    if says.part and not says.bare and not says.rest and meaning.period:
        own = Period(says.year or int(meaning.period[:4]), says.part).text()
        if own != meaning.period:
            raise _row_wrong(text, f"不是{meaning.period}", f"not {meaning.period}", "核对时期", "check the period")
    return meaning


def _row_wrong(text: str, zh: str, en: str, mend_zh: str, mend_en: str) -> Wrong:
    return Wrong(f"同一行写着“{text[:20]}”\uff0c{zh}", f"the row says {text[:20]!r}: {en}", mend_zh, mend_en)


def _check_totals(
    grid: Grid, context: Context, columns: Mapping[int, Meaning], totals: Sequence[tuple[int, str, int]], begin: int
) -> None:
    """Remark on a row of totals that is not the sum of its own rows, with both numbers.

    小计 is of the rows since the one before; a total that stands first is of those that follow. Prefectures are added
    only where there are no counties, which they would count twice.
    """
    found, last = grid.found, begin
    for row, name, at in totals:
        part = "小计" in flat(name)
        mine = found.rows[last if part else begin : at] if at > begin else found.rows[begin:]
        last = at if part else last
        for column, meaning in columns.items():
            cell = grid.sheet.cells.get((row, column))
            if meaning.indicator.adds_up != "sum" or cell is None or no_data(cell):
                continue
            held = [one for one in mine if (one.indicator, one.period) == (meaning.indicator.id, meaning.period)]
            counties = [one for one in held if not one.place.endswith("00")] or held
            try:
                total = row_of(cell, here().region.code, meaning, "", context, "", {}).value
            except Wrong:
                continue
            added = sum(one.value for one in counties)
            if len(counties) > 1 and abs(added - total) > SUM_SHARE * abs(total):
                where, n = grid.at(row, column), len(counties)
                both = [f"{value:,.4f}".rstrip("0").rstrip(".") + meaning.indicator.unit for value in (total, added)]
                grid.remark(
                    f"{where} {name}写{both[0]}\uff0c而所列{n}行相加为{both[1]}\uff0c请核对",
                    f"{where} {name}: {both[0]}, but its {n} rows add up to {both[1]}: check them",
                    where,
                )


def _aside_row(grid: Grid, row: int, name: str, figures: Sequence[int], skipped: list[str]) -> bool:
    """Whether a row is of no county: a note, the city level, a zone."""
    alone = [text for c in range(1, grid.sheet.shape[1] + 1) if (text := grid.text(row, c))]
    if not figures or (not name and len(alone) == 1 and NOTE.match(alone[0])):
        if listed := name or next(iter(alone), ""):
            skipped.append(listed[:16])
        return True
    if name and ASIDE_ROW.fullmatch(flat(name)) and not heads(grid, row, 1):
        skipped.append(name[:16])
        return True
    return False


def _row_meanings(
    grid: Grid,
    context: Context,
    columns: Mapping[int, Meaning],
    periods: int,
    first: int,
    around: Around,
    header: range,
) -> Callable[[int, int, str], Meaning]:
    """Return how to find the meaning of a cell whose row says its period, by that and its column."""
    # Under 月份 or 日期 2025-09 is that month; under 时期 it is as our template says, from January.
    monthly = any(re.search("月|日|month", grid.text(r, periods), re.I) for r in header)
    texts = {grid.text(r, periods) for r in range(first, grid.sheet.shape[0] + 1)}
    apart = any(said(text).apart for text in texts)
    made: dict[tuple[str, int], Meaning | Wrong] = {}

    def settle_one(row: int, column: int, text: str) -> Meaning:
        meaning = columns[column]
        if meaning.period:
            raise Wrong(
                "表头和时期列都写了时期",
                "both the header and the column of periods say a period",
                "只留一处",
                "keep one of them",
            )
        cell = grid.sheet.cells.get((row, periods))
        own, says = read_own(text, bool(cell and cell.month))
        if monthly and own:
            says = said(text)
        if not text:
            raise Wrong("时期：这一行没有写时期", "the row names no period", "写上时期", "write its period")
        if own is None and (says.rest or says.unclear or not says.dated):
            raise Wrong(
                f"时期：认不出“{text[:20]}”",
                f"the period {text[:20]!r} cannot be read",
                "写作 2024、2025Q3 或 2025-08",
                "write 2024, 2025Q3 or 2025-08",
            )
        if apart and (says.quarter or re.search(r"[Qq][1-4]", text)):
            says = replace(says, single=text)
        stock = meaning.indicator.kind in ("level", "share", "date")
        settled = settle(says, Place(text, grid.at(row, periods), "row", says), around.places, context.caller, stock)
        sound_period(settled.period, meaning.indicator, context.today)
        sound_base(meaning.base, settled.period, meaning.indicator)
        status = meaning.status or around.status(meaning.indicator.id, settled.period or "")[0]
        return replace(meaning, period=settled.period, status=status)

    def find(row: int, column: int, text: str) -> Meaning:
        one = made.get((text, column))
        if one is None:
            try:
                one = settle_one(row, column, text)
            except Wrong as wrong:
                one = wrong
            made[text, column] = one
        if isinstance(one, Wrong):
            raise one
        return one

    return find
