"""What became of the rest of the plan: expressways, projects, provincial targets, parks, awards and warning talks.

Pure functions, like those of `targets.progress`; a target has an outcome only where a figure measures that very thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from targets.evidence import JUDGES, figures, latest, settled
from targets.plan import Plan, Probe
from targets.progress import (
    GAP,
    YI,
    Ladder,
    Rules,
    classes,
    ladder,
)
from targets.published import PROVINCE, Published
from targets.speech import Speech, exact

ROAD, PARK = "road_opened", "park_gdp"
HUNDRED = 100  # 亿元: the class of counties that the province itself counts

# ---- roads ----------------------------------------------------------------------------------------------------------

ON_TIME, LATE, EARLY, UNKNOWN = "on_time", "late", "early", "unknown"
OUTCOMES: Mapping[str, tuple[str, str]] = {
    ON_TIME: ("按期", "on time"),
    LATE: ("晚于计划", "late"),
    EARLY: ("早于计划", "early"),
    UNKNOWN: ("未查到通车记录", "no record of opening found"),
}
# Beside the province's own count, which is of more than expressways.
FIRST_CLASS = (
    "公布的全省通高速县数把一级公路也计入。",
    "The published counts of the province take first-class roads as expressways.",
)


@dataclass(frozen=True, eq=False)
class Roads:
    """Expressways that the plan lists against those known to have opened.

    Attributes
    ----------
    counties : DataFrame
        By adcode, in the order planned: `name_short`, `name_en`, `planned_year`, `opened_year` (``<NA>`` when
        unknown), `when` (the date as far as it is known, only the year where the source contradicts itself on the
        day, or ``""``; see `say_when`), `status` (opened, unknown), `outcome` (a key of `OUTCOMES`, by year), `road`,
        `road_en`, `source`, `source_url`, `note`, `note_en`, `origin`.
    steps : DataFrame
        By year: `planned`, `opened`, and the sums up to it, `planned_total`, `opened_total`. Openings are those that
        are known: the true number may be higher.
    totals : DataFrame
        How many of all counties were connected, by the day of the count (`as_of`; `date` is the report's), as
        published: context, another count than the plan's.
    """

    counties: pd.DataFrame
    steps: pd.DataFrame
    totals: pd.DataFrame
    plan: Plan

    @property
    def unknown(self) -> tuple[str, ...]:
        """The adcodes of which no opening is known."""
        return tuple(self.counties.index[self.counties["outcome"] == UNKNOWN])

    def sentences(self, lang: str = "zh") -> list[str]:
        """Return what is known, one sentence each, with the names of what is not on time or not known."""
        speech, plan = Speech.of(lang), self.plan
        c = self.counties
        n = c["outcome"].value_counts().reindex(list(OUTCOMES), fill_value=0)

        def names(outcome: str) -> str:
            return speech.list(c.loc[c["outcome"] == outcome, speech.pick("name_short", "name_en")])

        opened = len(c) - int(n[UNKNOWN])
        how = speech.join(speech.word(f"opened_{one}", n=n[one]) for one in (ON_TIME, EARLY, LATE) if n[one])
        known = speech.word("opened_known", n=opened, how=how) if opened else ""
        said = [speech.word("opened_of_plan", plan, n=len(c), known=known)]
        if listed := [speech.word(f"opened_{one}_names", names=names(one)) for one in (EARLY, LATE) if n[one]]:
            said.append(speech.sentence(speech.clauses(listed)))
        if n[UNKNOWN]:
            said.append(speech.word("opened_no_record", n=n[UNKNOWN], names=names(UNKNOWN)))
        for row in self.totals.to_dict("records"):
            # A report from before the day it speaks of announces what will be; it has not seen it.
            day, reported = row["as_of"], row["date"]
            ahead = len(day) == len(reported) == 10 and reported < day
            of = "" if pd.isna(row["total"]) else speech.word("opened_of", n=row["total"])
            key = "opened_whole_ahead" if ahead else "opened_whole" if len(day) > 4 else "opened_whole_year"
            said.append(speech.word(key, n=row["connected"], of=of, day=day, source=row["source"]))
        if len(self.totals):
            said.append(speech.pick(*FIRST_CLASS))
        return said


def roads(counties: pd.DataFrame, observations: pd.DataFrame, published: Published, plan: Plan) -> Roads:
    """Compare the expressways planned with those opened.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`.
    observations : DataFrame
        A row of indicator ``road_opened`` (value YYYYMMDD, ``00`` where month or day are not known; the road in the
        note) stands before what was published. The period under which it was imported plays no part.
    published : Published
        For the sources of the published openings, and the totals.
    plan : Plan

    Raises
    ------
    ValueError
        When a ``road_opened`` value is not a date.
    """
    sources = published.expressways_opened.set_index("adcode").to_dict("index")
    unheard = dict.fromkeys(("source", "url", "note", "note_en"), "")
    planned = counties[counties["is_county"] & counties["road_year"].notna()]
    mine = settled(observations[observations["indicator"] == ROAD])
    mine = mine[mine["standing"] == JUDGES]
    mine = mine.assign(_batch=mine["batch"].fillna(-1)).sort_values("_batch", kind="stable")
    given = mine.drop_duplicates("place", keep="last").set_index("place").to_dict("index")
    rows = {}
    for adcode, county in planned.iterrows():
        place, record = str(adcode), sources.get(str(adcode), unheard)
        row: dict[str, Any] = {
            "name_short": county["name_short"],
            "name_en": county["name_en"],
            "planned_year": int(county["road_year"]),
        }
        if place in given:
            own = given[place]
            date = say_date(own["value"])
            row |= {"opened_year": int(date[:4]), "when": date, "road": own["note"], "road_en": own["note"]}
            row |= {field: own[field] for field in ("source", "source_url", "origin", "batch")}
            row |= {"note": "", "note_en": ""}
        else:
            year = county["road_opened_year"]
            row |= {"opened_year": pd.NA if pd.isna(year) else int(year), "when": county["road_opened_date"] or ""}
            row |= {"road": county["road"] or "", "road_en": county["road_en"] or "", "origin": "published"}
            row["batch"] = pd.NA
            row |= {"source": record["source"], "source_url": record["url"]}
            row |= {"note": record["note"], "note_en": record["note_en"]}
            if county["road_date_precision"] in ("year", "uncertain"):
                row["when"] = str(row["opened_year"])
        row["status"] = "unknown" if pd.isna(row["opened_year"]) else "opened"
        row["outcome"] = _outcome(row["planned_year"], row["opened_year"])
        rows[place] = row
    table = pd.DataFrame.from_dict(rows, orient="index", columns=_ROAD)
    table = table.astype(dict.fromkeys(("planned_year", "opened_year", "batch"), "Int64"))
    order = {str(a): i for i, a in enumerate(plan.expressways["adcode"])}
    table = table.loc[sorted(table.index, key=lambda a: order.get(str(a), len(order)))].rename_axis("adcode")
    known = [int(y) for y in table["opened_year"].dropna()]
    ends = [int(y) for y in table["planned_year"]] + known
    years = pd.RangeIndex(min(ends), max(ends) + 1, name="year") if ends else pd.RangeIndex(0, name="year")
    steps = pd.DataFrame(
        {
            "planned": [int((table["planned_year"] == y).sum()) for y in years],
            "opened": [known.count(y) for y in years],
        },
        index=years,
    )
    steps["planned_total"], steps["opened_total"] = steps["planned"].cumsum(), steps["opened"].cumsum()
    totals = published.connected_totals
    return Roads(table, steps, totals if plan.region.code == PROVINCE else totals.iloc[:0], plan)


_ROAD = (
    *("name_short", "name_en", "planned_year", "opened_year", "when", "road", "road_en"),
    *("source", "source_url", "origin", "batch", "note", "note_en", "status", "outcome"),
)


def _outcome(planned: int, opened: Any) -> str:
    if pd.isna(opened):
        return UNKNOWN
    return ON_TIME if opened == planned else EARLY if opened < planned else LATE


def say_date(value: float) -> str:
    """Return YYYYMMDD as text, as far as it is known."""
    text = f"{value:.0f}"
    if not re.fullmatch(r"(19|20)\d\d(0000|(0[1-9]|1[0-2])(0[0-9]|[12]\d|3[01]))", text):
        raise ValueError(f"{ROAD}: {text} is not a date like 20231225, 20231200 or 20230000")
    return "-".join(part for part in (text[:4], text[4:6], text[6:]) if part != "00")


def say_when(when: str, lang: str = "zh") -> str:
    """Return the `when` of an opening as a sentence says it.

    Examples
    --------
    >>> say_when("2023"), say_when("2023", "en"), say_when("2023-12-25")
    ('2023年', '2023', '2023-12-25')
    """
    return Speech.of(lang).period(when) if re.fullmatch(r"\d{4}", when) else when


# ---- the rest of the plan -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectGroup:
    """Airports or railways for which the plan has the same verb.

    `items` are (id, name, work) in the order printed; `is_open` when the plan's list ends with 等 ("and others").
    """

    kind: str
    verb: str
    items: tuple[tuple[str, str, str], ...]
    is_open: bool
    clause: str


def projects(plan: Plan, lang: str = "zh") -> list[ProjectGroup]:
    """Return the airports and railways, grouped by the plan's verb; what became of them is not known here."""
    end = Speech.of(lang).column("")
    found = []
    for (kind, verb), rows in plan.projects.groupby(["kind", f"verb{end}"], sort=False):
        items = tuple(zip(rows["id"], rows[f"name{end}"], rows[f"work{end}"], strict=True))
        where = rows.iloc[0]
        found.append(
            ProjectGroup(
                str(kind),
                str(verb),
                items,
                bool(rows["open_list"].any()),
                plan.clause(where["box"], where["item"], lang),
            )
        )
    return found


AWARDS: Mapping[str, tuple[str, str]] = {
    "strong": ("十强县", "strong county"),
    "advanced": ("先进县", "advanced county"),
    "progress": ("进步县", "progress county"),
}


def provincial(
    plan: Plan,
    observations: pd.DataFrame,
    counties: pd.DataFrame,
    published: Published,
    rules: Rules,
) -> pd.DataFrame:
    """Set beside each provincial target what is known of it.

    Returns
    -------
    DataFrame
        The rows and columns of `Plan.provincial_targets`, by `id`, with `clause_zh`, `clause_en`, and

        - `known` (in the unit of the target), `known_period`, `known_source`: only where a figure measures that very
          thing
        - `basis`: ``same``; ``at_least`` when `known` is a lower bound, since part is unknown; ``context`` when there
          is only a figure of something near; ``""`` when nothing is known
        - `known_zh`, `known_en`: the finding as a sentence, ``""`` when there is none
    """
    table = plan.provincial_targets.set_index("id", drop=False)
    rungs = ladder(counties, observations, rules, plan)
    opened = roads(counties, observations, published, plan).counties
    rows = {str(id): _provincial(str(id), plan, observations, rungs, opened, published) for id in table.index}
    found = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=_KNOWN)
    found["known"] = pd.array([pd.NA if pd.isna(v) else float(v) for v in found["known"]], dtype="Float64")
    texts = [c for c in _KNOWN if c != "known"]
    found[texts] = found[texts].astype(object).fillna("")
    # A target outside the boxes has its task; only what a box prints has a clause.
    for lang in ("zh", "en"):
        found[f"clause_{lang}"] = [plan.clause(b, i, lang) for b, i in zip(table["box"], table["item"], strict=True)]
    return table.join(found, validate="one_to_one")


_KNOWN = ["known", "known_period", "known_source", "basis", "known_zh", "known_en"]


def _provincial(
    id: str, plan: Plan, observations: pd.DataFrame, rungs: Ladder, opened: pd.DataFrame, published: Published
) -> dict[str, Any]:
    """Return what is known of one provincial target, as the plan's probe of it asks."""
    zh, en = Speech.of("zh"), Speech.of("en")
    probe = plan.probes.get(id)
    if probe is None:
        return {}
    if probe.kind == "class":
        return _by_rung(probe, plan, rungs)
    if probe.kind == "opened":
        return _connected(probe.year, opened, plan)
    if probe.kind == "award":
        return _awarded(probe.award, published, plan)
    known = latest(observations, probe.indicator, full_year=False).to_dict("index").get(plan.region.code)
    if known is None:
        return {}
    cited = {"known_period": known["period"], "known_source": known["source"]}
    if probe.kind == "near":
        printed = [known[name] for name in ("value", "unit", "comparator", "printed", "origin")]
        facts = {"year": known["period"][:4], "n": f"{known['value']:g}"}
        said = {
            f"known_{one.lang}": one.pick(probe.note, probe.note_en).format(
                when=one.capital(one.end(known["period"])), figure=one.printed(*printed), **facts
            )
            for one in (zh, en)
        }
        return cited | {"basis": "context"} | said
    target = plan.provincial_targets.set_index("id").loc[id]
    unit = str(target["unit"])
    if known["unit"] != unit:
        return {}
    value = exact(known["value"])
    value_en = (value * exact(target["times_en"])).normalize()
    return cited | {
        "known": known["value"],
        "basis": "same",
        "known_zh": f"{zh.end(known['period'])}：{value:f}{unit}",
        "known_en": f"{en.capital(en.end(known['period']))}: {value_en:,f} {target['unit_en']}",
    }


def _connected(year: int, opened: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    """Return how many of the counties planned for a year had opened by its end."""
    mine = opened[opened["planned_year"] == year]
    if mine.empty:
        return {}
    n, unknown = int((mine["opened_year"] <= year).sum()), int(mine["opened_year"].isna().sum())
    late = len(mine) - n - unknown
    if unknown == len(mine):
        return {"basis": "context"} | _known(lambda speech: speech.word("connected_none", plan, n=unknown))

    def say(speech: Speech) -> str:
        parts = (("connected_by", n), ("connected_later", late), ("connected_unknown", unknown))
        said = speech.join(speech.word(key, n=k, year=year) for key, k in parts if k)
        return speech.word("connected", plan, n=len(mine), said=said)

    cited = mine.loc[mine["opened_year"].notna(), "source"]
    found = {"known": n, "known_period": str(year), "known_source": "、".join(dict.fromkeys(cited))}
    return found | {"basis": "at_least" if unknown else "same"} | _known(say)


def _known(say: Callable[[Speech], str]) -> dict[str, str]:
    """Return what is known in both languages, as the table of the provincial targets has it."""
    return {f"known_{lang}": say(Speech.of(lang)) for lang in ("zh", "en")}


def _by_rung(probe: Probe, plan: Plan, rungs: Ladder) -> dict[str, Any]:
    """Return how many counties stand in a class by GDP: listed, counted, and as the province counts."""
    lower, upper = probe.lower, probe.upper
    scale = classes(plan)
    wanted = scale["lower"] >= lower if upper is None else (scale["lower"] >= lower) & (scale["upper"] <= upper)
    steps = list(scale.index[wanted.fillna(False)])
    listed = int(rungs.listed[[c for c in steps if not c.startswith(GAP)]].sum())
    full = rungs.known.index[rungs.known["counties"] == int(rungs.listed.sum())]
    row: dict[str, Any] = {"basis": "context"}
    # The key of what is found, how many counties, and what else the sentence says.
    found: tuple[str, int, dict[str, Any]] | None = None
    if len(full):
        year = int(full[-1])
        n = int(rungs.observed.loc[[year], steps].sum().sum())
        row = {"known": n, "known_period": str(year), "basis": "same"}
        found = "class_in_year", n, {"year": year, "total": int(rungs.listed.sum())}
    elif rungs.latest_known["counties"]:
        first, last = rungs.latest_known["first"], rungs.latest_known["last"]
        about = {"known": int(rungs.latest_known["counties"]), "year": last}
        found = "class_by_latest" if first != last else "class_by_year", int(rungs.latest[steps].sum()), about
    if len(rungs.official):
        row["known_source"] = rungs.official["source"].iloc[-1]

    def say(speech: Speech) -> str:
        said = [speech.word("class_listed", plan, n=listed)]
        if found:
            key, n, about = found
            said.append(speech.word(key, n=speech.word("class_n", n=n) if n else speech.word("class_none"), **about))
        if len(rungs.official):
            year, n = int(rungs.official.index[-1]), int(rungs.official["value"].iloc[-1])
            said.append(speech.word("class_official", year=year, n=n, split=speech.pick(*_split(plan))))
        return speech.clauses(said)

    return row | _known(say)


def _split(plan: Plan) -> tuple[str, str]:
    """Say at which amounts the plan's own classes part what the province counts together, above 100亿元."""
    at = sorted({p.lower for p in plan.probes.values() if p.kind == "class" and p.lower > HUNDRED})
    if not at:
        return "", ""
    return (
        f"，未分{'、'.join(map(str, at))}亿元上下",
        f", not split at {' and '.join(f'{lower / 10:g} bn' for lower in at)}",
    )


def aggregates(plan: Plan, counties: pd.DataFrame, assessment: pd.DataFrame) -> pd.DataFrame:
    """Set beside the plan's own aggregates what it lists, what is known and what is not.

    Parameters
    ----------
    plan : Plan
    counties : DataFrame
        As of `targets.counties.join`.
    assessment : DataFrame
        Of `targets.progress.assess`: `observed` and `floor`, which only figures that judge may fill.

    Returns
    -------
    DataFrame
        By the `id` of each target that counts counties by GDP: `asked` and `comparator`, the plan's number and
        word; `listed`, the counties that
        the plan puts there; of all, `known` to stand there, and `unknown`, where no figure tells.
    """
    asked = plan.provincial_targets.set_index("id").to_dict("index")
    real = counties[counties["is_county"]]
    mine = assessment.reindex(real.index)
    value, floor = (mine[column].astype("Float64") for column in ("observed", "floor"))
    # What was passed later than the level was measured takes its place: 陇西's 87.36 of 2021 is no more.
    value = value.mask((floor > value).fillna(False))
    rows = {}
    classed = [(id, probe.lower, probe.upper) for id, probe in plan.probes.items() if probe.kind == "class"]
    for id, lower, upper in classed:
        # A lower bound proves an open class from below; of a closed one only that the county is above it.
        proved = value.isna() & (floor >= (lower if upper is None else upper)).fillna(False)
        within = value >= lower if upper is None else (value >= lower) & (value < upper)
        listed = real["lower"] >= lower if upper is None else (real["lower"] >= lower) & (real["upper"] <= upper)
        rows[id] = {
            "asked": int(asked[id]["value"]),
            "comparator": str(asked[id]["comparator"]),
            "listed": int(listed.sum()),
            "known": int(within.sum()) + (int(proved.sum()) if upper is None else 0),
            "unknown": int((value.isna() & ~proved).sum()),
        }
    columns = ["asked", "comparator", "listed", "known", "unknown"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("id")


def _awarded(award: str, published: Published, plan: Plan) -> dict[str, Any]:
    """Return how many counties of one award are known, by year."""
    rows = published.evaluation_awards[published.evaluation_awards["award"] == award]
    rows = rows[rows["adcode"].str.startswith(plan.region.prefix)]
    if rows.empty:
        return {}
    years = [(int(str(y)), len(part), bool(part["list_complete"].all())) for y, part in rows.groupby("year")]
    whole = [(y, n) for y, n, complete in years if complete]

    def say(speech: Speech) -> str:
        keys = [("awarded" if complete else "awarded_in_part", y, n) for y, n, complete in years]
        return speech.clauses(speech.word(key, year=y, n=n) for key, y, n in keys)

    row = {"basis": "context", "known_source": rows["source"].iloc[0]} | _known(say)
    return row | ({"known": whole[-1][1], "known_period": str(whole[-1][0]), "basis": "same"} if whole else {})


_PARK_CITES = ("period", "printed", "status", "grade", "source", "source_url", "as_of", "note", "origin")


def parks(plan: Plan, observations: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Set beside each park's target its observed output; neither is added to a county's GDP.

    Parameters
    ----------
    plan : Plan
    observations : DataFrame
        Rows of indicator ``park_gdp`` whose place is the park's id.

    Returns
    -------
    DataFrame
        The rows and columns of `Plan.parks`, by `id`, with `observed` (亿元), `year` and what is cited of it,
        `attainment` (observed ÷ target), `gap` (亿元 short of the target, else 0) and `reached` (``<NA>`` without a
        figure). A target to strive for (`is_aspirational`) is compared in the same way, and stays one to strive for.
    """
    known = figures(observations, PARK, YI)
    known = known[(known["value"] > 0) & (known["year"] <= rules.target_year)]
    found = latest(known, PARK).to_dict("index")
    rows = []
    for park in plan.parks.to_dict("records"):
        row: dict[str, Any] = {"observed": pd.NA, "year": pd.NA, "attainment": pd.NA, "gap": pd.NA, "reached": pd.NA}
        row |= {"batch": pd.NA} | dict.fromkeys(_PARK_CITES, "")
        if (level := found.get(park["id"])) is not None:
            short = Decimal(int(park["target_yi"])) - exact(level["value"])
            row |= {field: level[field] for field in ("year", "batch", *_PARK_CITES)}
            row |= {"observed": level["value"], "attainment": level["value"] / park["target_yi"]}
            row |= {"gap": float(max(short, Decimal(0))), "reached": short <= 0}
        rows.append(park | row)
    cited = ("year", "batch", *_PARK_CITES)
    columns = [*plan.parks.columns, "observed", "attainment", "gap", "reached", *cited]
    table = pd.DataFrame(rows, columns=columns).set_index("id", drop=False)
    numbers = dict.fromkeys(("observed", "attainment", "gap"), "Float64") | dict.fromkeys(("year", "batch"), "Int64")
    return table.astype(numbers | {"reached": "boolean"})


def awards(published: Published, plan: Plan, adcode: str | None = None) -> pd.DataFrame:
    """Return the evaluation awards that are known, of one county or of all, by year.

    Returns
    -------
    DataFrame
        The rows of `Published.evaluation_awards` with `zh` and `en`, a short sentence each. A rank is said only where
        its source states it; the order of a list is called that.
    """
    table = published.evaluation_awards
    table = table if adcode is None else table[table["adcode"] == adcode]
    table = table.sort_values(["year", "award", "rank", "adcode"], kind="stable").reset_index(drop=True)
    types = {t["zh"]: t["en"] for t in plan.evaluation.get("types", ())}
    records = table.to_dict("records")
    return table.assign(**{lang: [_award(row, types, Speech.of(lang)) for row in records] for lang in ("zh", "en")})


def _award(row: Mapping[Any, Any], types: Mapping[str, str], speech: Speech) -> str:
    zh, en = AWARDS[row["award"]]
    said = speech.word("award_of_year", award=speech.pick(zh, en.capitalize()), year=row["year"])
    if category := row["category"]:
        said += speech.brackets(speech.pick(category, types.get(category, category)))
    if pd.isna(row["rank"]):
        return speech.sentence(said)
    key = "rank_listed" if row["rank_basis"] == "order" else "rank_of_type" if row["rank_in"] == "type" else "rank"
    return speech.sentence(speech.join([said, speech.word(key, n=row["rank"])]))


@dataclass(frozen=True, slots=True)
class TalkRule:
    """One reading of the rule on warning talks.

    Attributes
    ----------
    id, reading : str
        Which of the plan's readings, and the reading in words.
    groups : tuple of str
        Who is meant: three groups.
    years : tuple of int
        For each group, of how many years running.
    is_chosen : bool
        Whether the user has chosen this reading.
    needs : str
        Why nothing is computed.
    """

    id: str
    reading: str
    groups: tuple[str, ...]
    years: tuple[int, ...]
    is_chosen: bool
    needs: str


def talk_rule(plan: Plan, chosen: str | None = None, lang: str = "zh") -> tuple[TalkRule, ...]:
    """Return the three readings of the warning-talk rule, of which the user may choose one; none is the default.

    Raises
    ------
    ValueError
        When `chosen` is no reading.
    """
    rule = plan.evaluation["warning_talk"]
    known = [reading["id"] for reading in rule["readings"]]
    if chosen is not None and chosen not in known:
        raise ValueError(f"chosen: {chosen!r} not among {', '.join(known)}")
    needs = Speech.of(lang).word("talk_needs")
    groups = tuple(str(group[lang]) for group in rule["groups"])

    def years(running: list[str]) -> tuple[int, ...]:
        return tuple(int(rule["years"]) if group["id"] in running else 1 for group in rule["groups"])

    return tuple(
        TalkRule(r["id"], r[lang], groups, years(r["running"]), r["id"] == chosen, needs) for r in rule["readings"]
    )
