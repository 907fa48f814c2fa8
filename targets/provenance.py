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
from targets.speech import say_end, say_period, say_status

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
    option = plan.option(id)
    zh = lang == "zh"
    found = {"comparator": "", "printed": "", "correction": ""}
    if option.group in LISTS and id != plan.no_band:
        name, column = LISTS[option.group]
        rows = getattr(plan, name)
        rows = rows[rows[column].astype(str) == id]
        if adcode is not None:
            if adcode not in set(rows["adcode"]):
                raise KeyError(f"{adcode} is not in the list of {id}")
            rows = rows[rows["adcode"] == adcode]
            found |= _printed(rows.iloc[0], plan, zh)
        found["comparator"] = str(rows.iloc[0]["comparator"])
    return Source(
        what=option.zh if zh else option.en,
        gloss="" if zh or not found["comparator"] else plan.verbs[found["comparator"]],
        note=_note(plan, zh) if option.group == "band" and id != plan.no_band else "",
        clause=option.clause_zh if zh else option.clause_en,
        task=_task(plan, option.task, zh),
        departments=_departments(plan, option.departments, zh),
        duty=plan.shared_duty[0 if zh else 1],
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
    zh = lang == "zh"
    park = plan.parks.set_index("id").loc[id]
    return Source(
        what=str(park["name"] if zh else park["name_en"]),
        clause=plan.clause(str(park["box"]), str(park["item"]), lang),
        comparator=str(park["comparator"]),
        gloss="" if zh else plan.verbs[str(park["comparator"])],
        task=_task(plan, str(park["task"]), zh),
        departments=_departments(plan, plan.responsible(str(park["task"])), zh),
        duty=plan.shared_duty[0 if zh else 1],
        note=str(park["basis"] if zh else park["basis_en"]),
        key=id,
    )


def of_task(plan: Plan, task: str, lang: str = "zh") -> Source:
    """Return where one of the plan's numbered tasks stands, with the departments that answer for it.

    Raises
    ------
    KeyError
        When there is no such task.
    """
    zh = lang == "zh"
    row = plan.tasks.set_index("task").loc[task]
    section = str(row["section"])
    return Source(
        what=str(row["title" if zh else "title_en"]),
        clause=f"第{section}部分《{row['heading']}》"
        if zh
        else f"Section {section.translate(PLAIN_SECTION)}: {row['heading_en']}",
        task=_task(plan, task, zh),
        departments=_departments(plan, plan.responsible(task), zh),
        duty=plan.shared_duty[0 if zh else 1],
        key=f"task-{task}",
    )


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
    zh = lang == "zh"
    printed = str(row.get("printed") or "") if row["origin"] == "published" else ""
    note = str(row["note"] or "")
    if not zh and notes_en is not None and row["origin"] == "published":
        note = notes_en.get((row["place"], row["indicator"], row["period"], row.get("printed", "")), "")
    return Source(
        what=what,
        printed="" if printed in what else printed,
        source=str(row["source"] or ""),
        url=str(row["source_url"] or ""),
        period=say_when(row, lang, indicators),
        grade=say_authority(row, lang),
        status=say_status(str(row["status"]), lang, row["origin"]),
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
    zh = lang == "zh"
    period, as_of, since = (str(row.get(name) or "") for name in ("period", "as_of", "since"))
    known = (indicators or shipped_indicators()).get(str(row["indicator"]))
    if not as_of and known is not None and known.kind == "level":
        as_of = say_end(period, lang) if zh else f"the e{say_end(period, lang)[1:]}"
    if as_of:
        return f"截至{as_of}" if zh else f"as of {as_of}"
    if since:
        average = str(row["indicator"]).endswith("_avg")
        if zh:
            return f"{since}—{say_period(period)}{'年均' if average else ''}"
        return f"{since}–{say_period(period, lang)}{', yearly average' if average else ''}"
    return say_period(period, lang)


def say_authority(row: Mapping[Any, Any] | pd.Series, lang: str = "zh") -> str:
    """Say how far an observed value may be relied on: its grade, a lead's kind; of an import the status given."""
    zh = lang == "zh"
    grade, status = str(row.get("grade") or ""), say_status(str(row["status"]), lang, row["origin"])
    if row["origin"] == "import":
        return status
    if grade != LEAD:
        return say_grade(grade, lang) if grade else ""
    named = say_grade(grade, lang)
    return f"{named}（{status}）" if zh else f"{named} ({status})"


def of_census(what: str, source: str, lang: str = "zh", note: str = "") -> Source:
    """Return where a population comes from: the census of 2020, whose moment was 0:00 on 1 November."""
    zh = lang == "zh"
    return Source(
        what=what,
        source=source,
        period="2020年11月1日" if zh else "1 November 2020",
        status="普查" if zh else "census",
        note=note,
    )


def say_batch(batch: int, batches: pd.DataFrame | None, lang: str = "zh") -> str:
    """Name an import: its number, file, who and when (Beijing time)."""
    said = f"第{batch}批" if lang == "zh" else f"Batch {batch}"
    rows = [] if batches is None else batches[batches["id"] == batch].to_dict("records")
    for row in rows:
        when = row["time"].tz_convert("Asia/Shanghai").strftime("%Y-%m-%d %H:%M")
        more = [part for part in (row["file"], row["who"], when) if part]
        said += ("：" if lang == "zh" else ": ") + ("，" if lang == "zh" else ", ").join(more)
    return said


def cite_batch(batch: int, batches: pd.DataFrame | None, lang: str = "zh") -> str:
    """Cite an import as where figures come from: its file, its number, the day it was made (in China)."""
    rows = [] if batches is None else batches[batches["id"] == batch].to_dict("records")
    parts = [f"第{batch}批" if lang == "zh" else f"batch {batch}"]
    for row in rows:
        day = row["time"].tz_convert("Asia/Shanghai").strftime("%Y-%m-%d")
        parts = [part for part in (_short(row["file"]), *parts, day) if part]
    return "导入：" + "，".join(parts) if lang == "zh" else "Imported: " + ", ".join(parts)


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
    status = say_status(str(row.get(f"{prefix}status") or ""), lang)
    said = cite_batch(int(batch), batches, lang)
    if lang == "zh":
        return said + (f"（{status}）" if status else "") + (f"，来源：{source}" if source else "")
    return said + (f" ({status})" if status else "") + (f", source: {source}" if source else "")


def _note(plan: Plan, zh: bool) -> str:
    """Say why no department answers for the bands."""
    band = plan.groups["band"]
    return band.note if zh else band.note_en


def _printed(row: pd.Series, plan: Plan, zh: bool) -> dict[str, str]:
    """Return the name as printed and what was corrected, where it is another name than the county's own."""
    names = dict(zip(plan.counties["adcode"], plan.counties["name_short"], strict=True))
    printed = str(row["printed"])
    if "".join(printed.split()) == names[row["adcode"]] or not row["correction"]:
        return {}
    return {"printed": printed, "correction": str(row["correction"] if zh else row["correction_en"])}


def _task(plan: Plan, task: str, zh: bool) -> str:
    if not task:
        return ""
    title = str(plan.tasks.set_index("task").loc[task, "title" if zh else "title_en"])
    return f"任务{task}《{title}》" if zh else f"Task {task}: {title}"


def _departments(plan: Plan, departments: tuple[str, ...], zh: bool) -> tuple[str, ...]:
    if zh:
        return departments
    names = dict(zip(plan.departments["department"], plan.departments["department_en"], strict=True))
    return tuple(names[department] for department in departments)
