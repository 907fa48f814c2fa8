"""Charts on slides: PowerPoint's own, which a user can change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, cast

import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_PATTERN_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from layouts.facts.layers import STATE_STYLES
from layouts.parts.colours import Fill, colour, style_fill
from layouts.parts.slide import HIGH, SMALL, TEXT, SceneSlides
from layouts.parts.slide_parts import FONT, emu
from layouts.parts.styles import HATCHES
from layouts.words import word
from targets import progress
from targets.cells import clean, harmless
from targets.speech import Speech, exact

CHART_ROWS = 12  # counties to one chart: more could not be read from the back row


def bounds(scene: SceneSlides, rows: pd.DataFrame) -> None:
    """Draw observed values beside the lower bounds as a native bar chart."""
    lang, speech = scene.lang, scene.speech
    # As published, every digit.
    observed = [float(exact(value) * speech.pick(Decimal(1), Decimal("0.1"))) for value in rows["observed"]]
    series = [
        (word("head_observed", lang), observed),
        (word("head_lower", lang), [shown_number(lower, lang) for lower in rows["lower"]]),
    ]
    chart = bars(scene, [_bar(scene, row) for _, row in rows.iterrows()], series, most=0.6 + 0.7 * len(rows))
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, -5
    reached, lower = plot.series
    for at, state in enumerate(rows["state"]):
        paint(reached.points[at].format, style_fill(STATE_STYLES[str(state)]))
    paint(reached.format, style_fill(STATE_STYLES[progress.REACHED]))
    paint(lower.format, Fill(colour("line")))
    for series, digits in ((reached, "#,##0.######"), (lower, "General")):
        # A series with a format of its own needs the rest said again.
        labels = series.data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
        labels.number_format, labels.number_format_is_linked = digits, False
        labels.font.size = Pt(SMALL)
    for at, (_, row) in enumerate(rows.iterrows()):
        # 约, 万元 and a last nought are of the print, which a number alone does not show.
        printed = progress.say_figure(row, lang)
        if printed.removesuffix(speech.pick("亿元", " bn yuan")) != f"{observed[at]:,.10g}":
            label = reached.points[at].data_label
            label.text_frame.text = printed
            label.text_frame.paragraphs[0].runs[0].font.size = Pt(SMALL)
            label.position = XL_LABEL_POSITION.OUTSIDE_END


def _bar(scene: SceneSlides, row: pd.Series) -> str:
    """Return a bar's name: county, year of its figure and how firm that is, state."""
    name, when = scene.facts.short(str(row.name)), Speech.of(scene.lang).period(str(row["period"]))
    how = progress.say_how(row, scene.lang)
    return scene.speech.pick(" ", ", ").join((name, when + how, scene.facts.state(str(row["state"]))))


def bars(
    scene: SceneSlides,
    names: Sequence[str],
    series: Iterable[tuple[str, Sequence[int | float | None]]],
    *,
    most: float = HIGH,
    name: str = "",
    upright: bool = False,
    legend: bool = True,
) -> Any:
    """Draw bars in the room below what is there.

    Parameters
    ----------
    scene : SceneSlides
    names : sequence of str
        Of the bars, the first on top.
    series : iterable of (str, sequence of number)
        Its name, and a number for each bar; None where nothing is known.
    most : float
        Inches that the chart is high at most.
    name : str
        The chart's own, by default the general one.
    upright : bool
        Whether the bars stand.
    legend : bool
        Whether the series are named.
    """
    data = CategoryChartData(number_format="General")
    data.categories = [str(harmless(clean(one))) for one in names]  # a text in the chart's own workbook, no formula
    for called, values in series:
        data.add_series(called, values)
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if upright else XL_CHART_TYPE.BAR_CLUSTERED
    room, shapes = scene.rest(most), cast(Any, scene.slide.shapes)
    frame = shapes.add_chart(kind, *map(emu, (room.x, room.y, room.wide, room.high)), data)
    frame.name = name or word("slide_chart", scene.lang)
    chart = frame.chart
    chart.has_title = False
    chart.font.size, chart.font.name = Pt(SMALL), FONT
    chart.font.color.rgb = RGBColor.from_string(colour("ink"))
    for run in chart._chartSpace.xpath("./c:txPr//a:defRPr"):
        run.append(parse_xml(f'<a:ea {nsdecls("a")} typeface="{FONT}"/>'))
    chart.has_legend = legend
    if legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(TEXT)
    sides, amounts = chart.category_axis, chart.value_axis
    sides.reverse_order = not upright  # the first on top
    sides.tick_labels.font.size = Pt(SMALL)
    sides.format.line.color.rgb = RGBColor.from_string(colour("control"))
    sides.has_major_gridlines = False
    amounts.has_major_gridlines = False
    amounts.visible = False
    amounts.minimum_scale = 0
    amounts.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 60, -5
    plot.vary_by_categories = False
    plot.has_data_labels = True
    plot.data_labels.show_value = True
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "General", False
    plot.data_labels.font.size = Pt(TEXT if upright else SMALL)
    return chart


def shown_number(amount: Any, lang: str) -> float:
    """Return a number as the pages show it, for a chart's own data sheet."""
    return float(Speech.of(lang).number(amount).replace(",", ""))


def paint(form: Any, fill: Fill) -> None:
    """Fill bars like the counties of a class; an edge keeps a pale one from the ground."""
    form.line.color.rgb = RGBColor.from_string(fill.line or colour("quiet"))
    form.line.width = Pt(0.75)
    if not fill.hatch:
        form.fill.solid()
        form.fill.fore_color.rgb = RGBColor.from_string(fill.ground)
        return
    form.fill.patterned()
    form.fill.pattern = MSO_PATTERN_TYPE.from_xml(HATCHES[fill.hatch].slide)
    form.fill.fore_color.rgb = RGBColor.from_string(fill.line)
    form.fill.back_color.rgb = RGBColor.from_string(fill.ground)
