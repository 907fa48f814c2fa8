"""Where a datum stands: its clause of the plan with comparator, task and departments, or its published source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from targets.grades import LEAD, say_grade
from targets.indicators import Indicator, shipped_indicators
from targets.plan import Plan
from targets.speech import Speech

# group of options: (table that lists its counties, column of the option's id)
LISTS = {
    "band": ("band_counties", "band"),
    "cluster": ("cluster_counties", "cluster"),
    "energy": ("energy_counties", "energy"),
    "road": ("expressways", "year"),
}

LONGEST_FILE = 40  # characters of a file's name where it is cited
NUMERALS = "一二三四五六七八九"
PLAIN_SECTION = str.maketrans(f"{NUMERALS}\uff08\uff09", "123456789()")  # of the plan's sections, on English pages


@dataclass(frozen=True, slots=True)
class Source:
    """Where one datum stands; what does not apply is empty.

    Attributes
    ----------
    what : str
        The datum in a few words.
    clause, comparator : str
        Box and item, such as 专栏三·1(1); and the plan's own verb, such as 重点发展, always as printed.
    gloss : str
        What that verb says, in English; empty in Chinese.
    printed, correction : str
        The county's name as printed, and what was corrected, where the print had another name; of a published figure
        what stood there, where `what` says it otherwise.
    task : str
        Number and title of the task that the departments answer for.
    departments : tuple of str
        In the order printed.
    duty : str
        What the plan says of all departments together.
    source, url, period, grade, status, note, batch : str
        Of an observed value: publisher, title and date of its source, its address, its period or the day it stands at,
        its grade, the kind of text, what its source remarks, and the import it came with.
    imported : str
        That import in short, as of `cite_batch`.
    key : str
        The option's, park's or task's id where all that is said holds for each of its counties alike, else empty.
    """

    what: str
    clause: str = ""
    comparator: str = ""
    gloss: str = ""
    printed: str = ""
    correction: str = ""
    task: str = ""
    departments: tuple[str, ...] = ()
    duty: str = ""
    source: str = ""
    url: str = ""
    period: str = ""
    grade: str = ""
    status: str = ""
    note: str = ""
    batch: str = ""
    imported: str = ""
    key: str = ""

    @property
    def label(self) -> str:
        """What the mark says: the clause, or how far a figure may be relied on and of when it is."""
        return self.clause or " ".join(part for part in (self.grade or self.status, self.period) if part)


@lru_cache(maxsize=4096)  # a page asks some hundred times, and the plan does not change
def of_option(plan: Plan, id: str, adcode: str | None = None, lang: str = "zh") -> Source:
    """Return where an option of the plan stands, and with `adcode` how the plan prints that county in its list.

    Parameters
    ----------
    plan : Plan
    id : str
        A band, cluster, energy kind or road year; the last band is what the box leaves out.
    adcode : str, optional
        A county that holds the option.
    lang : str

    Raises
    ------
    KeyError
        When there is no such option, or the county does not hold it.
    """
    option, band, speech = plan.option(id), plan.groups["band"], Speech.of(lang)
    found = {"comparator": "", "printed": "", "correction": ""}
    if option.group in LISTS and id != plan.no_band:
        name, column = LISTS[option.group]
        rows = getattr(plan, name)
        rows = rows[rows[column].astype(str) == id]
        if adcode is not None:
            if adcode not in set(rows["adcode"]):
                raise KeyError(f"{adcode} is not in the list of {id}")
            rows = rows[rows["adcode"] == adcode]
            found |= _printed(rows.iloc[0], plan, speech)
        found["comparator"] = str(rows.iloc[0]["comparator"])
    return Source(
        what=speech.pick(option.zh, option.en),
        gloss=_gloss(plan, found["comparator"], speech),
        # Why no department answers for the bands.
        note=speech.pick(band.note, band.note_en) if option.group == "band" and id != plan.no_band else "",
        clause=speech.pick(option.clause_zh, option.clause_en),
        task=_task(plan, option.task, speech),
        departments=_departments(plan, option.departments, speech),
        duty=speech.pick(*plan.shared_duty),
        key="" if found["correction"] else id,
        **found,
    )


def of_park(plan: Plan, id: str, lang: str = "zh") -> Source:
    """Return where one of the parks stands, with the ground for its host county.

    Raises
    ------
    KeyError
        When there is no such park.
    """
    speech = Speech.of(lang)
    park = plan.parks.set_index("id").loc[id]
    return Source(
        what=speech.name(park),
        clause=plan.clause(str(park["box"]), str(park["item"]), lang),
        comparator=str(park["comparator"]),
        gloss=_gloss(plan, str(park["comparator"]), speech),
        task=_task(plan, str(park["task"]), speech),
        departments=_departments(plan, plan.responsible(str(park["task"])), speech),
        duty=speech.pick(*plan.shared_duty),
        note=str(park[speech.column("basis")]),
        key=id,
    )


def of_task(plan: Plan, task: str, lang: str = "zh") -> Source:
    """Return where one of the plan's numbered tasks stands, with the departments that answer for it.

    Raises
    ------
    KeyError
        When there is no such task.
    """
    speech = Speech.of(lang)
    row = plan.tasks.set_index("task").loc[task]
    section = str(row["section"])
    return Source(
        what=str(row[speech.column("title")]),
        clause=speech.word("clause_heading", section=say_section(section, lang), heading=row[speech.column("heading")]),
        task=_task(plan, task, speech),
        departments=_departments(plan, plan.responsible(task), speech),
        duty=speech.pick(*plan.shared_duty),
        key=f"task-{task}",
    )


def say_section(section: str, lang: str) -> str:
    """Return the number of a section of the plan: 三（一）, 3(1)."""
    return Speech.of(lang).pick(section, section.translate(PLAIN_SECTION))


def of_figure(
    row: Mapping[Any, Any],
    what: str,
    lang: str = "zh",
    batches: pd.DataFrame | None = None,
    notes_en: Mapping[tuple[str, str, str, str], str] | None = None,
    indicators: Mapping[str, Indicator] | None = None,
) -> Source:
    """Return where an observed value comes from.

    Parameters
    ----------
    row : mapping
        A row of `targets.observations.Store.observations`.
    what : str
        The value in a few words, in the language.
    lang : str
    batches : DataFrame, optional
        Of `targets.observations.Store.batches`; needed for imported values.
    notes_en : mapping, optional
        `targets.published.Published.notes_en`.
    indicators : mapping of str to Indicator, optional
        By default those shipped.
    """
    speech = Speech.of(lang)
    published = row["origin"] == "published"
    printed = str(row.get("printed") or "") if published else ""
    note = str(row["note"] or "")
    if notes_en is not None and published:
        key = (row["place"], row["indicator"], row["period"], row.get("printed", ""))
        note = speech.pick(note, notes_en.get(key, ""))
    return Source(
        what=what,
        printed="" if printed in what else printed,
        source=str(row["source"] or ""),
        url=str(row["source_url"] or ""),
        period=say_when(row, lang, indicators),
        grade=say_authority(row, lang),
        status=speech.status(str(row["status"]), row["origin"]),
        note=note,
        batch="" if pd.isna(row["batch"]) else say_batch(int(row["batch"]), batches, lang),
        imported="" if pd.isna(row["batch"]) else cite_batch(int(row["batch"]), batches, lang),
    )


def say_when(row: Mapping[Any, Any], lang: str = "zh", indicators: Mapping[str, Indicator] | None = None) -> str:
    """Say of when an observed value is: a stock of its day, an average of its years, all else of its period.

    Examples
    --------
    >>> say_when({"indicator": "capacity_power", "period": "2025-09", "as_of": "2025-09-20"})
    '截至2025-09-20'
    >>> say_when({"indicator": "population_year_end", "period": "2024"}, "en")
    'as of the end of 2024'
    >>> say_when({"indicator": "gdp_growth_avg", "period": "2025", "since": "2021"})
    '2021—2025年年均'
    """
    speech = Speech.of(lang)
    period, as_of, since = (str(row.get(name) or "") for name in ("period", "as_of", "since"))
    known = (indicators or shipped_indicators()).get(str(row["indicator"]))
    if not as_of and known is not None and known.kind == "level":
        as_of = speech.word("at_the_end", end=speech.end(period))
    if as_of:
        return speech.word("as_of", day=as_of)
    if since:
        average = str(row["indicator"]).endswith("_avg")
        return speech.word("average_since" if average else "since", first=since, last=speech.period(period))
    return speech.period(period)


def say_authority(row: Mapping[Any, Any] | pd.Series, lang: str = "zh") -> str:
    """Say how far an observed value may be relied on: its grade, a lead's kind; of an import the status given."""
    speech, grade = Speech.of(lang), str(row.get("grade") or "")
    status = speech.status(str(row["status"]), row["origin"])
    if row["origin"] == "import":
        return status
    named = say_grade(grade, lang) if grade else ""
    return named + speech.brackets(status) if grade == LEAD else named


def of_census(what: str, source: str, lang: str = "zh", note: str = "") -> Source:
    """Return where a population comes from: the census of 2020, whose moment was 0:00 on 1 November."""
    speech = Speech.of(lang)
    return Source(what=what, source=source, period=speech.word("census_day"), status=speech.word("census"), note=note)


def say_batch(batch: int, batches: pd.DataFrame | None, lang: str = "zh") -> str:
    """Name an import: its number, file, who and when (Beijing time)."""
    speech = Speech.of(lang)
    said = speech.word("batch", n=batch)
    for row in [] if batches is None else batches[batches["id"] == batch].to_dict("records"):
        when = row["time"].tz_convert("Asia/Shanghai").strftime("%Y-%m-%d %H:%M")
        said = speech.named(said, speech.join(part for part in (row["file"], row["who"], when) if part))
    return speech.capital(said)


def cite_batch(batch: int, batches: pd.DataFrame | None, lang: str = "zh") -> str:
    """Cite an import as where figures come from: its file, its number, the day it was made (in China)."""
    speech = Speech.of(lang)
    parts = [speech.word("batch", n=batch)]
    for row in [] if batches is None else batches[batches["id"] == batch].to_dict("records"):
        day = row["time"].tz_convert("Asia/Shanghai").strftime("%Y-%m-%d")
        parts = [part for part in (_short(row["file"]), *parts, day) if part]
    return speech.word("imported", what=speech.join(parts))


def _short(file: str) -> str:
    """Return a file's name, a long one without its middle."""
    return file if len(file) <= LONGEST_FILE else f"{file[: LONGEST_FILE - 13]}…{file[-12:]}"


def cite_source(row: Any, lang: str = "zh", batches: pd.DataFrame | None = None, prefix: str = "") -> str:
    """Say in one line where an observed value comes from: its source; of an import its file, batch and status.

    Parameters
    ----------
    row : mapping or Series
        With `origin`, `source` and `batch`, of an import also `status`, each after `prefix`.
    lang : str
    batches : DataFrame, optional
        Of `targets.observations.Store.batches`.
    prefix : str
    """
    source, batch = str(row[f"{prefix}source"] or ""), row[f"{prefix}batch"]
    if row[f"{prefix}origin"] != "import" or pd.isna(batch):
        return source
    speech = Speech.of(lang)
    said = cite_batch(int(batch), batches, lang)
    said += speech.brackets(speech.status(str(row.get(f"{prefix}status") or "")))
    return said + (speech.word("with_source", source=source) if source else "")


def _gloss(plan: Plan, verb: str, speech: Speech) -> str:
    """Return what the plan's verb says in English; nothing in Chinese."""
    return speech.pick("", plan.verbs[verb]) if verb else ""


def _printed(row: pd.Series, plan: Plan, speech: Speech) -> dict[str, str]:
    """Return the name as printed and what was corrected, where it is another name than the county's own."""
    names = dict(zip(plan.counties["adcode"], plan.counties["name_short"], strict=True))
    printed = str(row["printed"])
    if "".join(printed.split()) == names[row["adcode"]] or not row["correction"]:
        return {}
    return {"printed": printed, "correction": str(row[speech.column("correction")])}


def _task(plan: Plan, task: str, speech: Speech) -> str:
    if not task:
        return ""
    title = str(plan.tasks.set_index("task").loc[task, speech.column("title")])
    return speech.word("task_title", task=task, title=title)


def _departments(plan: Plan, departments: tuple[str, ...], speech: Speech) -> tuple[str, ...]:
    names = dict(zip(plan.departments["department"], plan.departments["department_en"], strict=True))
    return tuple(speech.pick(department, names[department]) for department in departments)
