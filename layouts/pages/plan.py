"""The plan page: the whole plan as data, in its own order, each row with its clause; searched by the browser.

The rows are built from the plan's tables alone. A row says what kind it is, so that the browser can show one kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dash import html

from layouts.facts.atlas import Atlas
from layouts.facts.pages import Page
from layouts.facts.province import target_value
from layouts.facts.view import View
from layouts.parts.duties import place_link, prefecture_link
from layouts.parts.markup import choice, county_link, takes
from layouts.parts.provenance import source_mark, spoken_property
from layouts.words import both, word
from targets.duties import where
from targets.plan import Plan
from targets.provenance import of_park
from targets.speech import Speech

# What a row may be, in the order of the choice.
KINDS = ("task", "goal", "aim", "box", "duty", "rule", "award", "date")
LISTED = ("cluster", "energy", "road")
BOXES = ("band", "cluster", "energy", "park", "road")


def page(atlas: Atlas, view: View) -> list[Any]:
    """Return the whole page."""
    lang = view.lang
    plan = atlas.plan
    parts = _parts(plan, lang)
    found = counted([row for _, _, groups in parts for rows in groups for row in rows])
    named = plan.duties[plan.duties["basis"] != "none"]
    numbered = set(plan.provincial_targets["task"]) & set(plan.tasks["task"])
    title = word(
        "plan_counted", lang, targets=len(plan.provincial_targets), numbered=len(numbered), tasks=len(plan.tasks)
    )
    finding = word(
        "plan_finding",
        lang,
        plan,
        aims=len(plan.qualitative_targets),
        duties=len(plan.duties.drop_duplicates(["task", "duty"])),
        counties=named["adcode"][named["adcode"] != ""].nunique(),
        prefectures=named["prefecture_code"][named["prefecture_code"] != ""].nunique(),
        departments=len(plan.departments),
    )
    return [
        html.Div(
            [
                html.Div(
                    [
                        html.H2(title),
                        *takes("plan", view),
                        html.Button(
                            word("turn_print", lang),
                            type="button",
                            className="quiet-button",
                            **{"data-action": "take-print"},
                        ),
                    ],
                    className="plan-head",
                ),
                html.P(finding, className="plan-finding"),
                _finder(plan, found, lang),
                html.P(word("plan_none", lang), className="nothing plan-none", hidden=True),
                _contents(plan, parts, lang),
                *[
                    html.Section(
                        [html.H3(title), *[html.Ul(rows, className="plan-rows") for rows in groups if rows]],
                        id=id,
                        className="plan-part",
                    )
                    for id, title, groups in parts
                ],
            ],
            className="plan-page",
        )
    ]


def counted(rows: Iterable[html.Li]) -> dict[str, int]:
    """Return how many rows there are of each kind."""
    found = dict.fromkeys(KINDS, 0)
    for row in rows:
        found[getattr(row, "data-kind")] += 1
    return found


# ---- the frame of the page ------------------------------------------------------------------------------------------


def _finder(plan: Plan, found: Mapping[str, int], lang: str) -> html.Div:
    """Return the field that filters the rows, the choice of a kind, and how many rows are left."""
    n = sum(found.values())
    kinds = {"": word("plan_every", lang, n=n)}
    kinds |= {kind: f"{word(f'plan_kind_{kind}', lang, plan)} {found[kind]}" for kind in KINDS}
    field = html.Span(className="plan-field", **{"data-plan-field": word("plan_hint", lang)})
    return html.Div(
        [
            html.Label([html.Span(word("plan_search", lang)), field]),
            html.Label([html.Span(word("plan_kind", lang)), choice("plan-kind", kinds, "")]),
            html.P(word("js_plan_all", lang, n=n), className="plan-left", role="status"),
        ],
        className="plan-find",
        role="search",
        **{"aria-label": word("plan_search", lang)},
    )


def _contents(plan: Plan, parts: list[tuple[str, str, list[list[html.Li]]]], lang: str) -> html.Nav:
    """Return the links to the parts and the boxes."""
    boxes = {f"plan-box-{group}": word(f"plan_box_{group}", lang, plan) for group in BOXES}
    links = [html.A(title, href=f"#{id}") for id, title, _ in parts]
    return html.Nav(
        [html.P(links), html.P([html.A(title, href=f"#{id}") for id, title in boxes.items()])],
        className="plan-contents",
        **{"aria-label": word("plan_contents", lang)},
    )


def _parts(plan: Plan, lang: str) -> list[tuple[str, str, list[list[html.Li]]]]:
    """Return the parts of the page in the plan's order: id, heading, and lists of rows."""
    speech = Speech.of(lang)
    goals = [_goal(plan, row, lang) for row in _of(plan.provincial_targets, "section", plan.groups["band"].section)]
    parts = [("plan-goals", word("plan_goals", lang), [goals, _options(plan, "band", lang)])]
    for number, (section, tasks) in enumerate(plan.tasks.groupby("section", sort=False), 1):
        heading = tasks[speech.column("heading")].iloc[0]
        title = speech.pick(f"{section} {heading}", f"{where(plan, str(section), lang=lang)} · {heading}")
        parts.append((f"plan-{number}", title, [_task(plan, row, lang) for row in tasks.to_dict("records")]))
    measures = [_measure(plan, row, lang) for row in plan.measures.to_dict("records")]
    parts.append(("plan-measures", word("plan_measures", lang), measures))
    dates = [_date(plan, row, lang) for row in plan.calendar.to_dict("records")]
    parts.append(("plan-dates", word("plan_dates", lang), [dates]))
    return parts


def _of(table: Any, column: str, value: str) -> list[dict[Any, Any]]:
    return table[table[column] == value].to_dict("records")


def _row(kind: str, clause: Any, head: Any, *more: Any, side: Any = None, **options: Any) -> html.Li:
    """Return one row: where it stands, what it says, and at the side its value or whose it is."""
    body = html.Div([head if isinstance(head, html.H4) else html.P(head), *more], className="plan-body")
    beside = [] if side is None else [html.Div(side, className="plan-side")]
    return html.Li(
        [html.Div(clause, className="plan-clause"), body, *beside],
        className=f"plan-row of-{kind}",
        **{"data-kind": kind, **options},
    )


def _note(text: str, lang: str) -> list[html.P]:
    return [html.P(text, className="quiet", **spoken_property(text, lang))] if text else []


# ---- tasks and measures ---------------------------------------------------------------------------------------------


def _task(plan: Plan, row: dict[Any, Any], lang: str) -> list[html.Li]:
    """Return the rows of a task: itself, its aims, what it asks, whom it names, and its box."""
    task = str(row["task"])
    rows = _asked(plan, task, row, "task", lang)
    rows += _duties(plan, task, lang)
    for group in LISTED:
        rows += _options(plan, group, lang) if plan.groups[group].task == task else []
    if task == plan.groups["road"].task:
        rows += _projects(plan, lang)
    return rows + (_parks(plan, lang) if task == plan.groups["park"].task else [])


def _measure(plan: Plan, row: dict[Any, Any], lang: str) -> list[html.Li]:
    """Return the rows of a safeguard measure; the one on evaluation with its awards and talks."""
    rows = _asked(plan, str(row["measure"]), row, "measure", lang)
    return rows + (_evaluation(plan, lang) if row["measure"] == plan.evaluation.get("measure") else [])


def _asked(plan: Plan, item: str, row: dict[Any, Any], column: str, lang: str) -> list[html.Li]:
    speech = Speech.of(lang)
    english = dict(zip(plan.departments["department"], plan.departments["department_en"], strict=True))
    departments = [speech.pick(one, english[one]) for one in plan.responsible(item)]
    goals = _of(plan.provincial_targets, "task", item)
    aims = _of(plan.qualitative_targets, "task", item)
    title = row[speech.column("title")]
    name = f"{row[column]} {title}" if column == "task" else title
    quiet = [] if goals or column != "task" else _note(word("plan_no_number" if aims else "plan_no_aim", lang), lang)
    answer = speech.pick("、", "; ").join(departments)
    head = _row(
        "task",
        where(plan, row["section"], item, lang=lang),
        html.H4(name),
        *quiet,
        side=[html.B(word("card_departments", lang)), " ", answer or row[speech.column("note")]],
        **{"data-head": item},
    )
    rows = [head, *[_goal(plan, one, lang) for one in goals], *[_aim(plan, one, lang) for one in aims]]
    for rule in _of(plan.rules, "task", item):
        rows.append(_row("rule", where(plan, rule["section"], item, lang=lang), rule[lang]))
    return rows


def _goal(plan: Plan, row: dict[Any, Any], lang: str) -> html.Li:
    speech = Speech.of(lang)
    return _row(
        "goal",
        where(plan, row["section"], row["task"], row["box"], row["item"], lang),
        row[speech.column("indicator")],
        *_note(row[speech.column("note")], lang),
        side=[html.Strong(target_value(row, lang)), html.Small(row[speech.column("deadline")])],
    )


def _aim(plan: Plan, row: dict[Any, Any], lang: str) -> html.Li:
    comparator = row["comparator"]
    return _row(
        "aim",
        where(plan, row["section"], row["task"], lang=lang),
        row[Speech.of(lang).column("target")],
        side=html.Small(comparator, **spoken_property(comparator, lang)),
    )


def _date(plan: Plan, row: dict[Any, Any], lang: str) -> html.Li:
    speech = Speech.of(lang)
    level = row["level"]
    return _row(
        "date",
        where(plan, row["section"], lang=lang),
        row[speech.column("label")],
        side=[
            html.Strong(row[speech.column("frequency")]),
            html.Small(level, **spoken_property(level, lang)),
        ],
    )


def _evaluation(plan: Plan, lang: str) -> list[html.Li]:
    """Return the awards, what goes with all of them, and who is warned, by which readings."""
    rules = plan.evaluation
    clause = where(plan, rules["section"], lang=lang)
    talk = rules["warning_talk"]
    rows = [
        _row(
            "award",
            clause,
            word("plan_award", lang, name=award[lang], n=award["n"]),
            *_note(award[f"basis_{lang}"], lang),
            side=award[f"reward_{lang}"],
        )
        for award in rules["awards"]
    ]
    rows.append(_row("award", clause, word("plan_awarded", lang), side=rules["all_awarded"][lang]))
    rows += [_row("award", clause, word("plan_talk", lang), side=group[lang]) for group in talk["groups"]]
    readings = html.Ol([html.Li(reading[lang]) for reading in talk["readings"]])
    heading = word("plan_readings", lang, n=len(talk["readings"]))
    rows.append(_row("award", clause, heading, readings, *_note(talk[f"note_{lang}"], lang)))
    rows.append(_row("award", clause, rules["not_in_plan"][lang]))
    return rows


# ---- boxes ----------------------------------------------------------------------------------------------------------


def _options(plan: Plan, group: str, lang: str) -> list[html.Li]:
    """Return a box's lists of counties, each with the way to the map that shows it."""
    speech = Speech.of(lang)
    held = {
        "band": (plan.band_counties, "band"),
        "cluster": (plan.cluster_counties, "cluster"),
        "energy": (plan.energy_counties, "energy"),
        "road": (plan.expressways, "year"),
    }
    table, column = held[group]
    rows = []
    for number, id in enumerate(plan.option_ids[group]):
        option = plan.option(id)
        listed = list(table["adcode"][table[column].astype(str) == id])
        if id == plan.no_band:  # what the box leaves out
            listed = list(plan.counties["adcode"][~plan.counties["adcode"].isin(plan.band_counties["adcode"])])
        query = ("" if group == "band" else f"layer={group}&") + f"{group}={id}"
        mark = [html.Span(option.mark, className="badge-mark", **{"data-role": id, "aria-hidden": "true"}), " "]
        rows.append(
            _row(
                "box",
                speech.pick(option.clause_zh, option.clause_en),
                [*(mark if option.mark else []), speech.pick(option.zh, option.en)],
                html.P(className="names", **{"data-counties": ",".join(listed)}),  # the browser knows the names
                side=_to_map(query, len(listed), lang),
                **({"id": f"plan-box-{group}"} if number == 0 else {}),
            )
        )
    return rows


def _to_map(query: str, n: int, lang: str) -> html.A:
    see = html.Span(word("plan_see", lang), className="plan-see")
    return html.A(
        [word("plan_held", lang, n=n), see], href=f"/?{query}", className="plan-to-map", **{"data-plan-map": query}
    )


def _parks(plan: Plan, lang: str) -> list[html.Li]:
    speech = Speech.of(lang)
    counties = plan.counties.set_index("adcode")[speech.pick("name_short", "name_en_short")]
    rows = []
    for number, park in enumerate(plan.parks.to_dict("records")):
        sign = word("strive", lang) if park["is_aspirational"] else park["symbol"]
        amount = speech.sentences([sign, speech.money(park["target_yi"])])
        focus = speech.list(park[speech.column("focus")].split("|"))
        if park["adcode"]:
            host = county_link(park["adcode"], counties[park["adcode"]])
        else:
            host = prefecture_link(plan, park["prefecture_code"], lang)
        rows.append(
            _row(
                "box",
                source_mark(of_park(plan, park["id"], lang), lang),
                park[speech.column("name")],
                html.P(focus, className="quiet"),
                html.P([host, html.Small(park[speech.column("basis")], className="quiet")]),
                side=html.Strong(amount),
                **({"id": "plan-box-park"} if number == 0 else {}),
            )
        )
    return rows


def _projects(plan: Plan, lang: str) -> list[html.Li]:
    speech = Speech.of(lang)
    rows = []
    for project in plan.projects.to_dict("records"):
        code = project["prefecture_code"]
        more = [html.P(prefecture_link(plan, code, lang))] if code else []
        rows.append(
            _row(
                "box",
                where(plan, "", "", project["box"], project["item"], lang),
                project[speech.column("name")],
                *more,
                side=project[speech.column("verb")],
            )
        )
    return rows


# ---- places that the text names -------------------------------------------------------------------------------------


def _duties(plan: Plan, task: str, lang: str) -> list[html.Li]:
    """Return a task's duties, one row each with all the places it names."""
    speech = Speech.of(lang)
    rows = []
    for duty, mine in plan.duties[plan.duties["task"] == task].groupby("duty", sort=False):
        first = mine.iloc[0].to_dict()
        places: list[Any] = []
        for row in mine.to_dict("records"):
            note = row[speech.column("basis_note")]
            if row["basis"] != "named" and row["place"] != duty:
                places += [html.Span(row[speech.column("place")]), " "]
            places += [place_link(plan, row, lang)] if row["basis"] != "none" else []
            places += [html.Small(note, className="quiet"), " "] if note else []
        rows.append(
            _row(
                "duty",
                where(plan, first["section"], task, lang=lang),
                first[speech.column("duty")],
                html.P(places),
                side=html.Small(first[speech.column("verb")]),
            )
        )
    return rows


PAGE = Page(
    id="plan",
    path="/plan",
    name=both("nav_plan"),
    also="任务|tasks|duties",
    pinyin={"方案": "fang an", "任务": "ren wu"},
    markup=lambda asked: page(asked.atlas, asked.view),
    script="pages/plan.js",
)
