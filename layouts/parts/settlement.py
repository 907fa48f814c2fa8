"""What the settlement says of one county: its ranks, what its score is made of, and each figure's source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from layouts.facts import settlement as facts
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.county import indicator_name, source_of
from layouts.parts.markup import page_link
from layouts.parts.provenance import source_mark
from layouts.words import word
from targets.settlement.points import Contribution
from targets.settlement.ranks import OUT
from targets.speech import Speech


def said_of(atlas: Atlas, standing: Standing, adcode: str, lang: str) -> list[str]:
    """Return how a county stands in the latest account, in sentences; nothing without a scheme."""
    year = facts.latest(atlas, standing)
    account = None if year is None else facts.account(atlas, standing, year)
    if account is None or account.overall is None or year is None:
        return []
    speech, ranking = Speech.of(lang), account.overall
    if adcode in ranking.out:
        what = speech.list(indicator_name(id, standing.indicators, lang) for id in ranking.out[adcode])
        return [word("settle_county_out", lang, year=year, what=what)]
    if adcode not in ranking.ranks:
        return []
    filed = [facts.type_name(atlas, type, lang) for type in account.types_filed.get(adcode, ())]
    types = (
        word("settle_county_types", lang, types=speech.list(filed)) if filed else word("settle_county_no_types", lang)
    )
    rank, score = facts.say_rank(ranking.ranks[adcode], lang), facts.say_pair(ranking.scores[adcode])
    said = [word("settle_county_said", lang, year=year, rank=rank, score=score, types=types)]
    if facts.moved_since(account, adcode) is not None:
        said.append(word("settle_county_moved", lang, moved=facts.say_moved(account, adcode, lang)))
    statuses = account.statuses()
    for id, award in account.lists.items():
        if award.wants:
            continue
        mine = {how for (list, _, place), how in statuses.items() if (list, place) == (id, adcode)}
        how = sorted(mine)[0] if mine else OUT
        said.append(
            word("settle_county_on", lang, award=facts.award_title(id, lang), status=facts.say_status(how, lang))
        )
    return [said[0], speech.sentence(speech.clauses(said[1:]))] if len(said) > 1 else said


def section(atlas: Atlas, standing: Standing, adcode: str, lang: str) -> html.Section | None:
    """Return a county's part of the latest account, with a mark at each figure; nothing without a scheme."""
    said = said_of(atlas, standing, adcode, lang)
    year = facts.latest(atlas, standing)
    if not said or year is None:
        return None
    account = facts.account(atlas, standing, year)
    assert account is not None and account.overall is not None
    tables: list[Any] = []
    for ranking in (account.overall, *account.types.values()):
        if parts := ranking.parts.get(adcode):
            if ranking.type:
                rank = facts.say_rank(ranking.ranks[adcode], lang)
                tables.append(html.H4(Speech.of(lang).named(facts.type_name(atlas, ranking.type, lang), rank)))
            tables.append(_points(atlas, standing, parts, lang))
    to_page = page_link(word("nav_settlement", lang), f"/settlement/{year}")
    title = html.H3([word("settle_county", lang), " ", html.Span(word("settle_stamp", lang), className="settle-tie")])
    return html.Section(
        [title, *[html.P(text) for text in said], *tables, html.P([to_page], className="quiet")],
        className="settle-county-part",
    )


def _points(atlas: Atlas, standing: Standing, parts: Sequence[Contribution], lang: str) -> html.Table:
    """Return what a score is made of, each figure with its mark."""
    rows = []
    for one in facts.points(standing, parts, lang):
        marks: list[Any] = []
        for each in one.part.taken.inputs:
            what = facts.say_state(each, standing, lang)
            if each.figure is None:
                key = facts.say_figure_key(atlas, standing, each.key, lang)
                marks += [html.Span(Speech.of(lang).named(key, what), className="quiet"), " "]
            else:
                marks += [source_mark(source_of(atlas, standing, each.figure, what, lang), lang), " "]
        numbers = (one.taken, one.points, one.weight)
        rows.append(
            html.Tr([html.Td(one.what), *(html.Td(text, className="number") for text in numbers), html.Td(marks)])
        )
    heads = [word(f"settle_head_{key}", lang) for key in ("indicator", "taken", "points", "weight", "input")]
    made = [html.Th(text, scope="col", className="number" if 0 < at < 4 else None) for at, text in enumerate(heads)]
    return html.Table([html.Thead(html.Tr(made)), html.Tbody(rows)], className="plain settle-table")
