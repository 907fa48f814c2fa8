"""The settlement page of a year: lists with their intervals, readings, what if, and what was published beside it.

Without an imported scheme nothing is worked out: there are the published lists, and the order by one indicator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from dash import dcc, html

from layouts.facts import settlement as facts
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.county import indicator_name, say_figure, source_of
from layouts.facts.layers import LAYERS, say
from layouts.facts.pages import Page
from layouts.facts.scene import Fact, SceneFacts
from layouts.facts.settlement import AWARDS, IN, OPEN, Result
from layouts.facts.view import View
from layouts.parts.markup import choice, county_link, page_link, takes
from layouts.parts.provenance import source_mark, spoken_property
from layouts.parts.slide import FOOT_TOP, GAP, MARGIN, ROOM, SMALL, TEXT, SceneSlides
from layouts.parts.slide_parts import Table, put, table_xml
from layouts.words import both, word
from targets.settlement.account import ADVANCED, PROGRESS, STRONG, Account, AwardList, Candidates, Listed
from targets.settlement.ranks import OUT
from targets.settlement.sway import Trial
from targets.speech import Speech

NAME = both("nav_settlement")
MOST_STAGED = 14  # rows of a list that a stage shows; it says how many more there are
SHORT_AXIS = 15  # places that a column's axis shows at least
BASIS = {STRONG: "settle_strong_basis", ADVANCED: "settle_advanced_basis", PROGRESS: "settle_progress_basis"}
GDP = "gdp"


def page(atlas: Atlas, standing: Standing, view: View, code: str) -> list[Any]:
    """Return the whole page, or the part of it that a scene shows.

    Parameters
    ----------
    atlas : Atlas
    standing : Standing
    view : View
    code : str
        The year, perhaps with a part (``2025-talks``); the latest year where there is none.
    """
    lang = view.lang
    if code and facts.read_code(code) is None:
        return _unknown(atlas, standing, code, lang)
    year, part = facts.read_code(code) or (facts.latest(atlas, standing), "")
    if year is None:
        return [html.H2(say(NAME, lang)), html.P(word("settle_nothing", lang), className="finding"), _templates(lang)]
    account = facts.account(atlas, standing, year)
    if account is None:
        return _without(atlas, standing, view, year)
    if part == "talks":
        return [_head(atlas, standing, view, year, facts.talks_title(account, lang), True),
                _talks(atlas, account, lang)]  # fmt: skip
    if part == "calls":
        return [_head(atlas, standing, view, year, facts.calls_title(standing, account, lang), True),
                _calls(atlas, standing, account, lang)]  # fmt: skip
    return [
        _head(atlas, standing, view, year, facts.title(atlas, account, lang), True),
        _lists(atlas, account, lang),
        html.Div(
            [
                *_rests(atlas, standing, account, lang),
                _calls(atlas, standing, account, lang),
                _try(atlas, standing, account, lang),
                _talks(atlas, account, lang),
                _beside(atlas, standing, account, lang),
                _settings(account, standing, lang),
                _ranks(atlas, account, standing, lang),
                _published(atlas, standing, year, lang),
                _order(atlas, standing, year, lang),
                _templates(lang),
            ],
            className="settle-more",
        ),
    ]


def _rests(atlas: Atlas, standing: Standing, account: Account, lang: str) -> list[html.P]:
    """Return what the other lists say, and on which documents and imports all of it rests."""
    more = Speech.of(lang).sentences(facts.findings(atlas, account, lang)[1:])
    cited = facts.sources(account, standing, lang)
    return [
        html.P(more, className="settle-rests", **spoken_property(more, lang)),
        html.P(cited, className="quiet", **spoken_property(cited, lang)),
    ]


def _without(atlas: Atlas, standing: Standing, view: View, year: int) -> list[Any]:
    """Return the page of a year without a scheme."""
    lang = view.lang
    return [
        _head(atlas, standing, view, year, facts.results_title(atlas, standing, year, lang), False),
        html.P(word("settle_no_scheme", lang, year=year), className="settle-none"),
        _published(atlas, standing, year, lang, True),
        html.Div([_order(atlas, standing, year, lang), _templates(lang)], className="settle-more"),
    ]


def _unknown(atlas: Atlas, standing: Standing, code: str, lang: str) -> list[Any]:
    return [
        html.H2(word("settle_unknown_year", lang)),
        html.P([html.Code(code), " ", word("settle_unknown_text", lang)], className="finding"),
        _years(atlas, standing, None, lang),
    ]


# ---- the first screen -----------------------------------------------------------------------------------------------


def _years(atlas: Atlas, standing: Standing, year: int | None, lang: str) -> html.Nav:
    """Return the way to each year of which anything is known."""
    links = [
        html.Span(word("settle_of_year", lang, year=one), className="settle-year", **{"aria-current": "page"})
        if one == year
        else page_link(word("settle_of_year", lang, year=one), f"/settlement/{one}", className="settle-year")
        for one in facts.years(atlas, standing)
    ]
    return html.Nav(links, className="settle-years", **{"aria-label": word("settle_years", lang)})


def _head(atlas: Atlas, standing: Standing, view: View, year: int, title: str, is_computed: bool) -> html.Div:
    """Return the finding, the stamp that says what it is not, and the ways on."""
    lang = view.lang
    stamp = [html.P(word("settle_stamp", lang), className="settle-stamp")] if is_computed else []
    to_map = html.A(
        word("settle_to_map", lang),
        href=f"/?layer=settlement&period={year}",
        className="quiet-button",
        **{"data-plan-map": f"layer=settlement&period={year}"},
    )
    ways = [
        _years(atlas, standing, year, lang),
        to_map,
        *takes("settlement", view, f"year={year}"),
        html.Button(word("turn_print", lang), type="button", className="quiet-button", **{"data-action": "take-print"}),
    ]
    return html.Div(
        [html.Div([html.H2(title), *stamp], className="settle-line"), html.Div(ways, className="settle-ways")],
        className="settle-head",
    )


def _lists(atlas: Atlas, account: Account, lang: str) -> html.Div:
    """Return the three columns, each county with its interval as a bar against the line where the list ends."""
    return html.Div([_list(atlas, account, account.lists[id], lang) for id in AWARDS], className="settle-lists")


def _list(atlas: Atlas, account: Account, award: AwardList, lang: str) -> html.Section:
    unit = "settle_unit_points"
    if award.id == PROGRESS and account.scheme.value("progress") != "score":
        unit = "settle_unit_places"
    basis = html.Small(word(BASIS[award.id], lang, n=award.places))
    head = html.H3(
        [facts.award_title(award.id, lang), basis, html.Small(word(unit, lang), className="settle-unit")],
        className="settle-name",
    )
    if award.wants:
        return html.Section([head, html.P(facts.say_wants(award.wants, lang), className="nothing")])
    fund = facts.say_fund(account, lang) if award.id == PROGRESS else ""
    axis = max([SHORT_AXIS if award.id != ADVANCED else 6, *(one.rank.worst for one in award.listed)])
    groups: list[Any] = []
    shown = 0
    types = list(account.types) if award.id == ADVANCED else [""]
    for type in types:
        mine = [one for one in award.listed if one.type == type]
        rows = [_row(atlas, account, award, one, axis, lang) for one in mine if one.status == IN]
        open_ones = [one for one in mine if one.status == OPEN]
        if type:
            groups.append(html.H4(facts.type_name(atlas, type, lang)))
            if not mine:
                groups.append(html.P(word("settle_none_filed", lang), className="quiet"))
        if open_ones:
            left = max(award.places - len(rows), 0)
            key = "settle_cut_type" if type else "settle_cut"
            about = {"left": left} if type else {"left": left, "m": len(open_ones)}
            rows.append(html.Li(word(key, lang, **about), className="settle-cut"))
            rows += [_row(atlas, account, award, one, axis, lang) for one in open_ones]
        if len(rows) > MOST_STAGED + 1:  # the line that says so takes a row as well
            for row in rows[MOST_STAGED:]:
                row.className += " is-beyond"
            said = word("settle_beyond", lang, n=len(rows) - MOST_STAGED)
            rows.append(html.Li(said, className="settle-cut settle-beyond"))
        shown += min(len(rows), MOST_STAGED + 1)
        groups.append(html.Ol(rows, className="settle-rows"))
    if fund:
        groups.append(html.P(fund, className="quiet settle-fund"))
    return html.Section([head, *groups], className=f"settle-{award.id}", style={"--rows": shown})


def _row(atlas: Atlas, account: Account, award: AwardList, one: Listed, axis: int, lang: str) -> html.Li:
    """Return a county: its place, its name, its prefecture, its interval, and what it is ordered by."""
    ends = {"--from": f"{(one.rank.best - 1) / axis:.4f}", "--to": f"{one.rank.worst / axis:.4f}",
            "--cut": f"{award.places / axis:.4f}"}  # fmt: skip
    tie = [html.Span(word("settle_tie", lang), className="settle-tie")] if one.rank.ties else []
    said = facts.say_rank(one.rank, lang)
    return html.Li(
        [
            html.Span(facts.say_places(one.rank), className="settle-rank", title=said),
            html.Span([county_link(one.place, facts.name(atlas, one.place, lang)), *tie], className="settle-county"),
            html.Span(facts.prefecture(atlas, one.place, lang), className="settle-prefecture"),
            html.Span(html.I(), className="settle-bar", style=ends, **{"aria-hidden": "true"}),
            html.Span(facts.say_measure(award, one, account, lang, bare=True), className="settle-measure"),
        ],
        className=f"settle-row is-{one.status}",
        **{"data-adcode": one.place},
    )


# ---- what would decide, what if -------------------------------------------------------------------------------------


def _section(title: str, *body: Any, id: str = "") -> html.Section:
    return html.Section([html.H3(title, className="settle-title"), *body], **({"id": id} if id else {}))


def _plain(heads: Sequence[str], rows: Sequence[Sequence[Any]], numbers: Sequence[int] = ()) -> html.Div:
    """Return a table whose numbers stand at the right."""

    def cell(tag: type, at: int, what: Any, **more: Any) -> Any:
        return tag(what, className="number" if at in numbers else None, **more)

    return html.Div(
        html.Table(
            [
                html.Thead(html.Tr([cell(html.Th, at, text, scope="col") for at, text in enumerate(heads)])),
                html.Tbody([html.Tr([cell(html.Td, at, one) for at, one in enumerate(row)]) for row in rows]),
            ],
            className="plain settle-table",
        ),
        className="table-room",
        tabIndex=0,
        role="group",
        **{"aria-label": heads[0]},
    )


def _calls(atlas: Atlas, standing: Standing, account: Account, lang: str) -> html.Section:
    """Return the figures that would decide most, to be asked for by telephone."""
    found = [one for one in facts.to_ask(standing, account) if one.places]
    title = word("settle_calls", lang)
    if not found:
        return _section(title, html.P(facts.calls_title(standing, account, lang), className="quiet"))
    rows = [
        (
            county_link(one.input.key[0], facts.say_figure_key(atlas, standing, one.input.key, lang)),
            facts.say_state(one.input, standing, lang),
            str(one.places),
            facts.decimals(one.points),
        )
        for one in found
    ]
    heads = [word(f"settle_head_{key}", lang) for key in ("figure", "state", "places", "span")]
    return _section(title, html.P(word("settle_calls_text", lang), className="quiet"), _plain(heads, rows, (2, 3)))


def _figures_of(account: Account) -> list[tuple[str, int]]:
    """Return the indicators and years that the account's scores rest on."""
    found: dict[tuple[str, int], None] = {}
    for row in account.scheme.rows:
        found[row.indicator, row.year] = None
        if row.per:
            found[row.per, row.year] = None
        if row.form in ("growth", "change"):
            found[row.indicator, row.year - 1] = None
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _try(atlas: Atlas, standing: Standing, account: Account, lang: str) -> html.Section:
    """Return the form that tries another figure; the browser asks and sets the answer below it."""
    speech = Speech.of(lang)
    counties = {place: facts.name(atlas, place, lang) for place in account.places}
    figures = {
        f"{id}|{year}": f"{indicator_name(id, standing.indicators, lang)} · {speech.period(str(year))}"
        f"{speech.brackets(_unit(standing.indicators[id].unit, lang))}"
        for id, year in _figures_of(account)
    }
    labels = [
        html.Label([html.Span(word("settle_try_county", lang)), choice("settle-place", counties, account.places[0])]),
        html.Label(
            [html.Span(word("settle_try_indicator", lang)), choice("settle-figure", figures, next(iter(figures)))]
        ),
        html.Label(
            [
                html.Span(word("settle_try_value", lang)),
                dcc.Input(
                    id="settle-value", type="text", inputMode="decimal", className="form-control form-control-sm"
                ),
            ]
        ),
        html.Button(word("settle_try_do", lang), type="button", className="btn btn-primary btn-sm", id="settle-try"),
    ]
    room = html.Div(id="settle-tried", role="status")
    form = html.Div(labels, className="settle-form", **{"data-settle-year": str(account.year)})
    made = _section(word("settle_try", lang), html.P(word("settle_try_text", lang), className="quiet"), form, room)
    made.className = "settle-what-if"
    return made


def _unit(unit: str, lang: str) -> str:
    """Return the unit that a figure is to be written in: that in which it is kept, in English by what one of it is."""
    speech = Speech.of(lang)
    return unit if unit == "%" else speech.pick(unit, f"× {speech.amount(1, unit)}")


def trial(atlas: Atlas, standing: Standing, given: Mapping[str, str], lang: str) -> list[Any]:
    """Return what comes of the figure that a page asks to try; a sentence where it asks for none."""
    year, place = given.get("year", ""), given.get("place", "")
    indicator, _, of = given.get("figure", "").partition("|")
    value = given.get("value", "").strip().replace(",", "")
    bad = [html.P(word("settle_try_bad", lang), className="nothing")]
    if not (
        (year + of).isascii() and year.isdecimal() and of.isdecimal() and len(value) <= 20 and len(year) == len(of) == 4
    ):
        return bad
    account = facts.account(atlas, standing, int(year))
    try:
        number = Decimal(value)
    except InvalidOperation:
        return bad
    known = account is not None and place in account.places and (indicator, int(of)) in _figures_of(account)
    if not known or not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        return bad
    found = facts.tried(atlas, standing, int(year), (place, indicator, int(of)), number)
    return bad if found is None else _tried(atlas, standing, found, number, lang)


def _tried(atlas: Atlas, standing: Standing, found: Trial, number: Decimal, lang: str) -> list[Any]:
    speech, key = Speech.of(lang), found.key
    before, after = (facts.say_rank(rank, lang) if rank else word("settle_try_unranked", lang) for rank in found.ranks)
    what = facts.say_figure_key(atlas, standing, key, lang)
    value = speech.amount(number, standing.indicators[key[1]].unit)
    said = word("settle_try_rank", lang, what=what, value=value, before=before, after=after)
    mark = html.Span(word("settle_try_mark", lang), className="settle-mark")
    moves = [
        html.Li(
            word(
                "settle_move",
                lang,
                name=facts.name(atlas, move.place, lang),
                list=facts.award_name(move.list, lang) + speech.brackets(facts.type_name(atlas, move.type, lang)),
                before=facts.say_status(move.before, lang),
                after=facts.say_status(move.after, lang),
            )
        )
        for move in found.moves
    ]
    more: list[Any] = [html.P(word("settle_try_none", lang))]
    if moves:
        more = [html.P(word("settle_try_moves", lang, n=len(moves))), html.Ul(moves, className="turn-list")]
    return [html.P([mark, " ", said], className="settle-said"), *more]


# ---- the rest -------------------------------------------------------------------------------------------------------


def _talks(atlas: Atlas, account: Account, lang: str) -> html.Section:
    """Return the three readings side by side, none before the others."""
    readings = {one["id"]: one[lang] for one in atlas.plan.evaluation["warning_talk"]["readings"]}
    heads = [
        html.Th([word("settle_reading", lang, n=number), html.Small(readings[reading.id])], scope="col")
        for number, reading in enumerate(account.talks, start=1)
    ]
    rows = [
        html.Tr(
            [
                html.Th(group[lang], scope="row"),
                *(_candidates(atlas, reading.groups[at], lang) for reading in account.talks),
            ]
        )
        for at, group in enumerate(atlas.plan.evaluation["warning_talk"]["groups"])
    ]
    table = html.Table([html.Thead(html.Tr([html.Td(), *heads])), html.Tbody(rows)], className="settle-readings")
    text = word("settle_talks_text", lang)
    return _section(
        word("settle_talks", lang),
        html.P(text, className="quiet", **spoken_property(text, lang)),
        html.Div(table, className="table-room settle-talks", tabIndex=0, role="group",
                 **{"aria-label": word("settle_talks", lang)}),
        id="settle-talks",
    )  # fmt: skip


def _candidates(atlas: Atlas, group: Candidates, lang: str) -> html.Td:
    """Return who is in a group of a reading, or may be, and of how many years running that is asked."""
    said = html.P(facts.say_candidates(atlas, group, lang), className="is-wanting" if group.wants else None)
    return html.Td([html.Small(facts.say_running(group, lang)), said])


def _settings(account: Account, standing: Standing, lang: str) -> html.Section:
    rows = [
        (
            one.question,
            one.value or html.Span(word("settle_undecided", lang), className="settle-undecided"),
            html.Span(one.document, **spoken_property(one.document, lang)),
        )
        for one in facts.decided(account, standing, lang)
    ]
    heads = [word(f"settle_head_{key}", lang) for key in ("setting", "value", "document")]
    return _section(word("settle_settings", lang), _plain(heads, rows))


def _ranks(atlas: Atlas, account: Account, standing: Standing, lang: str) -> html.Section | None:
    """Return all counties in order, each with its score, what it gained, and how much of it is open."""
    ranking, speech = account.overall, Speech.of(lang)
    if ranking is None:
        return None
    rows: list[Sequence[Any]] = []
    for place in ranking.order:
        parts = ranking.parts[place]
        open_parts = sum(not part.is_sure for part in parts)
        types = [facts.type_name(atlas, type, lang) for type in account.types_filed.get(place, ())]
        rows.append(
            (
                facts.say_places(ranking.ranks[place]),
                county_link(place, facts.name(atlas, place, lang)),
                facts.prefecture(atlas, place, lang),
                speech.list(types) or word("settle_not_filed", lang),
                facts.say_pair(ranking.scores[place]),
                facts.say_moved(account, place, lang),
                word("settle_open_n", lang, n=open_parts) if open_parts else "",
            )
        )
    for place, indicators in ranking.out.items():
        what = speech.list(indicator_name(id, standing.indicators, lang) for id in indicators)
        out = word("settle_left_out", lang, what=what)
        rows.append(("—", county_link(place, facts.name(atlas, place, lang)), facts.prefecture(atlas, place, lang),
                     "", "—", "—", out))  # fmt: skip
    keys = ("rank", "county", "prefecture", "types", "score", "moved", "open")
    heads = [word(f"settle_head_{key}", lang) for key in keys]
    return _section(
        word("settle_ranks", lang),
        html.P(word("settle_ranks_text", lang), className="quiet"),
        _plain(heads, rows, (0, 4, 5)),
        id="settle-ranks",
    )


def _beside(atlas: Atlas, standing: Standing, account: Account, lang: str) -> html.Section | None:
    """Return where the account and the published lists differ."""
    found = facts.beside(atlas, standing, account, lang)
    if not found:
        return None
    rows = [
        (
            facts.award_name(id, lang) + Speech.of(lang).brackets(facts.type_name(atlas, one.type, lang)),
            county_link(one.adcode, facts.name(atlas, one.adcode, lang)),
            facts.say_status(one.computed, lang)
            + (Speech.of(lang).brackets(facts.say_rank(one.rank, lang)) if one.rank else ""),
            (one.official_rank or facts.say_status(IN, lang)) if one.official else facts.say_status(OUT, lang),
            html.Span(word(f"settle_verdict_{one.verdict}", lang), className=f"settle-verdict is-{one.verdict}"),
        )
        for id, held in found.items()
        for one in held
    ]
    said = [html.P(facts.say_beside(id, held, lang)) for id, held in found.items()]
    heads = [word(f"settle_head_{key}", lang) for key in ("list", "county", "computed", "official", "verdict")]
    return _section(
        word("settle_beside_title", lang),
        *said,
        _plain(heads, rows),
        html.P(word("settle_beside_text", lang), className="quiet"),
        id="settle-beside",
    )


def _published(atlas: Atlas, standing: Standing, year: int, lang: str, leads: bool = False) -> html.Section:
    """Return the lists published of a year, large where they are the page's own, and each county's by year."""
    held = facts.results(atlas, standing, year, lang)
    columns = []
    for award in dict.fromkeys(one.award for one in held):
        mine = [one for one in held if one.award == award]
        items = [
            html.Li(
                [
                    html.Span([county_link(one.adcode, facts.name(atlas, one.adcode, lang))],
                              className="settle-county"),
                    html.Span(facts.prefecture(atlas, one.adcode, lang), className="settle-prefecture"),
                    source_mark(one.source, lang, _label(atlas, one, lang)),
                ],
                className="settle-row is-published",
                **{"data-adcode": one.adcode},
            )
            for one in mine
        ]  # fmt: skip
        said = facts.say_published(award, mine, lang)
        columns.append(html.Div([html.H4(said, className="settle-name"), html.Ul(items, className="settle-rows")]))
    shown: Any = html.Div(columns, className="settle-lists") if columns else html.P(
        word("settle_nothing_published", lang), className="quiet")  # fmt: skip
    if leads and columns:
        shown = html.Div([shown, _tiles(atlas, standing, year, lang)], className="settle-beside-tiles")
    text = html.P(word("settle_lists_text", lang), className="quiet")
    by_county = html.Details(
        [html.Summary(word("settle_by_county", lang)), _by_county(atlas, standing, lang)], open=leads
    )
    types = html.P(word("settle_types_known", lang, n=len(atlas.published.county_types)), className="quiet")
    return _section(
        word("settle_lists_title", lang), *([shown, text] if leads else [text, shown]), by_county, types,
        id="settle-published",
    )  # fmt: skip


def _tiles(atlas: Atlas, standing: Standing, year: int, lang: str) -> html.Div:
    """Return the equal-tile map of a year: one square a county, filled as the map's layer fills it."""
    held = facts.classes(atlas, standing, year)
    names = {adcode: facts.name(atlas, adcode, "zh") for adcode in atlas.tiles}
    stems = Counter(name[:-1] for name in names.values())
    # As offices write it where there is little room; 临夏市 and 临夏县 keep their last character.
    short = {a: name[:-1] if len(name) > 2 and stems[name[:-1]] == 1 else name for a, name in names.items()}
    tiles = [
        page_link(
            Speech.of(lang).pick(short[adcode], ""),
            f"/county/{adcode}",
            className="swatch settle-tile" + (" is-long" if len(short[adcode]) > 2 else ""),
            title=facts.name(atlas, adcode, lang),
            style={"grid-area": f"{row + 1} / {column + 1}"},
            **{"data-class": held.get(adcode, "won_none"), "data-adcode": adcode,
               "aria-label": facts.name(atlas, adcode, lang)},
        )
        for adcode, (column, row) in atlas.tiles.items()
    ]  # fmt: skip
    used = set(held.values())
    key = [
        html.Li([html.Span(className="swatch", **{"data-class": one.id}), say(one.names, lang)])
        for one in LAYERS["settlement"].legend(atlas, None, View(lang=lang))
        if one.id in used
    ]
    return html.Div(
        [html.Ul(key, className="small-legend"), html.Div(tiles, className="settle-tiles")], className="settle-map"
    )


def _label(atlas: Atlas, one: Result, lang: str) -> str:
    """Return what stands beside a county of a published list: its type and its rank, else that there is a source."""
    parts = [facts.type_name(atlas, one.type, lang) if one.type else "", one.rank_said]
    return Speech.of(lang).join(filter(None, parts)) or word("card_source", lang)


def _by_county(atlas: Atlas, standing: Standing, lang: str) -> html.Div:
    """Return every county that any list names, with its lists year by year."""
    speech, listed = Speech.of(lang), [*reversed(facts.years(atlas, standing))]
    held: dict[str, dict[int, list[str]]] = {}
    for year in listed:
        for one in facts.results(atlas, standing, year, lang):
            said = facts.award_name(one.award, lang) + speech.brackets(speech.join(filter(None, (
                facts.type_name(atlas, one.type, lang) if one.type else "", one.rank_said))))  # fmt: skip
            held.setdefault(one.adcode, {}).setdefault(year, []).append(said)
    shown = [year for year in listed if any(year in years for years in held.values())]
    rows = [
        (
            county_link(place, facts.name(atlas, place, lang)),
            facts.prefecture(atlas, place, lang),
            *(speech.clauses(held[place].get(year, ())) for year in shown),
        )
        for place in sorted(held)
    ]
    heads = [word("settle_head_county", lang), word("settle_head_prefecture", lang), *map(str, shown)]
    return _plain(heads, rows)


def _order(atlas: Atlas, standing: Standing, year: int, lang: str) -> html.Section:
    """Return the order of the counties by one indicator's figures of the year, which the browser may ask anew."""
    places = list(atlas.plan.counties["adcode"])
    known = facts.measured(standing, year, places)
    title = word("settle_order", lang)
    if not known:
        return _section(title, html.P(word("settle_order_none", lang, year=year), className="quiet"))
    first = GDP if GDP in known else next(iter(known))
    options = {id: f"{indicator_name(id, standing.indicators, lang)} {n}" for id, n in known.items()}
    chooser = html.Label([html.Span(word("settle_choose", lang)), choice("settle-indicator", options, first)])
    form = html.Div([chooser], className="settle-form", **{"data-settle-year": str(year)})
    return _section(title, form, html.Div(order(atlas, standing, year, first, lang), id="settle-order"))


def order(atlas: Atlas, standing: Standing, year: int, indicator: str, lang: str) -> list[Any]:
    """Return the counties in the order of one indicator, ties at one place, and who has no figure."""
    places = list(atlas.plan.counties["adcode"])
    if indicator not in standing.indicators:
        return [html.P(word("settle_order_none", lang, year=year), className="quiet")]
    found = facts.ordered(standing, year, indicator, places)
    rows = [
        (
            str(row["rank"]),
            county_link(row["place"], facts.name(atlas, row["place"], lang)),
            facts.prefecture(atlas, row["place"], lang),
            say_figure(row, standing, lang),
            source_mark(source_of(atlas, standing, row, say_figure(row, standing, lang), lang), lang),
        )
        for row in found.to_dict("records")
    ]
    without = [place for place in sorted(places) if place not in set(found["place"])]
    heads = [word(f"settle_head_{key}", lang) for key in ("rank", "county", "prefecture", "figure", "source")]
    missing = [html.P(word("settle_missing_names", lang, names=facts.names(atlas, without, lang)), className="quiet")]
    return [
        html.P(word("settle_order_text", lang, known=len(rows), missing=len(without)), className="quiet"),
        _plain(heads, rows, (0, 3)),
        *(missing if without else []),
    ]


def _templates(lang: str) -> html.Section:
    """Return the workbooks to fill in, and where they are imported."""
    links = [
        html.A(word("settle_scheme_template", lang), href=f"/template/scheme.xlsx?lang={lang}",
               className="btn btn-outline-secondary btn-sm"),
        html.A(word("settle_types_template", lang), href=f"/template/types.xlsx?lang={lang}",
               className="btn btn-outline-secondary btn-sm"),
    ]  # fmt: skip
    to_data = page_link(word("nav_data", lang), "/data")
    return html.Section(
        [
            html.P([word("settle_templates", lang), " ", word("settle_import", lang), " ", to_data], className="quiet"),
            html.P(links, className="templates"),
        ],
        className="settle-templates",
    )


# ---- its scenes: what they say, what they list, their slides --------------------------------------------------------


def _account(scene: SceneFacts) -> tuple[int | None, str, Account | None]:
    year, part = facts.read_code(scene.code) or (facts.latest(scene.atlas, scene.standing), "")
    return year, part, None if year is None else facts.account(scene.atlas, scene.standing, year)


def _findings(scene: SceneFacts) -> list[str]:
    year, part, account = _account(scene)
    atlas, standing, lang = scene.atlas, scene.standing, scene.lang
    if year is None:
        return [word("settle_nothing", lang)]
    if account is None:
        none = word("settle_no_scheme", lang, year=year)
        return [facts.results_title(atlas, standing, year, lang), none]
    stamp = Speech.of(lang).sentence(word("settle_stamp", lang))
    if part == "talks":
        return [facts.talks_title(account, lang), stamp]
    if part == "calls":
        return [facts.calls_title(standing, account, lang), stamp]
    first, *rest = facts.findings(atlas, account, lang)
    return [first, stamp, *rest]


def _figures(scene: SceneFacts) -> list[Fact]:
    """Return the rows of a scene's annex."""
    year, part, account = _account(scene)
    atlas, standing, lang = scene.atlas, scene.standing, scene.lang
    if year is None:
        return []
    if account is None:
        return [
            Fact(one.adcode, scene.name(one.adcode), facts.award_name(one.award, lang), _label(atlas, one, lang),
                 one.rank, source=one.source)
            for one in facts.results(atlas, standing, year, lang)
        ]  # fmt: skip
    stamp = Speech.of(lang).brackets(word("settle_stamp", lang))
    if part == "talks":
        return [
            Fact(place, scene.name(place), facts.say_group(atlas, group, lang) + stamp,
                 word("settle_reading", lang, n=number) + Speech.of(lang).brackets(facts.say_status(how, lang)))
            for number, reading in enumerate(account.talks, start=1)
            for group in reading.groups
            for place, _, how in group.found
        ]  # fmt: skip
    if part == "calls":
        return [
            Fact(one.input.key[0], scene.name(one.input.key[0]),
                 facts.say_figure_key(atlas, standing, one.input.key, lang) + stamp,
                 facts.say_state(one.input, standing, lang), one.places, word("settle_head_places", lang))
            for one in facts.to_ask(standing, account)
            if one.places
        ]  # fmt: skip
    between = Speech.of(lang).brackets
    return [
        Fact(
            one.place,
            scene.name(one.place),
            facts.award_name(award.id, lang) + between(facts.type_name(atlas, one.type, lang)) + stamp,
            facts.say_rank(one.rank, lang) + between(facts.say_measure(award, one, account, lang)),
        )
        for award in account.lists.values()
        for one in award.listed
    ]


def slide(scene: SceneSlides) -> None:
    """Draw the page, or the part of it that the scene shows, on slides."""
    year, part, account = _account(scene.facts)
    lang = scene.lang
    scene.begin()
    said = [one for one in scene.facts.findings if one.removesuffix(scene.speech.sentence("")) not in scene.title]
    if account is None or year is None:
        scene.say(scene.speech.pick("", " ").join(said), size=TEXT, ink="quiet")
        held = facts.results(scene.atlas, scene.facts.standing, year, lang) if year else []
        rows = [
            (facts.award_name(one.award, lang), facts.name(scene.atlas, one.adcode, lang),
             facts.prefecture(scene.atlas, one.adcode, lang), _label(scene.atlas, one, lang), one.source.source)
            for one in held
        ]  # fmt: skip
        heads = [word(f"settle_head_{key}", lang) for key in ("list", "county", "prefecture", "official", "source")]
        scene.table(Table.fitted(heads, rows, ROOM, size=SMALL))
        return
    scene.say(word("settle_stamp", lang), name=word("settle_stamp", lang), size=16, bold=True, ink="accent")
    if part == "talks":
        _slide_talks(scene, account)
        return
    if part == "calls":
        _slide_calls(scene, account)
        return
    _slide_lists(scene, account)


def _slide_lists(scene: SceneSlides, account: Account) -> None:
    """Draw the three lists side by side, each a table of its own."""
    lang, wide = scene.lang, (ROOM - 2 * 0.3) / 3
    top = scene.top
    for at, id in enumerate(AWARDS):
        award, x = account.lists[id], MARGIN + at * (wide + 0.3)
        scene.top = top
        basis = word(BASIS[id], lang, n=award.places)
        scene._say_in(f"{facts.award_name(id, lang)}  {basis}", x, wide, size=TEXT, bold=True)
        if award.wants:
            scene._say_in(facts.say_wants(award.wants, lang), x, wide, size=TEXT, ink="quiet")
            continue
        rows = []
        for one in award.listed:
            name = facts.name(scene.atlas, one.place, lang)
            name += scene.speech.brackets(facts.type_name(scene.atlas, one.type, lang)) if one.type else ""
            mark = word("settle_may", lang) if one.status == OPEN else ""
            rows.append((name, facts.say_places(one.rank), mark or facts.say_measure(award, one, account, lang)))
        heads = [word("settle_head_county", lang), word("settle_head_rank", lang), word("settle_head_score", lang)]
        if id == PROGRESS:
            heads[2] = word("settle_head_moved", lang)
        if len(rows) > MOST_STAGED + 1:
            rows[MOST_STAGED:] = [(word("settle_beyond", lang, n=len(rows) - MOST_STAGED), "", "")]
        for size in (16, TEXT, SMALL):
            table = Table.fitted(heads, rows, wide, {1, 2}, size)
            if table.fits(FOOT_TOP - GAP - scene.top):
                break
        kept = table.pages(FOOT_TOP - GAP - scene.top, FOOT_TOP)[0] if rows else ()
        put(scene.slide, partial(_drawn, facts.award_name(id, lang), table, kept, x, scene.top, lang))


def _drawn(name: str, table: Table, rows: Sequence[Any], x: float, y: float, lang: str, number: Any) -> str:
    return table_xml(number(), name, table, rows, x, y, lang)


def _slide_talks(scene: SceneSlides, account: Account) -> None:
    lang, atlas = scene.lang, scene.atlas
    readings = {one["id"]: one[lang] for one in atlas.plan.evaluation["warning_talk"]["readings"]}
    heads = ["", *(word("settle_reading", lang, n=number) for number, _ in enumerate(account.talks, start=1))]
    rows = [["", *(readings[one.id] for one in account.talks)]]
    for at, group in enumerate(atlas.plan.evaluation["warning_talk"]["groups"]):
        rows.append([group[lang], *(facts.say_candidates(atlas, one.groups[at], lang) for one in account.talks)])
    scene.table(Table.fitted(heads, rows, ROOM, size=TEXT))


def _slide_calls(scene: SceneSlides, account: Account) -> None:
    lang, standing = scene.lang, scene.facts.standing
    found = [one for one in facts.to_ask(standing, account) if one.places]
    rows = [
        (facts.say_figure_key(scene.atlas, standing, one.input.key, lang), facts.say_state(one.input, standing, lang),
         str(one.places), facts.decimals(one.points))
        for one in found
    ]  # fmt: skip
    scene.say(word("settle_calls_text", lang), size=TEXT, ink="quiet")
    heads = [word(f"settle_head_{key}", lang) for key in ("figure", "state", "places", "span")]
    if rows:
        scene.table(Table.fitted(heads, rows, ROOM, {2, 3}, 18))


PAGE = Page(
    id="settlement",
    path="/settlement",
    name=NAME,
    also="强县|约谈|evaluation",
    pinyin={"结账": "jie zhang", "强县": "qiang xian", "约谈": "yue tan"},
    code="year",
    script="pages/settlement.js",
    markup=lambda asked: page(asked.atlas, asked.standing_of(None), asked.view, asked.code),
    slide=slide,
    findings=_findings,
    figures=_figures,
)  # fmt: skip
