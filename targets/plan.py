"""The plan: what each county was promised, box by box, read from a plan's folder and checked.

A plan is a folder: ``plan.toml`` says what it is, how its groups are made and which counties it speaks of, and the
tables beside it hold what it lists. Everything that depends on the plan is asked of a `Plan`, which is passed along.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from geodata.names import SHIPPED as SHIPPED_REGION
from geodata.names import Region, RegionError, load_region
from targets.checks import DataError, Problem, raw_table, read_table
from targets.plan_tables import ID, NAMES, SECTION, TABLES, dangling, disagreements
from targets.speech import Speech

SHIPPED = Path(__file__).resolve().parent / "plans" / "2022-2025"
# What a county may be filtered by; the parks are a group of the plan that none is filtered by.
GROUPS = ("band", "cluster", "energy", "road", "prefecture")
KINDS = {
    **{"band": "bands", "cluster": "memberships", "energy": "memberships", "road": "dated", "park": "amounts"},
    "prefecture": "places",
}
# What may answer a provincial target, and what it must say.
PROBES: Mapping[str, Mapping[str, type]] = {
    "figure": {"indicator": str},
    "near": {"indicator": str, "note": str, "note_en": str},
    "class": {"lower": int},
    "opened": {"year": int},
    "award": {"award": str},
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
class Group:
    """One of the plan's groups: of what kind its box is, which box, and the task behind it.

    `targets` are the provincial targets that say what its options should come to; `note` why no department answers
    for it; `names` how an option of a dated group is called, by `NAMES`, with ``{}`` for its year; `unlisted` the id
    and names of what a box of bands leaves out.
    """

    id: str
    kind: str
    box: str = ""
    section: str = ""
    task: str = ""
    targets: tuple[str, ...] = ()
    note: str = ""
    note_en: str = ""
    names: Mapping[str, str] | None = None
    unlisted: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Boxes:
    """How the plan's boxes are called: `numbers` in English by id, `items` the English of items that are words."""

    zh: str
    en: str
    en_many: str
    noun: str
    noun_en: str
    numbers: Mapping[str, str]
    items: Mapping[str, str]

    def name(self, ids: Iterable[str], lang: str = "zh") -> str:
        """Name one box, or several together: 专栏二、三, Boxes 2 and 3."""
        ids = list(dict.fromkeys(ids))
        if lang == "zh":
            return self.zh.format("、".join(ids))
        numbers = [self.numbers[id] for id in ids]
        if len(numbers) == 1:
            return self.en.format(numbers[0])
        return self.en_many.format(f"{', '.join(numbers[:-1])} and {numbers[-1]}")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that the atlas chose, and why."""

    value: float
    why: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Probe:
    """What answers a provincial target; see ``plan.toml``."""

    target: str
    kind: str
    indicator: str = ""
    note: str = ""
    note_en: str = ""
    lower: int = 0
    upper: int | None = None
    year: int = 0
    award: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """What the plan says of itself: its title, the days on which it begins and ends, and the year of its targets.

    `number` is the document number (文号), empty where none is known; `action` what a meeting calls the plan.
    """

    title: str
    title_en: str
    begin: date
    end: date
    target_year: int
    action: str
    action_en: str
    issuer: str
    issuer_en: str
    issued: str
    source: str
    source_en: str
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
    region: Region
    boxes: Boxes
    groups: Mapping[str, Group]
    thresholds: Mapping[str, Threshold]
    verbs: Mapping[str, str]
    probes: Mapping[str, Probe]
    shared_duty: tuple[str, str]

    def responsible(self, task: str) -> tuple[str, ...]:
        """Return the departments of a task (``"12"``) or measure (``"M4"``), in the order printed."""
        for table, key in ((self.task_departments, "task"), (self.measure_departments, "measure")):
            if (mine := table[key] == task).any():
                return tuple(table.loc[mine, "department"])
        return ()

    @property
    def no_band(self) -> str:
        """The id of what the box of bands leaves out."""
        unlisted = self.groups["band"].unlisted
        assert unlisted is not None
        return unlisted["id"]

    @cached_property
    def alone(self) -> frozenset[str]:
        """The prefectures that have no county, and so no county's target."""
        return frozenset(set(self.prefectures["adcode"]) - set(self.counties["prefecture_code"]))

    @cached_property
    def options(self) -> pd.DataFrame:
        """Every option, indexed by id, in the order of the plan; the columns are the fields of `Option`."""
        return pd.DataFrame([_asdict(o) for o in self._options.values()]).set_index("id", drop=False)

    @cached_property
    def option_ids(self) -> dict[str, tuple[str, ...]]:
        """The ids of each group, in the order of the plan."""
        return {g: tuple(o.id for o in self._options.values() if o.group == g) for g in GROUPS}

    @cached_property
    def kinds(self) -> dict[str, tuple[str, ...]]:
        """The ids of each category of energy kinds, in the order of the plan."""
        held = self.energy.groupby("category", sort=False)["id"]
        return {str(category): tuple(map(str, ids)) for category, ids in held}

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

    def box(self, *groups: str, lang: str = "zh") -> str:
        """Name the box of a group, or the boxes of several: 专栏二、三."""
        return self.boxes.name([self.groups[group].box for group in groups], lang)

    def clause(self, box: str, item: str = "", lang: str = "zh") -> str:
        """Say where in the plan something is printed.

        Examples
        --------
        >>> plan = load_plan()
        >>> plan.clause("三", "1(2)"), plan.clause("三", "1(2)", "en"), plan.clause("一", lang="en")
        ('专栏三·1(2)', 'Box 3·1(2)', 'Box 1')
        """
        if not box:
            return ""
        named = self.boxes.name([box], lang)
        item = self.boxes.items.get(item, item) if lang == "en" else item
        return f"{named}·{item}" if item else named

    @cached_property
    def said(self) -> Mapping[str, Mapping[str, object]]:
        """What sentences of the pages say of the plan, by language: its boxes, years, places and title."""
        return {lang: self._said(lang) for lang in ("zh", "en")}

    def _said(self, lang: str) -> dict[str, object]:
        speech, term, region = Speech.of(lang), self.term, self.region
        first, last = term.begin.year, term.end.year
        years = list(self.expressways["year"])
        prefectures = self.prefectures.to_dict("records")
        alone = [p[speech.pick("name", "name_en_short")] for p in prefectures if p["adcode"] in self.alone]
        return {
            **{f"box_{group}": self.box(group, lang=lang) for group in self.groups if self.groups[group].box},
            "boxes_roles": self.box("cluster", "energy", lang=lang),
            "boxes_lists": self.box("band", "cluster", "energy", "road", lang=lang),
            "boxes_noun": speech.pick(self.boxes.noun, self.boxes.noun_en),
            "plan_title": speech.pick(term.title, term.title_en),
            "action": speech.pick(term.action, term.action_en),
            "issuer": speech.pick(term.issuer, term.issuer_en),
            "issued": term.issued,
            "text_used": speech.pick(term.source, term.source_en),
            "shared_duty": speech.pick(*self.shared_duty),
            "no_departments": speech.pick(self.groups["band"].note, self.groups["band"].note_en),
            "target_year": term.target_year,
            "plan_years": speech.pick(f"{first}—{last}年", f"{first}–{last}"),
            "road_years": speech.pick(f"{min(years)}—{max(years)}年", f"{min(years)}–{max(years)}") if years else "",
            "province": speech.pick(region.name, region.name_en),
            "province_short": speech.pick(region.short, region.name_en),
            "inset_name": speech.pick(region.inset_name, region.inset_name_en),
            "alone": speech.list(alone),
            "all_counties": len(self.counties),
            "a_prefecture": self._example(speech),
        }

    def _example(self, speech: Speech) -> str:
        """Return a prefecture with its code, as an example."""
        row = self.prefectures.iloc[-1]
        return speech.pick(f"{row['name']}{row['adcode']}", f"{row['adcode']} for {row['name_en_short']}")

    @cached_property
    def _options(self) -> dict[str, Option]:
        section = {str(r.task): str(r.section) for r in self.tasks.itertuples()}

        def make(group: str, row: Any, **other: Any) -> Option:
            named = {k: getattr(row, k, "") for k in ("id", *NAMES, "mark", "box", "item")} | other
            of = self.groups[group]
            return Option(
                group=group,
                clause_zh=self.clause(named["box"], named["item"]),
                clause_en=self.clause(named["box"], named["item"], "en"),
                section=of.section or section.get(of.task, ""),
                task=of.task,
                departments=self.responsible(of.task),
                n=int(row.n),
                **named,
            )

        found = [make("band", r) for r in self.bands.itertuples()]
        # The counties that the box leaves out are a class of their own, not a lowest band.
        unlisted = SimpleNamespace(n=len(self.counties) - len(self.band_counties))
        found.append(make("band", unlisted, box=self.groups["band"].box, **(self.groups["band"].unlisted or {})))
        found += [make("cluster", r) for r in self.clusters.itertuples()]
        found += [make("energy", r) for r in self.energy.itertuples()]
        for year in self.expressways.drop_duplicates("year").itertuples():
            named = {name: text.format(year.year) for name, text in (self.groups["road"].names or {}).items()}
            found.append(make("road", year, id=str(year.year), **named))
        for p in self.prefectures.itertuples():
            words = (str(p.name), str(p.name_en), str(p.name_short), str(p.name_en_short))
            found.append(make("prefecture", p, id=str(p.adcode), **dict(zip(NAMES, words, strict=True))))
        return {o.id: o for o in found}


def _asdict(option: Option) -> dict[str, Any]:
    return {name: getattr(option, name) for name in Option.__slots__}


def load_plan(folder: str | Path | None = None) -> Plan:
    """Read and check a plan.

    Parameters
    ----------
    folder : path, optional
        The plan's folder; by default the one shipped.

    Returns
    -------
    Plan
        The same object for the same folder.

    Raises
    ------
    DataError
        When a file is missing, any cell is not as it must be, an adcode is unknown, one table names what another does
        not hold, or a stated number is not the number listed. Every problem of every file is in the one message.
    """
    return _load(Path(folder).resolve() if folder else SHIPPED)


@cache
def _load(folder: Path) -> Plan:
    at = folder.name
    if not folder.is_dir():
        raise DataError([Problem(str(folder), None, "", "", "方案的文件夹", "the folder of a plan")])
    tables: dict[str, pd.DataFrame] = {}
    sound: set[str] = set()
    problems: list[Problem] = []
    for name, (columns, key) in TABLES.items():
        try:
            tables[name] = read_table(folder / f"{name}.csv", columns, key)
            sound.add(name)
        except DataError as error:
            problems += error.problems
            if (table := raw_table(folder / f"{name}.csv")) is not None:
                tables[name] = table
    made = _Reader(folder / "plan.toml")
    head = made.read()
    evaluation: dict[str, Any] = {}
    path = folder / made.text("evaluation", "evaluation_rules.json")
    try:
        evaluation = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problems.append(Problem(f"{at}/{path.name}", None, "", str(error), "可读的JSON文件", "a readable JSON file"))
    problems += made.problems
    if head:
        said = {(problem.file, problem.row, problem.column) for problem in problems}
        loose = dangling(at, tables, sound, head["boxes"].numbers)
        problems += [one for one in loose if (one.file, one.row, one.column) not in said]
    # Numbers can be compared only when each table is sound.
    if not problems:
        problems = disagreements(at, tables, head["region"])
        problems += _other_term(at, tables["calendar"], head["term"]) + made.unknown(tables)
    if problems:
        raise DataError(problems)
    parts: dict[str, Any] = {**tables, **head, "evaluation": evaluation}
    return Plan(**parts)


class _Reader:
    """Reads ``plan.toml`` and keeps what is wrong with it; a key is named with the tables that it stands in."""

    def __init__(self, path: Path) -> None:
        self.path, self.problems, self.held = path, [], {}
        try:
            self.held = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self.wrong("", error, "可读的TOML文件", "a readable TOML file")

    path: Path
    problems: list[Problem]
    held: dict[str, Any]

    def wrong(self, key: str, value: object, zh: str, en: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(f"{self.path.parent.name}/{self.path.name}", None, key, str(value), zh, en))

    def at(self, key: str) -> Any:
        """Return what stands under a key parted by dots, or None."""
        value: Any = self.held
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Return a line of text; without a default it must be there."""
        value = self.at(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.wrong(key, "" if value is None else value, "一行文字", "a line of text")
            return ""
        return value

    def typed(self, key: str, kind: type, zh: str, en: str) -> Any:
        """Return a value of one type, which must be there."""
        value = self.at(key)
        if type(value) is not kind:
            self.wrong(key, "" if value is None else value, zh, en)
            return None
        return value

    def texts(self, key: str) -> dict[str, str]:
        """Return a table of texts, empty where there is none."""
        value = self.at(key) or {}
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.wrong(key, value, "键与文字", "keys with texts")
            return {}
        return value

    def read(self) -> dict[str, Any]:
        """Return the parts of a `Plan` that stand here; what is wrong is in `problems`."""
        if self.problems:
            return {}
        return {
            "term": self._term(),
            "region": self._region(),
            "boxes": self._boxes(),
            "groups": {id: self._group(id) for id in KINDS},
            "thresholds": {id: self._threshold(id) for id in ("pace", "enough")},
            "verbs": self.texts("verbs"),
            "probes": self._probes(),
            "shared_duty": (self.text("shared_duty"), self.text("shared_duty_en")),
        }

    def _term(self) -> Term | None:
        before = len(self.problems)
        named = {f.name: self.text(f.name) for f in fields(Term) if f.type == "str" and f.name != "number"}
        when = {
            name: self.typed(f"term.{name}", date, "一天\uff0c如 2022-01-01", "a day, as 2022-01-01")
            for name in ("begin", "end")
        }
        year = self.typed("term.target_year", int, "年份\uff0c如 2025", "a year, as 2025")
        number = self.text("number", "")
        if len(self.problems) > before:
            return None
        given: dict[str, Any] = {**named, **when, "target_year": year, "number": number}
        term = Term(**given)
        if term.end < term.begin:
            self.wrong("term.end", term.end, f"不早于{term.begin}", f"no day before {term.begin}")
        if not term.begin.year <= term.target_year <= term.end.year:
            self.wrong("term.target_year", term.target_year, "实施期内的一年", "a year of the term")
        return term

    def _region(self) -> Region | None:
        if not (named := self.text("region")):
            return None
        try:
            path = self.path.parent / named if named.endswith(".toml") else SHIPPED_REGION.with_name(f"{named}.toml")
            return load_region(path.resolve())
        except RegionError as error:
            zh, _, en = str(error).partition(" / ")
            self.wrong("region", named, f"可读的地区文件（{zh}）", f"a readable region ({en})")
            return None

    def _boxes(self) -> Boxes:
        forms = [self.text(f"boxes.{form}") for form in ("zh", "en", "en_many")]
        for form, text in zip(("zh", "en", "en_many"), forms, strict=True):
            if text and text.count("{}") != 1:
                self.wrong(f"boxes.{form}", text, "有一处 {}", "to have {} once")
        zh, en, en_many = forms
        noun, noun_en = self.text("boxes.noun"), self.text("boxes.noun_en")
        return Boxes(zh, en, en_many, noun, noun_en, self.texts("boxes.numbers"), self.texts("boxes.items"))

    def _group(self, id: str) -> Group:
        at = f"groups.{id}"
        if (kind := self.text(f"{at}.kind")) and kind != KINDS[id]:
            self.wrong(f"{at}.kind", kind, KINDS[id], KINDS[id])
        box = "" if kind == "places" else self.text(f"{at}.box")
        if box and box not in self.texts("boxes.numbers"):
            self.wrong(f"{at}.box", box, "[boxes.numbers] 所列", "one of [boxes.numbers]")
        targets = self.at(f"{at}.targets") or []
        if not isinstance(targets, list) or not all(isinstance(one, str) for one in targets):
            self.wrong(f"{at}.targets", targets, "一列编号", "a list of ids")
            targets = []
        section = self.text(f"{at}.section", "")
        if section and not re.fullmatch(SECTION.pattern, section):
            self.wrong(f"{at}.section", section, SECTION.zh, SECTION.en)
        names = {name: self.text(f"{at}.{name}") for name in NAMES} if kind == "dated" else None
        unlisted = None
        if kind == "bands":
            unlisted = {name: self.text(f"{at}.unlisted.{name}") for name in ("id", *NAMES)}
            if unlisted["id"] and not re.fullmatch(ID.pattern, unlisted["id"]):
                self.wrong(f"{at}.unlisted.id", unlisted["id"], ID.zh, ID.en)
        note, note_en = (self.text(f"{at}.{key}", "") for key in ("note", "note_en"))
        task = self.text(f"{at}.task", "")
        return Group(id, kind, box, section, task, tuple(targets), note, note_en, names, unlisted)

    def _threshold(self, id: str) -> Threshold:
        at, value = f"thresholds.{id}", self.at(f"thresholds.{id}.value")
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            self.wrong(f"{at}.value", "" if value is None else value, "0到1之间的数", "a number between 0 and 1")
            value = 0
        return Threshold(float(value), self.text(f"{at}.why"), self.text(f"{at}.why_en"))

    def _probes(self) -> dict[str, Probe]:
        found: dict[str, Probe] = {}
        given = self.at("probes") or []
        for n, one in enumerate(given if isinstance(given, list) else [given], start=1):
            kind = one.get("kind") if isinstance(one, dict) else None
            needs = {"target": str, **PROBES.get(str(kind), {})}
            if kind not in PROBES or any(type(one.get(key)) is not of for key, of in needs.items()):
                each = "；".join(f"{name}：target、{'、'.join(keys)}" for name, keys in PROBES.items())
                each_en = "; ".join(f"{name}: target, {', '.join(keys)}" for name, keys in PROBES.items())
                self.wrong(f"probes[{n}]", one, f"kind 及其各项（{each}）", f"a kind with its keys ({each_en})")
                continue
            if strange := set(one) - {f.name for f in fields(Probe)}:
                self.wrong(f"probes[{n}]", ", ".join(sorted(strange)), "无此项", "no such key")
                continue
            found[one["target"]] = Probe(**one)
        return found

    def unknown(self, tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
        """Return what is named here and stands in no table."""
        tasks, targets = set(tables["tasks"]["task"]), set(tables["provincial_targets"]["id"])
        verbs = self.texts("verbs")
        for id in KINDS:
            if (task := self.text(f"groups.{id}.task", "")) and task not in tasks:
                self.wrong(f"groups.{id}.task", task, "tasks.csv 所列", "one of tasks.csv")
            for target in self.at(f"groups.{id}.targets") or []:
                if target not in targets:
                    zh, en = "provincial_targets.csv 所列", "one of provincial_targets.csv"
                    self.wrong(f"groups.{id}.targets", target, zh, en)
        for n, probe in enumerate(self.at("probes") or [], start=1):
            if probe["target"] not in targets:
                zh, en = "provincial_targets.csv 所列", "one of provincial_targets.csv"
                self.wrong(f"probes[{n}].target", probe["target"], zh, en)
        ids = {*tables["bands"]["id"], *tables["clusters"]["id"], *tables["energy"]["id"]}
        if (unlisted := self.text("groups.band.unlisted.id", "")) in ids:
            self.wrong("groups.band.unlisted.id", unlisted, "别处未用的编号", "an id not used elsewhere")
        for name in ("bands", "clusters", "energy", "parks", "expressways"):
            for verb in sorted(set(tables[name]["comparator"]) - set(verbs)):
                self.wrong("verbs", verb, f"{name}.csv 所用的词都有英文", f"to have the words of {name}.csv")
        return self.problems


def _other_term(at: str, calendar: pd.DataFrame, term: Term) -> list[Problem]:
    """Return where the calendar's row ``period`` names other years than the term's first and last."""
    years = [str(term.begin.year), str(term.end.year)]
    row = calendar[calendar["id"] == "period"]
    if row.empty:
        return [Problem(f"{at}/calendar.csv", None, "id", "", "有 period 一行", "to have a row period")]
    said = {column: str(row[column].iloc[0]) for column in ("label", "frequency", "frequency_en")}
    return [
        Problem(f"{at}/calendar.csv", int(row.index[0]) + 2, column, text, "—".join(years) + "年", "–".join(years))
        for column, text in said.items()
        if re.findall(r"\d{4}", text) != years
    ]
