"""What the tables of a plan's folder must hold: each cell by its field, and each table by the others."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

import pandas as pd

from geodata.names import Region
from targets.checks import (
    CODE,
    COUNT,
    FLAG,
    FREE,
    NUMBER,
    TEXT,
    YEAR,
    Field,
    Problem,
    foreign,
    miscounted,
    one_of,
)

# Safe in an address, a style sheet and a list parted by commas.
ID = Field(r"[A-Za-z0-9][A-Za-z0-9_]{0,15}", "编号（字母、数字）", "an id of letters and digits")
BOX = Field(r"\S{1,4}", "plan.toml [boxes.numbers] 所列专栏", "a box of [boxes.numbers] in plan.toml")
TASK = Field(r"\d{1,3}", "任务编号", "a task number")
ITEM = Field(r"[A-Za-z]?\d{1,3}", "任务或保障措施的编号", "the number of a task or a measure")
MEASURE = Field(r"[A-Za-z]\d{1,2}", "保障措施的编号", "the id of a measure")
SECTION = Field(r"[一二三四五六七八九十]+(?:\uff08[一二三四五六七八九十]+\uff09)?", "章节", "a section of the plan")
SYMBOL = one_of("≥", ">", "≈").optional()
NAMES = {"zh": TEXT, "en": TEXT, "zh_short": TEXT, "en_short": TEXT}
CLAUSE = {"box": BOX, "item": TEXT}
GROUPED = {"mark": TEXT.key(), "comparator": TEXT, "n": COUNT, **CLAUSE}
PRINTED = {"printed": TEXT, "correction": FREE, "correction_en": FREE}
DEPARTMENT = {"order": COUNT, "department": TEXT, **PRINTED}

# file: (its columns, the columns that together may not repeat)
TABLES: Mapping[str, tuple[dict[str, Field], tuple[str, ...]]] = {
    "prefectures": (
        {"adcode": CODE.key(), "name": TEXT.key(), "name_short": TEXT}
        | {"level": one_of("地级市", "自治州", "地区", "盟", "直辖")}
        | {"pinyin": TEXT, "initials": TEXT, "name_en": TEXT, "name_en_short": TEXT, "n": COUNT}
        | {"note": FREE, "note_en": FREE},
        (),
    ),
    "counties": (
        {"adcode": CODE.key(), "name": TEXT.key(), "name_short": TEXT.key()}
        | {"level": one_of("市辖区", "县级市", "县", "自治县", "旗", "自治旗"), "prefecture_code": CODE}
        | {"pinyin": TEXT, "initials": TEXT, "name_en": TEXT.key(), "name_en_short": TEXT.key(), "alias_en": FREE},
        (),
    ),
    "bands": (
        {"id": ID.key(), "order": COUNT.key(), "lower": COUNT, "upper": COUNT.optional(), "upper_open": FLAG}
        | {"comparator": TEXT, **NAMES, "n": COUNT, **CLAUSE},
        (),
    ),
    "band_counties": (
        {"band": ID, "order": COUNT, "comparator": TEXT, "adcode": CODE.key(), **PRINTED, **CLAUSE},
        ("band", "order"),
    ),
    "clusters": (
        {"id": ID.key(), "order": COUNT.key(), **NAMES, **GROUPED},
        (),
    ),
    "cluster_counties": (
        {"cluster": ID, "order": COUNT, "comparator": TEXT, "adcode": CODE, **PRINTED, **CLAUSE},
        ("cluster", "adcode"),
    ),
    "energy": (
        {"id": ID.key(), "order": COUNT.key(), "category": ID}
        | {"category_zh": TEXT, "category_en": TEXT, **NAMES, **GROUPED},
        (),
    ),
    "energy_counties": (
        {"energy": ID, "order": COUNT, "comparator": TEXT, "adcode": CODE, **PRINTED, **CLAUSE},
        ("energy", "adcode"),
    ),
    "parks": (
        {"id": ID.key(), "order": COUNT, "name": TEXT.key()}
        | {"name_en": TEXT.key(), "focus": TEXT, "focus_en": TEXT, "comparator": TEXT, "symbol": SYMBOL}
        | {"is_aspirational": FLAG, "target_yi": COUNT, "prefecture_code": CODE, "adcode": CODE.optional()}
        | {"host_basis": one_of("named", "inferred", "none"), "basis": TEXT, "basis_en": TEXT, "task": TASK, **CLAUSE},
        (),
    ),
    "expressways": (
        {"year": YEAR, "order": COUNT, "comparator": TEXT, "adcode": CODE.key(), **PRINTED, "n": COUNT, **CLAUSE},
        ("year", "order"),
    ),
    "projects": (
        {"id": ID.key(), "kind": one_of("airport", "railway")}
        | {"order": COUNT, "name": TEXT.key(), "name_en": TEXT.key(), "verb": TEXT, "verb_en": TEXT, "work": FREE}
        | {"work_en": FREE, "open_list": FLAG, "prefecture_code": CODE.optional(), "basis": TEXT, "basis_en": TEXT}
        | {"task": TASK, **CLAUSE},
        (),
    ),
    "provincial_targets": (
        {"id": ID.key(), "indicator": TEXT, "indicator_en": TEXT, "comparator": FREE, "symbol": SYMBOL}
        | {"is_aspirational": FLAG, "value": NUMBER, "upper": NUMBER.optional(), "unit": TEXT, "unit_en": FREE}
        | {"times_en": NUMBER, "said": FREE, "said_en": FREE}
        | {"kind": one_of("level", "rate", "delta", "range", "class", "annual", "threshold", "duration", "rule")}
        | {"deadline": FREE, "deadline_en": FREE, "section": SECTION, "task": ITEM.optional()}
        | {"box": BOX.optional(), "item": FREE, "note": FREE, "note_en": FREE},
        (),
    ),
    "qualitative_targets": (
        {"id": ID.key(), "target": TEXT, "target_en": TEXT, "comparator": TEXT, "section": SECTION, "task": TASK},
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
        {"id": ID.key(), "adcode": CODE.optional()}
        | {"prefecture_code": CODE.optional(), "place": TEXT, "place_en": TEXT, "duty": TEXT, "duty_en": TEXT}
        | {"verb": TEXT, "verb_en": TEXT, "basis": one_of("named", "inferred", "none"), "basis_note": FREE}
        | {"basis_note_en": FREE, "section": SECTION, "task": TASK},
        ("task", "place", "duty"),
    ),
    "rules": (
        {"id": ID.key(), "task": ITEM, "zh": TEXT.key(), "en": TEXT.key(), "section": SECTION},
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

# table and column that names a row of another table: (the other table, its column)
REFERENCES: tuple[tuple[str, str, str, str], ...] = (
    ("band_counties", "band", "bands", "id"),
    ("cluster_counties", "cluster", "clusters", "id"),
    ("energy_counties", "energy", "energy", "id"),
    *((name, "task", "tasks", "task") for name in ("parks", "projects", "qualitative_targets", "duties")),
    ("corrections", "task", "tasks", "task"),
    ("task_departments", "task", "tasks", "task"),
    ("measure_departments", "measure", "measures", "measure"),
    *((f"{name}_departments", "department", "departments", "department") for name in ("task", "measure")),
)
OF_COUNTIES = ("band_counties", "cluster_counties", "energy_counties", "expressways", "parks", "duties")
OF_PREFECTURES = ("counties", "parks", "projects", "duties")
# table, its key, its column of a count: (the table counted, the column of that which holds the key)
COUNTED: tuple[tuple[str, str, str, str, str], ...] = (
    ("prefectures", "adcode", "n", "counties", "prefecture_code"),
    ("bands", "id", "n", "band_counties", "band"),
    ("clusters", "id", "n", "cluster_counties", "cluster"),
    ("energy", "id", "n", "energy_counties", "energy"),
    ("expressways", "year", "n", "expressways", "year"),
    ("tasks", "task", "n_departments", "task_departments", "task"),
    ("measures", "measure", "n_departments", "measure_departments", "measure"),
)


def dangling(at: str, t: Mapping[str, pd.DataFrame], sound: Container[str], boxes: Iterable[str]) -> list[Problem]:
    """Return what one table names and another does not hold.

    Parameters
    ----------
    at : str
        The folder's name, which stands before each file's.
    t : mapping of str to DataFrame
        The tables that can be read, sound or not.
    sound : container of str
        Those whose every cell is as it must be: only these can say what there is.
    boxes : iterable of str
        The boxes that there are.
    """
    found: list[Problem] = []

    def lacking(name: str, column: str, known: Iterable[str] | None, zh: str, en: str) -> None:
        if known is not None and name in t and column in t[name]:
            found.extend(foreign(f"{at}/{name}.csv", t[name], column, known, zh, en))

    def listed(name: str, column: str) -> list[str] | None:
        return list(t[name][column]) if name in sound else None

    counties, prefectures = listed("counties", "adcode"), listed("prefectures", "adcode")
    zh, en = f"{len(counties or ())}个县之一", f"one of the {len(counties or ())} counties"
    for name in OF_COUNTIES:
        lacking(name, "adcode", counties, zh, en)
    zh, en = f"{len(prefectures or ())}个市州之一", f"one of the {len(prefectures or ())} prefectures"
    for name in OF_PREFECTURES:
        lacking(name, "prefecture_code", prefectures, zh, en)
    for name, column, other, key in REFERENCES:
        lacking(name, column, listed(other, key), f"{other}.csv 所列", f"one of {other}.csv")
    tasks, measures = listed("tasks", "task"), listed("measures", "measure")
    items = None if tasks is None or measures is None else [*tasks, *measures]
    for name in ("provincial_targets", "rules"):
        lacking(name, "task", items, "tasks.csv 或 measures.csv 所列", "one of tasks.csv or measures.csv")
    for name, (fields, _) in TABLES.items():
        if "box" in fields:
            lacking(name, "box", list(boxes), BOX.zh, BOX.en)
    return found


def disagreements(at: str, t: Mapping[str, pd.DataFrame], region: Region) -> list[Problem]:
    """Return where the tables contradict one another or the region, or a list its own stated number.

    Parameters
    ----------
    at : str
        The folder's name, which stands before each file's.
    t : mapping of str to DataFrame
        The tables, each sound by itself, and none naming what another does not hold.
    region : Region
        The counties of which the plan speaks.
    """
    found = [*_elsewhere(at, t, region), *_misplaced(at, t)]

    def listed(table: str, column: str) -> Mapping[str, int]:
        return {str(k): int(n) for k, n in t[table][column].value_counts().items()}

    for name, key, column, other, of in COUNTED:
        found += miscounted(f"{at}/{name}.csv", t[name], key, column, listed(other, of))
    tasks, measures = listed("task_departments", "department"), listed("measure_departments", "department")
    both = {d: tasks.get(d, 0) + measures.get(d, 0) for d in t["departments"]["department"]}
    found += miscounted(f"{at}/departments.csv", t["departments"], "department", "n_items", both)
    return found + _twice(at, t)


def _elsewhere(at: str, t: Mapping[str, pd.DataFrame], region: Region) -> list[Problem]:
    """Return the counties that the region does not know, or knows under another prefecture, and those left out."""
    file = f"{at}/counties.csv"
    zh, en = f"{region.name}的县", f"a county of {region.name_en}"
    found = foreign(file, t["counties"], "adcode", set(region.counties) - region.alone, zh, en)
    for row, county in enumerate(t["counties"].to_dict("records"), start=2):
        known = region.counties.get(county["adcode"])
        if known and known.prefecture_code != county["prefecture_code"]:
            zh, en = f"{known.prefecture_code}（{known.prefecture}）", known.prefecture_code
            found.append(Problem(file, row, "prefecture_code", county["prefecture_code"], zh, en))
    here = set(t["counties"]["adcode"]) | set(t["prefectures"].loc[t["prefectures"]["n"] == 0, "adcode"])
    for code in sorted(set(region.counties) - here):
        label = f"{code} {region.counties[code].name}"
        found.append(Problem(file, None, "adcode", label, "有此县", "this county to be there"))
    return found


def _misplaced(at: str, t: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Return the duties and rules that stand in another section than their task, or in no place or in two."""
    section = dict(zip(t["tasks"]["task"], t["tasks"]["section"], strict=True))
    section |= dict(zip(t["measures"]["measure"], t["measures"]["section"], strict=True))
    found: list[Problem] = []
    for name in ("duties", "rules"):
        for i, row in enumerate(t[name].to_dict("records")):
            if row["section"] != (own := section.get(row["task"], row["section"])):
                found.append(Problem(f"{at}/{name}.csv", i + 2, "section", row["section"], own, own))
    for i, row in enumerate(t["duties"].to_dict("records")):
        places = [code for code in (row["adcode"], row["prefecture_code"]) if code]
        if len(places) != (row["basis"] != "none"):
            zh = "一个县或一个市州；basis为none时留空"
            en = "one county or one prefecture, or none where basis is none"
            found.append(Problem(f"{at}/duties.csv", i + 2, "adcode", "+".join(places), zh, en))
    return found


def _twice(at: str, t: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Return the ids of one table that stand in another too: an address names an option by its id alone."""
    taken = {str(year): "expressways" for year in t["expressways"]["year"]}
    taken |= dict.fromkeys(t["prefectures"]["adcode"], "prefectures")
    found = []
    for name in ("bands", "clusters", "energy"):
        for row, id in enumerate(t[name]["id"], start=2):
            if id in taken:
                zh, en = f"{taken[id]}.csv 未用的编号", f"an id that {taken[id]}.csv does not use"
                found.append(Problem(f"{at}/{name}.csv", row, "id", str(id), zh, en))
            taken[str(id)] = name
    return found
