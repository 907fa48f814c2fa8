"""The progress page on slides."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pptx.util import Pt

from layouts.facts import titles
from layouts.facts.layers import STATE_STYLES
from layouts.facts.province import target_name, target_value, where
from layouts.parts.colours import Fill, colour, style_fill
from layouts.parts.slide import BODY, ROOM, TEXT, SceneSlides
from layouts.parts.slide_charts import CHART_ROWS, bars, bounds, paint
from layouts.parts.slide_parts import Table
from layouts.words import word
from targets import progress
from targets.provenance import cite_source
from targets.speech import Speech, exact, say_percent, say_share

LADDER_FILLS = {2: ("line", "r5"), 3: ("line", "r3", "r5")}  # listed, then the observed years, the latest dark


def slide(scene: SceneSlides) -> None:
    """Draw the page on slides."""
    facts, lang = scene.facts, scene.lang
    rules, calls = facts.standing.rules, facts.calls
    call = titles.call_title(sum(len(mine) for _, mine in calls), rules, lang) if calls else ""
    scene.begin()
    if leads := scene.title == call:
        # What the title promises stands under it; how all stand follows.
        _slide_calls(scene)
        if facts.matched:
            rows = facts.standing.assessment
            scene.begin(titles.standing_title(rows[rows.index.isin(facts.matched)], rules, lang))
    period = facts.view.period
    if period and not any(say(period) in scene.title for say in (Speech.of(lang).period, Speech.of(lang).span)):
        scene.say(Speech.of(lang).period(period), size=TEXT, ink="quiet")
    first, *rest = facts.findings
    scene.say(first, bold=True)
    for text in rest:
        scene.say(text, size=TEXT, ink="quiet")
    if facts.matched:
        _slide_states(scene)
    _slide_quarter(scene)
    if facts.again:
        # All the rest stands on the slides of an earlier scene.
        return
    if calls and not leads:
        scene.begin(call)
        _slide_calls(scene)
    _slide_bullets(scene)
    _slide_short(scene)
    _slide_ladder(scene)
    _slide_roads(scene)
    _slide_targets(scene)
    _slide_parks(scene)


def _slide_states(scene: SceneSlides) -> None:
    """Draw how many counties are in each state."""
    facts, lang = scene.facts, scene.lang
    counts = facts.state_counts()
    scene.top += 0.1
    name = word("slide_states", lang)
    names, series = [facts.state(state) for state in counts], [(name, list(counts.values()))]
    chart = bars(scene, names, series, most=0.56 * len(counts), name=name, legend=False)
    plot = chart.plots[0]
    plot.gap_width = 40
    chart.category_axis.tick_labels.font.size = plot.data_labels.font.size = Pt(BODY)
    for at, state in enumerate(counts):
        paint(plot.series[0].points[at].format, style_fill(STATE_STYLES[state]))


def _slide_bullets(scene: SceneSlides) -> None:
    """Draw observed values against the lower bounds, so many counties a slide as can be read."""
    facts, lang = scene.facts, scene.lang
    measured = facts.measured
    if measured.empty:
        return
    title = titles.measured_title(measured, lang)
    parts = -(-len(measured) // CHART_ROWS)
    each = -(-len(measured) // parts)
    for start in range(0, len(measured), each):
        rows = measured.iloc[start : start + each]
        scene.finding(title)
        said = word("slide_bullets", lang, n=len(measured), first=start + 1, last=start + len(rows))
        scene.say(said, size=TEXT, ink="quiet")
        bounds(scene, rows)


def _slide_ladder(scene: SceneSlides) -> None:
    """Draw how many counties stand in each band: listed by the plan, and observed."""
    facts, lang = scene.facts, scene.lang
    scene.begin(titles.ladder_title(facts.ladder, scene.atlas.plan, lang))
    scene.say(titles.ladder_text(facts.ladder, scene.atlas.plan, lang), size=TEXT, ink="quiet")
    names, series = facts.ladder_bars
    chart = bars(scene, names, series, upright=True)
    for drawn, fill in zip(chart.plots[0].series, LADDER_FILLS[len(series)], strict=True):
        paint(drawn.format, Fill(colour(fill)))


def _slide_roads(scene: SceneSlides) -> None:
    """Draw the counties planned to be connected against those known to have been, summed up year by year."""
    facts, lang = scene.facts, scene.lang
    steps = facts.road_steps
    scene.begin(steps.title)
    for text in facts.roads.sentences(lang):
        scene.say(text, size=TEXT, ink="quiet")
    chart = bars(scene, list(map(str, steps.years)), steps.series, upright=True)
    for drawn, fill in zip(chart.plots[0].series, ("line", "r5"), strict=True):
        paint(drawn.format, Fill(colour(fill)))


def _slide_targets(scene: SceneSlides) -> None:
    """List the provincial targets of which something is known; the others stand in the annex."""
    facts, lang = scene.facts, scene.lang
    known = [row for row in facts.targets if row[f"known_{lang}"]]
    scene.begin(word("slide_targets" if known else "targets_title", lang, n=len(facts.targets), known=len(known)))
    rest = len(facts.targets) - len(known)
    said = [word("targets_text", lang), *([word("slide_targets_rest", lang, n=rest)] if rest else [])]
    scene.say(scene.speech.pick("", " ").join(said), size=TEXT, ink="quiet")
    if not known:
        return
    rows = [
        (
            target_name(row, lang),
            target_value(row, lang),
            str(row[scene.speech.column("deadline")]),
            where(row, lang),
            str(row[f"known_{lang}"]),
            str(row["known_source"]) or "—",
        )
        for row in known
    ]
    keys = ("target", "value", "deadline", "clause", "known_of", "source")
    scene.table(Table.fitted([word(f"head_{key}", lang) for key in keys], rows, ROOM))


def _slide_parks(scene: SceneSlides) -> None:
    """List the twelve parks, target and observed."""
    facts, lang = scene.facts, scene.lang
    scene.begin(word("parks_title", lang, n=len(facts.parks)))
    scene.say(word("parks_text", lang), size=TEXT, ink="quiet")
    keys = ("park", "value", "park_observed", "year", "park_gap", "clause")
    rows = [facts.park_cells(row) for row in facts.parks]
    scene.table(Table.fitted([word(f"head_{key}", lang) for key in keys], rows, ROOM, {1, 2, 4}))


def _slide_calls(scene: SceneSlides) -> None:
    """List whom to call for the target year's figure, a row a prefecture."""
    facts, lang = scene.facts, scene.lang
    between = scene.speech.pick("、", ", ")
    rows = [(facts.option(code), str(len(mine)), between.join(map(facts.short, mine))) for code, mine in facts.calls]
    heads = [word(f"slide_head_{key}", lang) for key in ("prefecture", "n", "names")]
    scene.table(Table.fitted(heads, rows, ROOM, {1}, TEXT))


def _slide_short(scene: SceneSlides) -> None:
    """List who is behind, or after the term has not reached the bound; no slide for nobody."""
    facts, lang = scene.facts, scene.lang
    rows, rules = facts.short_of, facts.standing.rules
    if rows.empty:
        return
    scene.begin(word("slide_short" if rules.closed else "behind_title", lang, n=len(rows)))
    heads = {
        "lower": word("slide_head_lower", lang),
        "latest": word("slide_head_latest", lang),
        **{key: word(f"head_{key}", lang) for key in ("year", "status", "share")},
        "gap": word("slide_head_gap", lang),
        **({} if rules.closed else {"growth": word("head_growth", lang)}),
        "source": word("head_source", lang),
    }
    cells = []
    for adcode, row in rows.iterrows():
        growth = row["required_growth"]
        said = {
            "lower": Speech.of(lang).money(row["lower"]),
            "latest": progress.say_figure(row, lang),
            "year": str(row["year"]),
            "status": Speech.of(lang).status(row["status"], row["origin"]),
            "share": Speech.of(lang).percent(say_share(row["observed"], row["lower"])),
            "gap": progress.say_distance(row, lang),
            "growth": "—" if pd.isna(growth) else Speech.of(lang).percent(say_percent(growth, rules.pace)),
            "source": cite_source(row, lang, facts.standing.batches),
        }
        cells.append((facts.short(str(adcode)), *(said[key] for key in heads)))
    numbers = {
        at for at, key in enumerate(heads, start=1) if key in ("lower", "latest", "year", "share", "gap", "growth")
    }
    size = BODY if len(cells) <= 8 else TEXT
    scene.table(Table.fitted([word("slide_head_county", lang), *heads.values()], cells, ROOM, numbers, size))


def _slide_quarter(scene: SceneSlides) -> None:
    """Draw the figures of the part of a year that the scene is about."""
    facts, lang = scene.facts, scene.lang
    part = facts.part
    if part is None:
        return
    kept = part.over(facts.matched)
    when = Speech.of(lang).span(part.period)
    scene.begin(word("quarter_title", lang, when=when, n=len(kept)))
    asked = int(facts.standing.assessment.index.isin(facts.matched).sum())
    scene.say(part.sentence(facts.matched, asked, lang), size=TEXT)
    scene.say(word("quarter_text", lang), size=TEXT, ink="quiet")
    # As on the page: what no county has, or the province has not, gets no column.
    apart, industry = part.province is not None, bool(part.counties["industry"].notna().any())
    if part.province is None:
        scene.say(word("quarter_alone", lang), size=TEXT, ink="quiet")
    else:
        rate = f"{exact(part.province['value']):f}"
        source = cite_source(part.province, lang, facts.standing.batches)
        scene.say(word("quarter_province", lang, rate=rate, source=source), size=TEXT, ink="quiet")

    def rate_of(row: Any, what: str) -> str:
        return "—" if pd.isna(row[what]) else progress.say_rate(row, what, lang)

    rows = []
    for adcode in part.order("growth"):
        if adcode not in kept.index:
            continue
        row = kept.loc[adcode]
        known = [what for what in ("level", "growth") if not pd.isna(row[what])]
        rows.append(
            (
                facts.short(adcode),
                "—" if pd.isna(row["level"]) else progress.say_figure(row, lang, "level_", "level"),
                rate_of(row, "growth"),
                *(["—" if pd.isna(row["apart"]) else f"{exact(row['apart']):+f}"] if apart else []),
                *([rate_of(row, "industry")] if industry else []),
                facts.state(str(row["state"])),
                "\n".join(dict.fromkeys(cite_source(row, lang, facts.standing.batches, f"{what}_") for what in known)),
            )
        )
    keys = ["part", "rate", *(["apart"] if apart else []), *(["industry"] if industry else [])]
    heads = [
        word("slide_head_county", lang),
        word("slide_head_part", lang),
        *(word(f"head_{key}", lang) for key in (*keys[1:], "full_year", "source")),
    ]
    scene.table(Table.fitted(heads, rows, ROOM, range(1, len(keys) + 1)))
