"""A year's settlement as a workbook: lists, ranks, each county's points with the figures they are made of, settings.

Every sheet that holds what was worked out says first what it is: an estimate, no award.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from layouts.facts import settlement as facts
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.exports import File, Unavailable, Wanted
from layouts.parts.workbook import cell, landscape, saved
from layouts.words import both, word
from targets.settlement.account import Account
from targets.speech import Speech


def _number(value: Fraction | int) -> float:
    return float(facts.decimals(value, 6))


def settlement_xlsx(atlas: Atlas, standing: Standing, year: int, lang: str) -> bytes:
    """Return a year's account and what was published of it; without a scheme, what was published alone."""
    book = Workbook(write_only=True)
    account = facts.account(atlas, standing, year)
    if account is not None:
        stamp = f"{word('settle_stamp', lang)} · {word('settle_of_year', lang, year=year)}"
        sheets: tuple[tuple[str, tuple[str, ...], Iterable[Sequence[Any]]], ...] = (
            ("lists", ("list", "types", "county", "best", "worst", "state", "low", "high"),
             _lists(atlas, account, lang)),
            ("ranks", ("county", "prefecture", "types", "best", "worst", "low", "high", "moved"),
             _ranks(atlas, account, lang)),
            ("points", ("county", "indicator", "taken", "low", "high", "weight", "input"),
             _points(atlas, standing, account, lang)),
            ("talks", ("state", "list", "county", "types", "verdict"), _talks(atlas, account, lang)),
            ("settings", ("setting", "value", "document"),
             [(one.question, one.value or word("settle_undecided", lang), one.document)
              for one in facts.decided(account, standing, lang)]),
            ("beside", ("list", "types", "county", "computed", "official", "verdict"),
             _beside(atlas, standing, account, lang)),
        )  # fmt: skip
        for name, keys, held in sheets:
            names = [word(f"settle_{_head(key)}", lang) for key in keys]
            _sheet(book, word(f"settle_sheet_{name}", lang), stamp, names, held)
    heads = [word(f"settle_head_{key}", lang) for key in ("list", "types", "county", "rank", "source")]
    rows = [
        (facts.award_name(one.award, lang), facts.type_name(atlas, one.type, lang),
         facts.name(atlas, one.adcode, lang), one.rank_said, one.source.source)
        for one in facts.results(atlas, standing, year, lang)
    ]  # fmt: skip
    _sheet(book, word("settle_sheet_published", lang), facts.results_title(atlas, standing, year, lang), heads, rows)
    notes = [word("settle_no_scheme", lang, year=year)]
    if account is not None:
        notes = [facts.rests(account, lang), facts.sources(account, standing, lang), facts.say_fund(account, lang)]
        notes.append(word("settle_exactly", lang))
    labelled = [(word("settle_of_year", lang, year=year), one) for one in notes]
    return saved(book, word("settle_sheet_notes", lang), labelled)


def _head(name: str) -> str:
    return name if name in ("best", "worst", "low", "high") else f"head_{name}"


def _sheet(book: Workbook, name: str, said: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(name)
    for at in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(at)].width = 26
    landscape(sheet)
    sheet.freeze_panes = "A3"
    sheet.append([cell(sheet, said, bold=True)])
    sheet.append([cell(sheet, head, head=True) for head in heads])
    for row in rows:
        sheet.append([cell(sheet, one) for one in row])


def _lists(atlas: Atlas, account: Account, lang: str) -> Iterable[Sequence[Any]]:
    for award in account.lists.values():
        title = facts.award_title(award.id, lang)
        if award.wants:
            yield title, "", facts.say_wants(award.wants, lang), None, None, None, None, None
        for one in award.listed:
            yield (
                title, facts.type_name(atlas, one.type, lang), facts.name(atlas, one.place, lang), one.rank.best,
                one.rank.worst, facts.say_status(one.status, lang), *map(_number, one.measure),
            )  # fmt: skip


def _ranks(atlas: Atlas, account: Account, lang: str) -> Iterable[Sequence[Any]]:
    for ranking in (account.overall, *account.types.values()):
        for place in ranking.order if ranking else ():
            assert ranking is not None
            rank = ranking.ranks[place]
            yield (
                facts.name(atlas, place, lang), facts.prefecture(atlas, place, lang),
                facts.type_name(atlas, ranking.type, lang), rank.best, rank.worst,
                *map(_number, ranking.scores[place]),
                facts.say_moved(account, place, lang) if not ranking.type else "",
            )  # fmt: skip


def _points(atlas: Atlas, standing: Standing, account: Account, lang: str) -> Iterable[Sequence[Any]]:
    speech = Speech.of(lang)
    for ranking in (account.overall, *account.types.values()):
        for place, parts in ranking.parts.items() if ranking else ():
            for one in facts.points(standing, parts, lang):
                given = [
                    speech.named(facts.say_figure_key(atlas, standing, each.key, lang),
                                 facts.say_state(each, standing, lang))
                    + (speech.brackets(str(each.figure["source"])) if each.figure is not None else "")
                    for each in one.part.taken.inputs
                ]  # fmt: skip
                what = one.what + speech.brackets(facts.type_name(atlas, one.part.row.type, lang))
                yield (facts.name(atlas, place, lang), what, one.taken, _number(one.part.low), _number(one.part.high),
                       float(one.part.row.weight), speech.clauses(given))  # fmt: skip


def _talks(atlas: Atlas, account: Account, lang: str) -> Iterable[Sequence[Any]]:
    for number, reading in enumerate(account.talks, start=1):
        said = word("settle_reading", lang, n=number)
        for group in reading.groups:
            name = facts.say_group(atlas, group, lang)
            if group.wants or not group.found:
                yield said, name, facts.say_candidates(atlas, group, lang), "", ""
            for place, type, how in group.found:
                yield (said, name, facts.name(atlas, place, lang), facts.type_name(atlas, type, lang),
                       facts.say_status(how, lang))  # fmt: skip


def _beside(atlas: Atlas, standing: Standing, account: Account, lang: str) -> Iterable[Sequence[Any]]:
    for id, held in facts.beside(atlas, standing, account, lang).items():
        for one in held:
            yield (
                facts.award_title(id, lang), facts.type_name(atlas, one.type, lang),
                facts.name(atlas, one.adcode, lang), facts.say_status(one.computed, lang),
                one.official_rank or facts.say_status(facts.IN if one.official else facts.OUT, lang),
                word(f"settle_verdict_{one.verdict}", lang),
            )  # fmt: skip


def _year(wanted: Wanted) -> int:
    """Return the year that the address names, else the latest; refuse what is none."""
    text = wanted.given.get("year")
    if text is None:
        found = facts.latest(wanted.atlas, wanted.standing_of(None))
        if found is None:
            raise Unavailable(word("settle_nothing", wanted.view.lang), 404)
        return found
    if facts.read_code(text) is None or len(text) != 4:
        raise Unavailable(f"{text[:40]} {word('settle_unknown_text', wanted.view.lang)}", 404)
    return int(text)


FILES = (
    File(
        id="settlement",
        path="/export/settlement.xlsx",
        write=lambda wanted: settlement_xlsx(wanted.atlas, wanted.standing_of(None), _year(wanted), wanted.view.lang),
        name=both("take_settlement_xlsx"),
        offered=("settlement",),
        called=lambda wanted: f"{wanted.atlas.plan.region.slug}-settlement-{_year(wanted)}",
    ),
)
