"""From a file to rows of figures, or a list of everything that is wrong with it.

Step by step, none reaching back: `package` (guards) → `sheets`, `text` (cells as Excel shows them, `shown`) → `wide`
or `long` (blocks, `tokens` and `spans` of the headers, each column's meaning with its evidence, rows). A value is
taken only when every part of its meaning (place, indicator, period, unit, status, what is shown) has evidence and none
against; otherwise its cell is refused with a sentence, or left aside with a remark.

`.xls`, `.ods` and `.xlsb` are refused: no library tells what those *show* (formats, raised runs, formulas).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from targets.carry_csv import read_back
from targets.indicators import Indicator, by_name, half_width, shipped_indicators
from targets.intake import added, settlement
from targets.intake.grid import Context, Found
from targets.intake.long import long_header, read_long
from targets.intake.package import MAX_FILE, Refused, content, open_file
from targets.intake.report import Column, Evidence, Fault, Reading, Remark, grouped
from targets.intake.sheets import Sheet, address, read_workbook
from targets.intake.text import read_text
from targets.intake.tokens import READ_STATUSES, Known
from targets.intake.wide import read_wide
from targets.observations import Row
from targets.periods import Unclear, read_period
from targets.places import name_of, parks, reading_for
from targets.plan import Plan
from targets.sweeping import seldom_swept
from targets.template import STATUSES
from targets.today import now_in_china

__all__ = ["MAX_FILE", "Column", "Evidence", "Fault", "Reading", "Remark", "read_file", "sheets_of"]

UNSTATED = "未注明"
NOTE_SHEETS = re.compile(r"说明|代码表|lists?|填报说明|填写说明|notes?|示例|examples?|目录|封面", re.I)


@seldom_swept()
def read_file(
    source: Path | str | bytes,
    name: str | None = None,
    *,
    indicators: Mapping[str, Indicator] | None = None,
    period: str = "",
    citation: str = "",
    status: str = "",
    today: date | None = None,
    plan: Plan | None = None,
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
    plan : Plan, optional
        Whose places the rows are of; by default the shipped one.

    Returns
    -------
    Reading
        Also for a hostile file, which is then `refused`.

    Raises
    ------
    ValueError
        When `period` or `status` cannot be read: the caller's mistake, not the file's.
    """
    with reading_for(plan):
        return _read_file(source, name, indicators, period, citation, status, today)


def _read_file(
    source: Path | str | bytes,
    name: str | None,
    indicators: Mapping[str, Indicator] | None,
    period: str,
    citation: str,
    status: str,
    today: date | None,
) -> Reading:
    name = name or (Path(source).name if not isinstance(source, bytes) else "")
    caller = _given_period(period)
    if status and status not in READ_STATUSES:
        allowed = "、".join(STATUSES)
        raise ValueError(f"状态“{status}”应为{allowed}之一 / status {status!r} must be one of {', '.join(STATUSES)}")
    known = dict(indicators if indicators is not None else shipped_indicators())
    today = today or now_in_china().date()
    found = Found()
    new: dict[str, Indicator] = {}
    parts: list[settlement.Part] = []
    try:
        if name.lower().endswith(".csv") and (back := read_back(content(source), name, known, today)):
            return back
        data, kind = open_file(source, name)
        context = Context(
            Known(known, by_name(known.values())),
            caller,
            citation or f"导入文件：{name}",
            bool(citation),
            status or UNSTATED,
            today,
            name,
            parks(),
        )
        for sheet in _sheets(data, kind):
            if sheet.name in added.SHEETS:
                own, faults = added.read_added(sheet, known)
                new, known = {**new, **own}, {**known, **own}
                context = replace(context, known=Known(known, by_name(known.values())))
                found.faults += faults
            elif more := settlement.parts_of([sheet]):
                parts += more
            else:
                _read_sheet(sheet, context, found)
    except Refused as error:
        sha = hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else ""
        return Reading(name, sha, faults=(Fault("", "", name, error.zh, error.en, "", ""),), refused=True)
    rows = _once(found, context)
    forms = settlement.read_forms(parts, known, today) if parts else settlement.Read()
    found.faults += forms.faults
    _tell(found, rows, new or parts)
    return Reading(
        name,
        hashlib.sha256(data).hexdigest(),
        tuple(rows),
        tuple(found.faults),
        grouped(found.remarks),
        tuple(new.values()),
        columns=tuple(found.columns),
        records=tuple(forms.records),
    )


def sheets_of(source: Path | str | bytes, name: str) -> list[Sheet]:
    """Return a file's sheets of shown cells: the first step of reading.

    Raises
    ------
    Refused
        When the file is none that can be opened.
    """
    return list(_sheets(*open_file(source, name)))


def _sheets(data: bytes, kind: str) -> Iterable[Sheet]:
    return read_workbook(data, added.SHEETS) if kind == ".xlsx" else [read_text(data, kind)]


def _given_period(period: str) -> str:
    try:
        found = read_period(period) if period else ""
    except Unclear:
        found = None
    if found is None:
        raise ValueError(
            f"时期“{period}”应如 2024、2025Q3、2025-09 / period {period!r} should be like 2024, 2025Q3, 2025-09"
        )
    return found


def _read_sheet(sheet: Sheet, context: Context, found: Found) -> None:
    if not sheet.cells:
        return
    if sheet.hidden:
        found.remarks.append(Remark(sheet.name, "隐藏的工作表\uff0c未读", "a hidden sheet, not read"))
        return
    if NOTE_SHEETS.fullmatch(half_width(sheet.name)):
        found.remarks.append(Remark(sheet.name, "按名称是说明\uff0c未读", "notes by its name, not read"))
        return
    if sheet.hidden_rows or sheet.hidden_columns:
        hidden = [str(r) for r in sheet.hidden_rows] + [address(1, c)[:-1] for c in sheet.hidden_columns]
        listed = "、".join(hidden[:12]) + ("…" if len(hidden) > 12 else "")
        zh, en = f"隐藏的行列也已读取\uff1a{listed}", f"hidden rows and columns were read too: {listed}"
        found.remarks.append(Remark(sheet.name, zh, en))
    if header := long_header(sheet):
        read_long(sheet, *header, context, found)
    else:
        read_wide(sheet, context, found)


def _once(found: Found, context: Context) -> list[Row]:
    """Return the rows, each key once; two values for one key are a fault, and neither is kept."""
    if len({row[:3] for row in found.rows}) == len(found.rows):
        return found.rows
    kept: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    rows: list[Row] = []
    twice: set[tuple[str, str, str]] = set()
    again: list[str] = []
    other: list[str] = []
    for row in found.rows:
        first = kept[row.indicator, row.period].setdefault(row.place, row)
        if first is row:
            rows.append(row)
            continue
        if first.value == row.value:
            (again if (first.status, first.source) == (row.status, row.source) else other).append(row.cell)
            continue
        twice.add(row.key)
        what = f"{name_of(row.place)} {context.known.indicators[row.indicator].zh} {row.period}"
        found.faults.append(
            Fault(
                *row.cell.rpartition("!")[::2],
                row.printed,
                f"{what}已在 {first.cell} 给出另一个数值 {first.printed}",
                f"{row.place} {row.indicator} {row.period} has another value, {first.printed}, in {first.cell}",
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
            listed = "、".join(cells[:8]) + ("…" if len(cells) > 8 else "")
            found.remarks.append(Remark("", f"{len(cells)}格{zh}\uff1a{listed}", f"{len(cells)} cells {en}: {listed}"))
    return [row for row in rows if row.key not in twice]


def _tell(found: Found, rows: list[Row], new: Collection[object]) -> None:
    """Say what was left empty, old names, and when nothing was read, what was looked for."""
    if found.empty:
        zh, en = f"{found.empty}格没有数据\uff0c未存", f"{found.empty} cells hold no data and are not stored"
        found.remarks.append(Remark("", zh, en))
    for name, (now, year) in found.old_names.items():
        zh, en = f"“{name}”{year}年起为{now}\uff0c按{now}读", f"{name!r} is {now} since {year} and read as it"
        found.remarks.append(Remark("", zh, en))
    if not rows and not found.faults and not new:
        looked = "\uff1a" + "\uff1b".join(found.looked[:3]) if found.looked else ""
        found.faults.append(
            Fault(
                "",
                "",
                "",
                f"没有读到任何数值{looked}",
                "no figure was found" + (f": {'; '.join(found.looked[:3])}" if found.looked else ""),
                "每行一个县、每列一个指标\uff0c或使用模板",
                "give each county a row and each indicator a column, or use the template",
            )
        )
