"""The way back in of what ``/export/observations.csv`` gave out: the same figures, in the same words, and all of them.

Its rows of published figures come with the program and are left aside; the imported ones are taken as they are.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from targets.cells import bare
from targets.indicators import Indicator
from targets.intake.package import MAX_FILE
from targets.intake.report import Fault, Reading, Remark
from targets.intake.sheets import address
from targets.observations import KEY, Row
from targets.periods import FORM, canonical, ends
from targets.places import areas, parks
from targets.published import OBSERVATION_COLUMNS, load_published
from targets.template import STATUSES

# What the export heads its columns with, but for the names of place and indicator: of all that is known, of one batch.
BATCH_COLUMNS = (*KEY, "value", "unit", "status", "source", "source_url", "note", "cell", "printed")
FORMS = (OBSERVATION_COLUMNS, BATCH_COLUMNS)
NAMES = (1, 3)  # the columns that only say again what stands before them
WRONG = {
    "origin": ("应为 import 或 published", "it must be import or published"),
    "place": ("没有这个县、市州或园区", "there is no such county, prefecture or park"),
    "indicator": (
        "没有这个指标\uff0c请先用模板的“新增指标”导入它",
        "there is no such indicator: import it by the template first",
    ),
    "elsewhere": ("这个指标不属于这个地方", "it is not an indicator of this place"),
    "period": ("不是时期\uff0c应如 2024、2025Q3、2025-09", "it is no period, as 2024, 2025Q3, 2025-09"),
    "to come": ("这个时期还没有结束", "the period has not ended"),
    "value": ("不是数字", "it is not a number"),
    "unit": ("不是这个指标的单位", "it is not the indicator's unit"),
    "status": ("不是状态\uff0c应如 初步、核定、公报", "it is no status, as 初步, 核定, 公报"),
}


def read_back(data: bytes, name: str, known: Mapping[str, Indicator], today: date) -> Reading | None:
    """Read an export of ours.

    Parameters
    ----------
    data : bytes
    name : str
        The file's name.
    known : mapping of str to Indicator
        The indicators by id.
    today : date
        Figures of periods that end later are errors.

    Returns
    -------
    Reading or None
        None when it is another file.
    """
    if len(data) > MAX_FILE or not data.removeprefix(b"\xef\xbb\xbf").startswith(b"place,"):
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")  # as a Chinese Excel saves it again
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        header = tuple(next(lines))
        columns = [n for n in range(len(header)) if n not in NAMES]
        form = tuple(header[n] for n in columns)
        if form not in FORMS:
            return None
        found = _Found(form, columns, known, today)
        for number, cells in enumerate(lines, start=2):
            if any(cells):
                found.take(number, cells, len(header))
    except csv.Error:
        return None
    remarks = []
    if found.published:
        n = found.published
        zh = f"{n}行是随程序公布的数\uff0c本来就有\uff0c未再导入"
        en = f"{n} rows are figures published with the program, known already and not imported"
        remarks.append(Remark("", zh, en))
    return Reading(name, hashlib.sha256(data).hexdigest(), tuple(found.rows), tuple(found.faults), tuple(remarks))


class _Found:
    """What is read, line by line."""

    def __init__(self, form: tuple[str, ...], columns: list[int], known: Mapping[str, Indicator], today: date) -> None:
        self.form, self.columns, self.known, self.today = form, columns, known, today
        self.rows: list[Row] = []
        self.faults: list[Fault] = []
        self.published = 0
        self.lines: dict[tuple[str, str, str], int] = {}

    def fault(self, line: int, field: str, value: str, zh: str, en: str, mend: tuple[str, str]) -> None:
        self.faults.append(Fault("", address(line, self.columns[self.form.index(field)] + 1), value, zh, en, *mend))

    def take(self, line: int, cells: list[str], width: int) -> None:
        """Read one line: a published figure that is known, a row, or what is wrong with it."""
        if len(cells) != width:
            said = f"这一行有{len(cells)}格\uff0c应有{width}格", f"the line has {len(cells)} cells, not {width}"
            self.fault(line, "place", cells[0], *said, ("重新导出", "export it again"))
            return
        given = {name: bare(cells[n]) for name, n in zip(self.form, self.columns, strict=True)}
        origin = given.get("origin", "import")
        if origin == "published":
            if _same(given) in _shipped():
                self.published += 1
                return
            said = "与随程序公布的数不同", "it is not the figure that the program publishes"
            mend = (
                "若是自己的数\uff0c把 origin 改为 import\uff1b否则删去这一行",
                "if it is your own, write import as its origin; else delete the line",
            )
            self.fault(line, "value", given["value"], *said, mend)
            return
        if wrong := next((one for one in self.judged(given, origin) if not one[1]), None):
            field, _, why = wrong
            self.fault(
                line, field, given[field], *WRONG[why], ("改正\uff0c或重新导出", "correct it, or export it again")
            )
            return
        key = (given["place"], given["indicator"], given["period"])
        if (first := self.lines.setdefault(key, line)) != line:
            said = f"与第{first}行是同一县、指标、时期", f"the same county, indicator and period as line {first}"
            self.fault(line, "place", given["place"], *said, ("只留一行", "keep one of them"))
            return
        fields = {name: given[name] for name in Row._fields if name in given and name != "value"}
        self.rows.append(Row(**{"cell": f"第{line}行", **fields}, value=float(given["value"])))

    def judged(self, given: Mapping[str, str], origin: str) -> Iterable[tuple[str, bool, str]]:
        """Yield of each cell whether it is well, and what of `WRONG` it is when it is not; the first counts."""
        place, period, indicator = given["place"], given["period"], self.known.get(given["indicator"])
        yield "origin" if "origin" in given else "place", origin == "import", "origin"
        yield "place", place in areas() or place in parks(), "place"
        yield "indicator", indicator is not None, "indicator"
        assert indicator
        yield "indicator", (indicator.places == "park") == (place in parks()), "elsewhere"
        yield "period", bool(FORM.fullmatch(period)), "period"
        yield "period", indicator.kind == "date" or ends(period) <= self.today, "to come"
        yield "value", _is_number(given["value"]), "value"
        yield "unit", given["unit"] == indicator.unit, "unit"
        yield "status", given["status"] in STATUSES, "status"


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _same(given: Mapping[str, str]) -> tuple[object, ...]:
    """Return what tells one published figure from another; its value as a number, however it is written."""
    value = given["value"]
    return tuple(float(value) if name == "value" and _is_number(value) else given[name] for name in OBSERVATION_COLUMNS)


@cache
def _shipped() -> frozenset[tuple[object, ...]]:
    frame = load_published().observations[list(OBSERVATION_COLUMNS)]
    frame = frame.assign(period=frame["period"].map(canonical))  # as the store gives it out
    texts = frame.astype(object).where(frame.notna(), "")
    rows = zip(*(texts[name] for name in OBSERVATION_COLUMNS), strict=True)
    return frozenset(tuple(cell if isinstance(cell, float) else str(cell) for cell in row) for row in rows)
