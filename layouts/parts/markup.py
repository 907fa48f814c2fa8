"""Dash's HTML components written out as HTML text.

A page of several hundred components keeps Dash's renderer busy for seconds; the same page as text is set by the browser
at once. So the pages beside the map are built from the same components, and travel as one text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from layouts.facts.exports import File, offered
from layouts.facts.layers import say
from layouts.facts.view import View
from layouts.words import word

VOID = frozenset({"br", "hr", "img", "wbr", "col", "input"})
RENAMED = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex", "colSpan": "colspan", "rowSpan": "rowspan"}
NO_TEXT = frozenset({"children", "style", "n_clicks", "n_clicks_timestamp", "key", "disable_n_clicks"})
ATTRIBUTE = re.compile(r"[a-z][a-z0-9-]*", re.IGNORECASE)


def write(part: Any) -> str:
    """Write components, text and numbers as HTML; all text is escaped.

    Parameters
    ----------
    part : component, str, number, None, or a list or tuple of these
        Components of ``dash.html``, and a plain field, which that has not.

    Raises
    ------
    TypeError
        For a component that is not plain HTML.
    ValueError
        For an attribute name that HTML does not allow.
    """
    if part is None or part is False:
        return ""
    if isinstance(part, (list, tuple)):
        return "".join(map(write, part))
    if not isinstance(part, Component):
        return escape(str(part), quote=False)
    if part._namespace != html.Div._namespace and not isinstance(part, dcc.Input):
        raise TypeError(f"{type(part).__name__} is not an HTML element: it needs Dash in the browser")
    tag = type(part).__name__.lower()
    properties = part.to_plotly_json()["props"]
    text = "".join(_attribute(name, value) for name, value in properties.items() if name not in NO_TEXT)
    if properties.get("style"):
        text += _attribute("style", ";".join(f"{_kebab(name)}:{value}" for name, value in properties["style"].items()))
    if tag in VOID:
        return f"<{tag}{text}>"
    return f"<{tag}{text}>{write(properties.get('children'))}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    name = RENAMED.get(name, name)
    if not ATTRIBUTE.fullmatch(name):
        raise ValueError(f"{name!r} is no HTML attribute name")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def _kebab(name: str) -> str:
    return name if name.startswith("--") else re.sub(r"[A-Z]", lambda letter: "-" + letter[0].lower(), name)


def chart(figure: go.Figure, id: str, text: str | None = None) -> html.Div:
    """Return the room of a chart, which the browser draws from the figure it carries.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        In the light theme's colours and with a height; the browser puts the dark theme's in their place. Where its
        ``layout.meta`` has ``row`` and ``pad`` (px), the browser may leave out rows and shorten the chart.
    id : str
    text : str, optional
        What the chart is called for those who do not see it; else its title.
    """
    drawn = json.loads(figure.to_json())
    drawn["layout"].pop("template", None)  # 7 KB that say what plotly.js does anyway
    data = json.dumps(drawn, ensure_ascii=False, separators=(",", ":"))
    title = text or (figure.layout.title.text or "").replace("<br>", " ")
    more = {"data-figure": data, "aria-label": title}
    return html.Div(
        id=id, className="chart", role="group", tabIndex=0, style={"height": f"{figure.layout.height}px"}, **more
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], label: str = "") -> html.Div:
    """Return a plain table in a room that scrolls sideways.

    The cells travel as data and the browser sets them as text, so that Dash need not mount a component a cell.

    Parameters
    ----------
    heads : sequence of str
    rows : iterable of sequence
        A cell is text, a number, or what `county_cell` and the like return. A row whose first cell is a county's is
        left out by the browser while its county does not match the filter.
    label : str
        The room's name; by default the first head.
    """
    body = [[cell if isinstance(cell, dict) else str(cell) for cell in row] for row in rows]
    data = json.dumps({"heads": list(heads), "rows": body}, ensure_ascii=False, separators=(",", ":"))
    more = {"data-table": data, "aria-label": label or heads[0]}
    return html.Div(className="table-room", tabIndex=0, role="group", **more)


def page_link(text: Any, path: str, **more: Any) -> html.A:
    """Return a link to another page of the atlas; the browser keeps the rest of the view."""
    return html.A(text, href=path, **{"data-page": path}, **more)


def take(file: File, view: View, text: Any, code: str = "", **more: Any) -> html.A:
    """Return a link to a file of a view; the browser keeps it in step with the view, but for a page of one place.

    Parameters
    ----------
    file : File
    view : View
    text : str
    code : str
        Of the county or prefecture that the page is of: the file is asked for with it as ``county`` or ``prefecture``.
    """
    query = "&".join(part for part in (code, view.query()) if part)
    carried = {} if code else {"data-carry": file.path}
    return html.A(text, href=file.path + (f"?{query}" if query else ""), **carried, **more)


def takes(place: str, view: View, code: str = "") -> list[html.A]:
    """Return the links to the files that a page offers."""
    return [
        take(file, view, say(file.name, view.lang), code, className="quiet-button", **{"data-take": file.kind})
        for file in offered(place)
    ]


def county_cell(adcode: str, name: Any) -> dict[str, str]:
    """Return a cell that opens its county's page when pressed."""
    return {"text": str(name), "county": adcode}


def key_form(lang: str, who: str) -> html.Form:
    """Return the form that takes the operator's key, or, for one who is signed in by it, ends that.

    Parameters
    ----------
    lang : str
    who : str
        ``key`` for one who is signed in.
    """
    if who:
        button = html.Button(word("sign_out", lang), type="submit", className="quiet-button")
        return html.Form(
            [html.Span(word("key_signed", lang), className="quiet"), button],
            method="post", action=f"/sign-out?lang={lang}", className="key-form",
        )  # fmt: skip
    field = dcc.Input(type="password", name="key", required=True, autoComplete="current-password", maxLength=200)
    button = html.Button(word("sign_in", lang), type="submit", className="btn btn-primary btn-sm")
    return html.Form(
        [html.P(word("key_text", lang)), html.Label([word("key", lang), " ", field]), button],
        method="post", action=f"/sign-in?lang={lang}", className="key-form",
    )  # fmt: skip


def choice(id: str, options: Mapping[str, str], value: str, **more: Any) -> html.Select:
    """Return a drop-down of plain HTML; ``options`` are texts by value."""
    items = [
        html.Option(text, value=key, **({"selected": True} if key == value else {})) for key, text in options.items()
    ]
    return html.Select(items, id=id, className="form-select form-select-sm", **more)


def county_link(adcode: str, name: Any) -> html.A:
    """Return a county's name as a link to its page."""
    return page_link(name, f"/county/{adcode}", className="county-link", **{"data-adcode": adcode})


def period_choice(view: View) -> html.Select:
    """Return the choice of a period; the browser adds the periods that the store knows."""
    options = {"latest": word("period_latest", view.lang)} | ({view.period: view.period} if view.period else {})
    return choice("progress-period", options, view.period or "latest")


def twin(lang: str, *given: Any) -> html.Details:
    """Return a chart's twin: the same figures as a table that opens on a press."""
    return html.Details([html.Summary(word("as_table", lang)), table(*given)], className="twin")


def segment(key: str, value: str, label: Any, title: str | None = None) -> html.Button:
    """Return a button that sets one key of the view."""
    return html.Button(
        label,
        type="button",
        className="segment",
        title=title,
        **{"data-choice": f"{key}={value}", "aria-pressed": "false"},
    )
