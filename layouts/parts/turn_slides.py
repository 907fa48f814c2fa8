"""A prefecture's turn on slides: the composition of the page, then the second scene."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from layouts.facts.layers import STATE_STYLES
from layouts.facts.prefecture import TURN, ordered
from layouts.parts.colours import Fill, colour, style_fill
from layouts.parts.slide import BODY, FOOT_TOP, GAP, MARGIN, ROOM, SMALL, SPARE, TEXT, SceneSlides
from layouts.parts.slide_map import classes_inside, draw_map, draw_swatches
from layouts.parts.slide_parts import (
    CELL,
    LEADING,
    PAD,
    Box,
    Numbers,
    Table,
    fill_xml,
    group,
    high,
    leader,
    line_xml,
    plain,
    put,
    table_xml,
)
from layouts.parts.turn import MOST, gap, say_floor, short_by
from layouts.words import word
from targets import outcomes, progress
from targets.progress import NO_TARGET, SHORT
from targets.speech import say_share

LEFT = 0.45  # of the room: the map; the table has the rest
BAR = 3  # the column that the bars stand in
BAR_ROOM = "一" * 5  # as wide as they are, at least
ROOMY = "一"  # a state is bold, and its font may be a wider one that stands in


def slide(scene: SceneSlides) -> None:
    """Draw the turn: left the map of who has reached the bound, right one table, under it on what it rests."""
    scene.facts = scene.facts.by(TURN[0])
    facts, lang = scene.facts, scene.lang
    scene.begin()
    mine = facts.standing.assessment.loc[[a for a in facts.inside if a in facts.assessed]]
    line = facts.findings[-1] if len(facts.findings) > 1 else ""
    if facts.view.period:
        line = scene.speech.sentences([scene.speech.sentence(scene.speech.period(facts.view.period)), line])
    if not len(mine):
        scene.say(facts.findings[0], size=TEXT)
    lower = FOOT_TOP - GAP
    upper, left = scene.top + 0.05, ROOM * (LEFT if len(mine) else 1)
    rows = classes_inside(scene)
    tall = SMALL * LEADING / 72 + 0.05
    map_high = lower - upper - tall * len(rows) - 0.4
    more = {str(adcode): short_by(row, lang) for adcode, row in mine.iterrows() if row["state"] in SHORT}
    draw_map(scene, Box(MARGIN, upper, left, map_high), list(facts.inside), size=TEXT, more=more)
    draw_swatches(scene, rows, MARGIN, lower - tall * len(rows) - 0.3, left, tall)
    if not len(mine):
        return
    x, room = MARGIN + left + 0.3, ROOM - left - 0.3
    below = high(line, room, SMALL) + 0.08 if line else 0
    table = _table(scene, ordered(mine), room, lower - upper - below)
    label = word("slide_table", lang)
    put(scene.slide, lambda number: table_xml(number(), label, table, table.rows, x, upper, lang))
    _bars(scene, ordered(mine), table, x, upper)
    scene.top = upper + table.row_high(table.heads, True) + sum(map(table.row_high, table.rows)) + 0.1
    if line:
        scene._say_in(line, x, room, name=word("slide_basis", lang), size=SMALL, ink="quiet")


def _table(scene: SceneSlides, mine: pd.DataFrame, room: float, tall: float) -> Table:
    """Return the table, in the largest type in which all its rows stand on the slide, its states coloured."""
    facts, lang = scene.facts, scene.lang
    cells: list[tuple[str, ...]] = []
    fills: dict[tuple[str, ...], dict[int, Fill]] = {}
    for adcode, row in mine.iterrows():
        is_listed = row["state"] != NO_TARGET
        has_share = is_listed and not pd.isna(row["attainment"])
        state = gap(row, lang) if row["state"] in SHORT else ""
        if row["reason"] == "floor":
            figure = say_floor(row, lang)
        elif pd.isna(row["observed"]):
            figure = word("turn_clash_cell" if row["absent"] == "contradicted" else "no_public_data", lang)
        else:
            figure = progress.say_figure(row, lang)
            if int(row["year"]) != facts.standing.rules.target_year:
                figure = word("figure_of_year", lang, amount=figure, year=row["year"])
        line = (
            facts.short(str(adcode)),
            scene.speech.money(row["lower"]) if is_listed else "—",
            figure,
            BAR_ROOM,
            scene.speech.percent(say_share(row["observed"], row["lower"])) if has_share else "—",
            (word("short_by", lang, gap=state) if state else facts.state(str(row["state"]))) + ROOMY,
        )
        cells.append(line)
        fill = style_fill(STATE_STYLES[str(row["state"])])
        fills[line] = {5: fill} if not fill.hatch else {}
    keys = ("county", "lower", "figure", "against", "share", "state")
    heads = [word(f"{'slide' if key in ('county', 'state') else 'turn'}_head_{key}", lang) for key in keys]
    # In one line each, where that leaves the type readable; smaller only where even two lines have no room.
    for size, lines in ((BODY, 1), (TEXT, 1), (TEXT, 2), (SMALL, 2)):
        table = Table.fitted(heads, cells, room, {1, 2, 4}, size)
        most = 2 * PAD + lines * size * LEADING / 72 + 0.01
        if table.fits(tall - SPARE) and all(table.row_high(row) <= most for row in table.rows):
            break

    def bare(row: tuple[str, ...]) -> tuple[str, ...]:
        return (*row[:BAR], "", *row[BAR + 1 : -1], row[-1].removesuffix(ROOMY))

    # The room that the bars, and bold letters, were measured by is theirs now.
    table = replace(table, rows=tuple(map(bare, table.rows)), fills={bare(row): fill for row, fill in fills.items()})
    return table.aired(tall - SPARE)


def _bars(scene: SceneSlides, mine: pd.DataFrame, table: Table, x: float, y: float) -> None:
    """Draw a bar a county in the table's free column, and the line of the bound across them all."""
    left = x + sum(table.widths[:BAR]) + CELL
    room = table.widths[BAR] - 2 * CELL
    top = y + table.row_high(table.heads, True)
    name = word("turn_head_against", scene.lang)

    def write(number: Numbers) -> str:
        whole, parts, at = number(), [], top
        for (adcode, row), cells in zip(mine.iterrows(), table.rows, strict=True):
            tall = table.row_high(cells)
            if not pd.isna(row["attainment"]) and row["state"] != NO_TARGET:
                wide = room * min(float(row["attainment"]), MOST) / MOST
                fill = style_fill(STATE_STYLES[str(row["state"])])
                box = Box(left, at + tall * 0.3, wide, tall * 0.4)
                edge = line_xml(fill.line or colour("quiet"), 0.5)
                called = f"{scene.facts.short(str(adcode))} {cells[4]}"
                parts.append(plain(number(), called, box, fill_xml(fill), edge))
            at += tall
        bound = left + room / MOST
        parts.append(leader(number(), name, (bound, top), (bound, at), line_xml(colour("ink"), 2.25)))
        return group(whole, name, Box(left, top, room, at - top), parts)

    put(scene.slide, write)


# ---- the second scene -----------------------------------------------------------------------------------------------


def slide_second(scene: SceneSlides) -> None:
    """Draw what the plan lists of the counties: a map of clusters beside a table, under it the marks."""
    facts, lang = scene.facts, scene.lang
    scene.begin()
    for text in facts.findings[1:]:
        scene.say(text, size=TEXT, ink="quiet")
    scene.top += 0.06
    # Few counties leave room for a larger map.
    few = 2 if len(facts.inside) < 4 else 1 if len(facts.inside) < 6 else 0
    upper, left = scene.top, scene.speech.pick((2.9, 3.4, 4.2)[few], (2.6, 2.9, 3.4)[few])
    held = {id for adcode in facts.inside for id in _held(scene, adcode)}
    plan = scene.atlas.plan
    ids = [id for id in (*plan.option_ids["cluster"], *plan.option_ids["energy"]) if id in held]
    key = "　".join(f"{plan.option(id).mark} {facts.option(id)}" for id in ids)
    below = 0.0
    if key:
        below = high(key, ROOM, SMALL) + 0.06
        scene.top = FOOT_TOP - GAP - below + 0.06
        scene.say(key, name=word("slide_marks", lang), size=SMALL, ink="quiet")
    lower = FOOT_TOP - GAP - below
    rows = classes_inside(scene)
    line = SMALL * LEADING / 72 + 0.05
    room = Box(MARGIN, upper, left, lower - upper - line * len(rows) - 0.4)
    draw_map(scene, room, list(facts.inside))
    draw_swatches(scene, rows, MARGIN, lower - line * len(rows) - 0.3, left, line)
    scene.top = upper
    heads = ["county", "band", "roles", "road", "people"]
    cells = [list(_row(scene, adcode)) for adcode in facts.inside]
    if all(row[3] == "—" for row in cells):  # Box 5 lists none, as the title says
        for row in (heads, *cells):
            del row[3]
    for size in (TEXT, SMALL):
        table = Table.fitted(
            [word(f"slide_head_{key}", lang) for key in heads], cells, ROOM - left - 0.25, {len(heads) - 1}, size
        )
        if table.fits(FOOT_TOP - GAP - SPARE - scene.top - below):
            break
    scene.table(table, MARGIN + left + 0.25, below=below)


def _held(scene: SceneSlides, adcode: str) -> tuple[str, ...]:
    county = scene.facts.counties[adcode]
    return (*county.clusters, *county.energy)


def _row(scene: SceneSlides, adcode: str) -> tuple[str, ...]:
    """Return what the plan lists of a county, as the page says it."""
    facts, lang = scene.facts, scene.lang
    cells = facts.columns[adcode].cells

    def said(key: str) -> str:
        return "\n".join(line.text for line in cells.get(key, ())) or "—"

    marks = " ".join(scene.atlas.plan.option(id).mark for id in _held(scene, adcode)) or "—"
    road = "—"
    known = facts.roads.counties
    if adcode in known.index:
        row = known.loc[adcode]
        outcome = scene.speech.pick(*outcomes.OUTCOMES[str(row["outcome"])])
        road = word("turn_planned", lang, year=str(row["planned_year"])) + "\n"
        opened = word("turn_opened", lang, date=outcomes.say_when(str(row["when"]), lang), outcome=outcome)
        road += outcome if row["outcome"] == outcomes.UNKNOWN else opened
    return facts.short(adcode), said("band"), marks, road, said("population")
