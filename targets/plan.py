"""The plan: what each county was promised, box by box, read from the files of ``plan/`` and checked."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from targets.checks import (
    CODE,
    COUNT,
    FLAG,
    FREE,
    NUMBER,
    TEXT,
    YEAR,
    DataError,
    Field,
    Problem,
    foreign,
    miscounted,
    one_of,
    read_table,
)

FOLDER = Path(__file__).parent / "plan"
GROUPS = ("band", "cluster", "energy", "road", "prefecture")
NO_BAND = "none"
JIAYUGUAN = "620200"
# The task whose departments answer for 专栏二, 三 and 五.
CLUSTER_TASK, ENERGY_TASK, PARK_TASK, ROAD_TASK = "2", "3", "5", "12"

BOX = one_of("一", "二", "三", "四", "五")
BAND = one_of("B1", "B2", "B3", "B4", "B5", "B6")
CLUSTER = one_of("C1", "C2", "C3", "C4", "C5")
ENERGY = one_of("PV1", "PV2", "PV3", "WIND", "CSP", "PSH")
TASK = Field(r"\d|1\d|2[0-3]", "任务编号1—23", "a task number, 1 to 23")
ITEM = Field(TASK.pattern + "|M[1-5]", "任务编号或M1—M5", "a task number or M1 to M5")
SECTION = Field(r"二|[三四]\uff08[一二三四五]\uff09", "章节", "a section of the plan")
MEASURE = one_of("M1", "M2", "M3", "M4", "M5")
SYMBOL = one_of("≥", ">", "≈").optional()
NAMES = {"zh": TEXT, "en": TEXT, "zh_short": TEXT, "en_short": TEXT}
CLAUSE = {"box": BOX, "item": TEXT}
GROUPED = {"mark": TEXT.key(), "comparator": TEXT, "n": COUNT, **CLAUSE}
PRINTED = {"printed": TEXT, "correction": FREE, "correction_en": FREE}
DEPARTMENT = {"order": COUNT, "department": TEXT, **PRINTED}

# file: (its columns, the columns that together may not repeat)
TABLES: Mapping[str, tuple[dict[str, Field], tuple[str, ...]]] = {
    "prefectures": (
        {"adcode": CODE.key(), "name": TEXT.key(), "name_short": TEXT, "level": one_of("地级市", "自治州")}
        | {"pinyin": TEXT, "initials": TEXT, "name_en": TEXT, "name_en_short": TEXT, "n": COUNT}
        | {"note": FREE, "note_en": FREE},
        (),
    ),
    "counties": (
        {"adcode": CODE.key(), "name": TEXT.key(), "name_short": TEXT.key()}
        | {"level": one_of("市辖区", "县级市", "县", "自治县"), "prefecture_code": CODE}
        | {"pinyin": TEXT, "initials": TEXT, "name_en": TEXT.key(), "name_en_short": TEXT.key(), "alias_en": FREE},
        (),
    ),
    "bands": (
        {"id": BAND.key(), "order": COUNT.key(), "lower": COUNT, "upper": COUNT.optional(), "upper_open": FLAG}
        | {"comparator": one_of("达到…以上", "达到"), **NAMES, "n": COUNT, **CLAUSE},
        (),
    ),
    "band_counties": (
        {"band": BAND, "order": COUNT, "comparator": TEXT, "adcode": CODE.key(), **PRINTED, **CLAUSE},
        ("band", "order"),
    ),
    "clusters": (
        {"id": CLUSTER.key(), "order": COUNT.key(), **NAMES, **GROUPED},
        (),
    ),
    "cluster_counties": (
        {"cluster": CLUSTER, "order": COUNT, "comparator": TEXT, "adcode": CODE, **PRINTED, **CLAUSE},
        ("cluster", "adcode"),
    ),
    "energy": (
        {"id": ENERGY.key(), "order": COUNT.key(), "category": one_of("PV", "WIND", "CSP", "PSH")}
        | {"category_zh": TEXT, "category_en": TEXT, **NAMES, **GROUPED},
        (),
    ),
    "energy_counties": (
        {"energy": ENERGY, "order": COUNT, "comparator": TEXT, "adcode": CODE, **PRINTED, **CLAUSE},
        ("energy", "adcode"),
    ),
    "parks": (
        {"id": Field(r"P\d\d", "园区编号", "a park id").key(), "order": COUNT, "name": TEXT.key()}
        | {
            "name_en": TEXT.key(),
            "focus": TEXT,
            "focus_en": TEXT,
            "comparator": one_of("达到…以上", "力争达到"),
            "symbol": SYMBOL,
        }
        | {"is_aspirational": FLAG, "target_yi": COUNT, "prefecture_code": CODE, "adcode": CODE.optional()}
        | {"host_basis": one_of("named", "inferred", "none"), "basis": TEXT, "basis_en": TEXT, "task": TASK, **CLAUSE},
        (),
    ),
    "expressways": (
        {"year": YEAR, "order": COUNT, "comparator": TEXT, "adcode": CODE.key(), **PRINTED, "n": COUNT, **CLAUSE},
        ("year", "order"),
    ),
    "projects": (
        {"id": Field(r"[AR]\d\d", "项目编号", "a project id").key(), "kind": one_of("airport", "railway")}
        | {"order": COUNT, "name": TEXT.key(), "name_en": TEXT.key(), "verb": TEXT, "verb_en": TEXT, "work": FREE}
        | {"work_en": FREE, "open_list": FLAG, "prefecture_code": CODE.optional(), "basis": TEXT, "basis_en": TEXT}
        | {"task": TASK, **CLAUSE},
        (),
    ),
    "provincial_targets": (
        {"id": TEXT.key(), "indicator": TEXT, "indicator_en": TEXT, "comparator": FREE, "symbol": SYMBOL}
        | {"is_aspirational": FLAG, "value": NUMBER, "upper": NUMBER.optional(), "unit": TEXT, "unit_en": FREE}
        | {"times_en": NUMBER, "said": FREE, "said_en": FREE}
        | {"kind": one_of("level", "rate", "delta", "range", "class", "annual", "threshold", "duration", "rule")}
        | {"deadline": FREE, "deadline_en": FREE, "section": SECTION}
        | {"task": Field(TASK.pattern + "|M4|", "任务编号、M4或空", "a task number, M4 or nothing")}
        | {"box": BOX.optional(), "item": FREE, "note": FREE, "note_en": FREE},
        (),
    ),
    "qualitative_targets": (
        {"id": TEXT.key(), "target": TEXT, "target_en": TEXT, "comparator": TEXT, "section": SECTION, "task": TASK},
        (),
    ),
    "tasks": (
        {"task": TASK.key(), "section": SECTION, "heading": TEXT, "heading_en": TEXT, "title": TEXT.key()}
        | {"title_en": TEXT.key(), "n_departments": COUNT, "box": BOX.optional()},
        (),
    ),
    "task_departments": ({"task": TASK, **DEPARTMENT}, ("task", "department")),
    "measures": (
        {"measure": MEASURE.key(), "section": SECTION, "title": TEXT, "title_en": TEXT, "n_departments": COUNT}
        | {"note": FREE, "note_en": FREE},
        (),
    ),
    "measure_departments": ({"measure": MEASURE, **DEPARTMENT}, ("measure", "department")),
    "departments": ({"department": TEXT.key(), "department_en": TEXT.key(), "n_items": COUNT}, ()),
    "calendar": (
        {"id": TEXT.key(), "label": TEXT, "label_en": TEXT, "frequency": TEXT, "frequency_en": TEXT, "level": TEXT}
        | {"section": Field(SECTION.pattern + "|标题", "章节或标题", "a section or the title")},
        (),
    ),
    "duties": (
        {"id": Field(r"D\d\d", "任务点名编号", "a duty id").key(), "adcode": CODE.optional()}
        | {"prefecture_code": CODE.optional(), "place": TEXT, "place_en": TEXT, "duty": TEXT, "duty_en": TEXT}
        | {"verb": TEXT, "verb_en": TEXT, "basis": one_of("named", "inferred", "none"), "basis_note": FREE}
        | {"basis_note_en": FREE, "section": SECTION, "task": TASK},
        ("task", "place", "duty"),
    ),
    "rules": (
        {"id": Field(r"W\d\d", "要点编号", "a rule id").key(), "task": ITEM, "zh": TEXT.key(), "en": TEXT.key()}
        | {"section": SECTION},
        (),
    ),
    "corrections": (
        {"id": COUNT.key(), "place": TEXT, "place_en": TEXT, "box": BOX.optional(), "item": FREE}
        | {"task": TASK.optional(), "printed": TEXT, "corrected": TEXT, "reason": TEXT, "reason_en": TEXT}
        | {"confidence": one_of("certain", "high", "medium"), "affects_data": one_of("yes", "no", "label")}
        | {"affects": FREE, "affects_en": FREE},
        (),
    ),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a county may be filtered by: a band, a cluster, an energy kind, a road year or a prefecture.

    `mark` is one character (clusters and energy kinds); `clause_zh` and `clause_en` say where the plan prints it;
    `task` is the task whose `departments` answer for it, both empty where the plan names none; `n` is its number of
    counties.
    """

    id: str
    group: str
    zh: str
    en: str
    zh_short: str
    en_short: str
    mark: str
    box: str
    item: str
    clause_zh: str
    clause_en: str
    section: str
    task: str
    departments: tuple[str, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Term:
    """What the plan says of itself: its title, the days on which it begins and ends, and the year of its targets.

    `number` is the document number (文号), empty where none is known.
    """

    title: str
    title_en: str
    begin: date
    end: date
    target_year: int
    number: str = ""

    def is_over(self, today: date) -> bool:
        """Return whether the term has ended before a day."""
        return today > self.end


@dataclass(frozen=True, eq=False)
class Plan:
    """The plan as tables, each in the order in which it is printed, with the clause (`box`, `item`) in each row.

    Amounts are in 亿元 (100 million yuan). The tables are shared by all callers: copy before changing one.
    """

    prefectures: pd.DataFrame
    counties: pd.DataFrame
    bands: pd.DataFrame
    band_counties: pd.DataFrame
    clusters: pd.DataFrame
    cluster_counties: pd.DataFrame
    energy: pd.DataFrame
    energy_counties: pd.DataFrame
    parks: pd.DataFrame
    expressways: pd.DataFrame
    projects: pd.DataFrame
    provincial_targets: pd.DataFrame
    qualitative_targets: pd.DataFrame
    tasks: pd.DataFrame
    task_departments: pd.DataFrame
    measures: pd.DataFrame
    measure_departments: pd.DataFrame
    departments: pd.DataFrame
    calendar: pd.DataFrame
    duties: pd.DataFrame
    rules: pd.DataFrame
    corrections: pd.DataFrame
    evaluation: dict[str, Any]
    term: Term

    def responsible(self, task: str) -> tuple[str, ...]:
        """Return the departments of a task (``"12"``) or measure (``"M4"``), in the order printed."""
        table, key = (self.measure_departments, "measure") if task.startswith("M") else (self.task_departments, "task")
        return tuple(table.loc[table[key] == task, "department"])

    @cached_property
    def options(self) -> pd.DataFrame:
        """Every option, indexed by id, in the order of the plan; the columns are the fields of `Option`."""
        return pd.DataFrame([_asdict(o) for o in self._options.values()]).set_index("id", drop=False)

    @cached_property
    def option_ids(self) -> dict[str, tuple[str, ...]]:
        """The ids of each group, in the order of the plan."""
        return {g: tuple(o.id for o in self._options.values() if o.group == g) for g in GROUPS}

    def option(self, id: str) -> Option:
        """Return one option.

        Raises
        ------
        KeyError
            When there is no such option; the message lists those there are.
        """
        try:
            return self._options[id]
        except KeyError:
            raise KeyError(f"{id!r} is not an option; there are {', '.join(self._options)}") from None

    @cached_property
    def _options(self) -> dict[str, Option]:
        section = {str(r.task): str(r.section) for r in self.tasks.itertuples()}

        def make(group: str, row: Any, task: str = "", **other: Any) -> Option:
            named = {k: getattr(row, k, "") for k in ("id", *NAMES, "mark", "box", "item")} | other
            return Option(
                group=group,
                clause_zh=clause(named["box"], named["item"]),
                clause_en=clause(named["box"], named["item"], "en"),
                section="二" if group == "band" else section.get(task, ""),
                task=task,
                departments=self.responsible(task),
                n=int(row.n),
                **named,
            )

        found = [make("band", r) for r in self.bands.itertuples()]
        # The counties that 专栏一 leaves out are a class of their own, not a lowest band.
        unlisted = SimpleNamespace(n=len(self.counties) - len(self.band_counties))
        names = dict(zip(NAMES, ("未列入专栏一", "Not listed in Box 1", "未列入", "Not listed"), strict=True))
        found.append(make("band", unlisted, id=NO_BAND, box="一", **names))
        found += [make("cluster", r, CLUSTER_TASK) for r in self.clusters.itertuples()]
        found += [make("energy", r, ENERGY_TASK) for r in self.energy.itertuples()]
        for year in self.expressways.drop_duplicates("year").itertuples():
            y = str(year.year)
            words = (f"计划{y}年通高速", f"Expressway planned for {y}", f"{y}年", y)
            found.append(make("road", year, ROAD_TASK, id=y, **dict(zip(NAMES, words, strict=True))))
        for p in self.prefectures.itertuples():
            words = (str(p.name), str(p.name_en), str(p.name_short), str(p.name_en_short))
            found.append(make("prefecture", p, id=str(p.adcode), **dict(zip(NAMES, words, strict=True))))
        return {o.id: o for o in found}


def _asdict(option: Option) -> dict[str, Any]:
    return {name: getattr(option, name) for name in Option.__slots__}


def clause(box: str, item: str = "", lang: str = "zh") -> str:
    """Say where in the plan something is printed.

    Examples
    --------
    >>> clause("三", "1(2)"), clause("三", "1(2)", "en"), clause("一", lang="en")
    ('专栏三·1(2)', 'Box 3·1(2)', 'Box 1')
    """
    if not box:
        return ""
    if lang == "en":
        items = {"高速公路": "expressways", "机场建设": "airports", "铁路建设": "railways"}
        box, item = f"Box {'一二三四五'.index(box) + 1}", items.get(item, item)
    else:
        box = f"专栏{box}"
    return f"{box}·{item}" if item else box


@cache
def load_plan(folder: Path = FOLDER) -> Plan:
    """Read and check the plan.

    Parameters
    ----------
    folder : Path
        The folder of the plan's files; by default the one shipped.

    Returns
    -------
    Plan
        The same object for the same folder.

    Raises
    ------
    DataError
        When any cell is not as it must be, an adcode is unknown, a stated number is not the number listed, or the
        calendar names another term. Every
        problem of every file is in the one message.
    """
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, (fields, key) in TABLES.items():
        try:
            tables[name] = read_table(folder / f"{name}.csv", fields, key)
        except DataError as error:
            problems += error.problems
    rules = folder / "evaluation_rules.json"
    try:
        evaluation = json.loads(rules.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problems.append(Problem(f"plan/{rules.name}", None, "", str(error), "可读的JSON文件", "a readable JSON file"))
    term, unsound = _term(folder / "plan.toml")
    problems += unsound
    # The tables can be compared only when each is sound.
    if not problems and term:
        problems = [*_disagreements(tables), *_other_term(tables["calendar"], term)]
    if problems or term is None:
        raise DataError(problems)
    return Plan(**tables, evaluation=evaluation, term=term)


def _term(path: Path) -> tuple[Term | None, list[Problem]]:
    """Read the plan's title and term; return what is wrong with them beside."""

    def wrong(key: str, value: object, zh: str, en: str) -> Problem:
        return Problem(f"plan/{path.name}", None, key, str(value), zh, en)

    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return None, [wrong("", error, "可读的TOML文件", "a readable TOML file")]
    given = held | (held["term"] if isinstance(held.get("term"), dict) else {})
    found: list[Problem] = []
    for keys, kind, zh, en in (
        (("title", "title_en"), str, "一行文字", "a line of text"),
        (("begin", "end"), date, "[term] 下的一天\uff0c如 2022-01-01", "a day under [term], as 2022-01-01"),
        (("target_year",), int, "年份\uff0c如 2025", "a year, as 2025"),
    ):
        found += [wrong(k, given.get(k, ""), zh, en) for k in keys if type(given.get(k)) is not kind or not given[k]]
    if not isinstance(given.get("number", ""), str):
        found.append(wrong("number", given["number"], "文号\uff0c或不写", "the document number, or nothing"))
    if found:
        return None, found
    term = Term(**{name: given[name] for name in Term.__slots__ if name in given})
    if term.end < term.begin:
        found.append(wrong("end", term.end, f"不早于{term.begin}", f"no day before {term.begin}"))
    if not term.begin.year <= term.target_year <= term.end.year:
        found.append(wrong("target_year", term.target_year, "实施期内的一年", "a year of the term"))
    return (None if found else term), found


def _other_term(calendar: pd.DataFrame, term: Term) -> list[Problem]:
    """Return where the calendar's row ``period`` names other years than the term's first and last."""
    years = [str(term.begin.year), str(term.end.year)]
    row = calendar[calendar["id"] == "period"]
    if row.empty:
        return [Problem("plan/calendar.csv", None, "id", "", "有 period 一行", "to have a row period")]
    said = {column: str(row[column].iloc[0]) for column in ("label", "frequency", "frequency_en")}
    return [
        Problem("plan/calendar.csv", int(row.index[0]) + 2, column, text, "—".join(years) + "年", "–".join(years))
        for column, text in said.items()
        if re.findall(r"\d{4}", text) != years
    ]


def _misplaced(t: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Return the duties and rules that stand in another section than their task, or in no place or in two."""
    section = dict(zip(t["tasks"]["task"], t["tasks"]["section"], strict=True))
    section |= dict(zip(t["measures"]["measure"], t["measures"]["section"], strict=True))
    found: list[Problem] = []
    for name in ("duties", "rules"):
        for i, row in enumerate(t[name].to_dict("records")):
            if row["section"] != (own := section.get(row["task"], "")):
                found.append(Problem(f"plan/{name}.csv", i + 2, "section", row["section"], own, own))
    for i, row in enumerate(t["duties"].to_dict("records")):
        places = [code for code in (row["adcode"], row["prefecture_code"]) if code]
        if len(places) != (row["basis"] != "none"):
            zh = "一个县或一个市州；basis为none时留空"
            en = "one county or one prefecture, or none where basis is none"
            found.append(Problem("plan/duties.csv", i + 2, "adcode", "+".join(places), zh, en))
    return found


def _disagreements(t: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Return where the tables contradict one another, or a list its own stated number."""
    counties, prefectures = t["counties"]["adcode"], t["prefectures"]["adcode"]
    found: list[Problem] = []
    for name in ("band_counties", "cluster_counties", "energy_counties", "expressways", "parks", "duties"):
        found += foreign(f"plan/{name}.csv", t[name], "adcode", counties, "86个县之一", "one of the 86 counties")
    for name in ("counties", "parks", "projects", "duties"):
        zh, en = "14个市州之一", "one of the 14 prefectures"
        found += foreign(f"plan/{name}.csv", t[name], "prefecture_code", prefectures, zh, en)
    for name in ("task_departments", "measure_departments"):
        zh, en = "部门名单所列", "one of departments.csv"
        found += foreign(f"plan/{name}.csv", t[name], "department", t["departments"]["department"], zh, en)

    found += _misplaced(t)

    def listed(table: str, column: str) -> Mapping[str, int]:
        return {str(k): int(n) for k, n in t[table][column].value_counts().items()}

    found += miscounted("plan/prefectures.csv", t["prefectures"], "adcode", "n", listed("counties", "prefecture_code"))
    found += miscounted("plan/bands.csv", t["bands"], "id", "n", listed("band_counties", "band"))
    found += miscounted("plan/clusters.csv", t["clusters"], "id", "n", listed("cluster_counties", "cluster"))
    found += miscounted("plan/energy.csv", t["energy"], "id", "n", listed("energy_counties", "energy"))
    found += miscounted("plan/expressways.csv", t["expressways"], "year", "n", listed("expressways", "year"))
    found += miscounted("plan/tasks.csv", t["tasks"], "task", "n_departments", listed("task_departments", "task"))
    found += miscounted(
        "plan/measures.csv", t["measures"], "measure", "n_departments", listed("measure_departments", "measure")
    )
    tasks, measures = listed("task_departments", "department"), listed("measure_departments", "department")
    both = {d: tasks.get(d, 0) + measures.get(d, 0) for d in t["departments"]["department"]}
    found += miscounted("plan/departments.csv", t["departments"], "department", "n_items", both)
    return found
