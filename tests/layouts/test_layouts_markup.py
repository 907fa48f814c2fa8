"""Components written as HTML text: what is read back is what was meant, and no text becomes markup."""

from __future__ import annotations

import json
import math
from html.parser import HTMLParser
from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from dash import dcc, html
from dash.development.base_component import Component
from days import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st

from layouts.facts.atlas import Standing
from layouts.facts.view import View
from layouts.pages import progress as progress_page
from layouts.parts.markup import chart, choice, county_cell, table, write
from targets import progress
from targets.evidence import settle
from targets.indicators import shipped_indicators
from targets.today import known_by

HOSTILE = "<script>alert('1')</script>\"' onload=x & &amp; <!-- ]]> </div> 陇原县图"
VOID = ("br", "hr", "img", "wbr", "col", "input")  # elements that have no content and no end


# ---- reading back ---------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Reads HTML into (tag, attributes, children) and text; every end must be that of the last begun."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Any] = []
        self._open: list[tuple[str, list[Any]]] = [("", self.root)]
        self.feed(text)
        self.close()
        assert len(self._open) == 1, f"not ended: {self._open[-1][0]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        children: list[Any] = []
        self._open[-1][1].append((tag, dict(attrs), children))
        if tag not in VOID:
            self._open.append((tag, children))

    def handle_endtag(self, tag: str) -> None:
        begun, _ = self._open.pop()
        assert begun == tag

    def handle_data(self, text: str) -> None:
        into = self._open[-1][1]
        if into and isinstance(into[-1], str):
            text = into.pop() + text
        into.append(text)

    def handle_comment(self, text: str) -> None:
        raise AssertionError(f"a comment: {text}")

    handle_decl = unknown_decl = handle_pi = handle_comment


def read(text: str) -> list[Any]:
    return Reader(text).root


def walk(nodes: list[Any], above: tuple[str, ...] = ()) -> Any:
    """Yield each element with the tags that it stands in."""
    for node in nodes:
        if isinstance(node, tuple):
            yield node, above
            yield from walk(node[2], (*above, node[0]))


def text_in(nodes: list[Any]) -> str:
    return "".join(node if isinstance(node, str) else text_in(node[2]) for node in nodes)


# ---- text, attributes -----------------------------------------------------------------------------------------------


def test_text_stays_text():
    assert read(write(HOSTILE)) == [HOSTILE]
    assert read(write(html.P(HOSTILE))) == [("p", {}, [HOSTILE])]
    assert "<script" not in write([HOSTILE, html.P([HOSTILE])])
    assert write("“五星” & <b>") == "“五星” &amp; &lt;b&gt;"


def test_an_attribute_stays_in_its_quotes():
    written = write(html.A(HOSTILE, title=HOSTILE, **{"data-page": HOSTILE, "aria-label": HOSTILE}))
    assert read(written) == [("a", {"title": HOSTILE, "data-page": HOSTILE, "aria-label": HOSTILE}, [HOSTILE])]
    assert "<script" not in written


def test_what_stands_in_a_script_cannot_end_it():
    """HTML reads no escapes there, so such a text is spoilt, but never let out."""
    written = write(html.Script("</script><img src=x>"))
    assert written.count("<") == 2 and "<img" not in written


def test_numbers_nothing_and_lists():
    assert write([1, 2.5, 0, None, False, "", (html.B(0), [html.I(None)])]) == "12.50<b>0</b><i></i>"
    assert write(None) == write([]) == write(()) == ""
    assert write(html.Div()) == write(html.Div(None)) == write(html.Div([])) == "<div></div>"


@pytest.mark.parametrize("tag", VOID[:-1])  # a field is no part of dash.html
def test_an_element_without_content_has_no_end(tag):
    made = getattr(html, tag.title())(id="x")
    assert write(["a", made, "b"]) == f'a<{tag} id="x">b'


def test_tags_are_in_small_letters():
    assert write([html.H2("a"), html.Figcaption("b")]) == "<h2>a</h2><figcaption>b</figcaption>"


def test_names_are_those_of_html():
    written = write(html.Label("a", className="one two", htmlFor="b", tabIndex=-1))
    assert read(written) == [("label", {"class": "one two", "for": "b", "tabindex": "-1"}, ["a"])]
    assert read(write(html.Td("a", colSpan=2, rowSpan=3))) == [("td", {"colspan": "2", "rowspan": "3"}, ["a"])]


def test_a_switch_is_there_or_not():
    assert write(html.Details("a", open=True)) == "<details open>a</details>"
    assert write(html.P("a", hidden=True)) == "<p hidden>a</p>"
    assert write(html.P("a", hidden=False, title=None)) == "<p>a</p>"
    assert read(write(html.P(**{"data-a": 0, "data-b": "", "data-c": "false", "aria-expanded": "false"}))) == [
        ("p", {"data-a": "0", "data-b": "", "data-c": "false", "aria-expanded": "false"}, [])
    ]


def test_style_is_written_as_style_sheets_are():
    style = {"backgroundColor": "red", "height": "12px", "--share": 0.5, "fontFamily": '"A" & B', "MozAppearance": "no"}
    (_, attributes, _), *_ = read(write(html.Div(style=style)))
    assert attributes == {
        "style": 'background-color:red;height:12px;--share:0.5;font-family:"A" & B;-moz-appearance:no'
    }
    assert write(html.Div(style={})) == "<div></div>"


def test_what_only_dash_knows_is_not_written():
    assert write(html.Button("a", n_clicks=3, n_clicks_timestamp=5, key="k", disable_n_clicks=True)) == (
        "<button>a</button>"
    )


@pytest.mark.parametrize(
    "part", [dcc.Store(id="a"), dcc.Graph(), dcc.Markdown("<b>"), dbc.Button("a")], ids=lambda part: type(part).__name__
)
def test_what_needs_dash_in_the_browser_is_refused_by_name(part):
    for given_part in (part, html.Div(part), [html.Ul([html.Li(["a", part])])]):
        with pytest.raises(TypeError, match=type(part).__name__):
            write(given_part)


@pytest.mark.parametrize(
    "name",
    ["data-a b", 'data-a"', "data-a>", "data-a=", "data-a/", "data-a\n", "data-a'", "aria-<", "data-a\0", "data-县"],
)
def test_a_name_that_would_break_out_is_refused(name):
    for value in ("x", True, False, None):
        with pytest.raises(ValueError, match="attribute name"):
            write(html.Div(**{name: value}))


HARMFUL = st.sampled_from([HOSTILE, "<", "&"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12) | HARMFUL
NAMES = st.sampled_from(["id", "title", "className", "data-a", "data-b-2", "aria-label", "lang"])
TREES = st.recursive(
    TEXTS,
    lambda inner: st.builds(
        lambda tag, children, more: getattr(html, tag)(children, **more),
        st.sampled_from(["Div", "Span", "P", "Section", "Ul", "Li", "A", "H2", "Button", "Details"]),
        st.lists(inner, max_size=4),
        st.dictionaries(NAMES, TEXTS, max_size=3),
    ),
    max_leaves=12,
)


def tree(part: Any) -> list[Any]:
    """Return what a reader must find of a component, said without the code under test."""
    if isinstance(part, list):
        found: list[Any] = []
        for node in (node for one in part for node in tree(one)):
            if isinstance(node, str) and found and isinstance(found[-1], str):
                node = found.pop() + node
            found.append(node)
        return found
    if isinstance(part, Component):
        props = {key: value for key, value in vars(part).items() if key in (*part._prop_names, *ALWAYS)}
        children = props.pop("children", None)
        return [(part._type.lower(), {RENAMED.get(k, k): str(v) for k, v in props.items()}, tree(children or []))]
    return [part] if part else []


RENAMED = {"className": "class"}
ALWAYS = ("data-a", "data-b-2", "aria-label")


@settings(max_examples=200, deadline=None)
@given(st.lists(TREES, max_size=3))
def test_whatever_is_written_is_read_back(parts):
    assert read(write(parts)) == tree(parts)


# ---- charts, tables, choices ----------------------------------------------------------------------------------------


def test_a_chart_carries_its_figure_and_nothing_that_plotly_does_anyway():
    figure = go.Figure(layout={"height": 120, "title": "一<br>二 & <b>"})
    figure.add_bar(x=[1.5, math.nan, None, math.inf], y=["甲", "乙", "丙", "丁"], customdata=["620102", "a", "b", "c"])
    figure.update_layout(meta={"row": 27, "pad": 96}, xaxis={"title": '</script>"'})
    room = chart(figure, "some-graph")
    ((tag, attributes, children),) = read(write(room))
    assert (tag, children) == ("div", [])
    assert attributes["id"] == "some-graph" and attributes["class"] == "chart" and attributes["style"] == "height:120px"
    assert attributes["aria-label"] == "一 二 & <b>" and attributes["role"] == "group" and attributes["tabindex"] == "0"

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    text = attributes["data-figure"]
    drawn = json.loads(text, parse_constant=refuse)
    assert drawn["layout"].pop("height") == 120 and "template" not in drawn["layout"]
    assert drawn["layout"]["meta"] == {"row": 27, "pad": 96}
    (bar,) = drawn["data"]
    assert bar["x"] == [1.5, None, None, None] and bar["y"] == ["甲", "乙", "丙", "丁"]
    assert drawn["layout"]["xaxis"]["title"]["text"] == '</script>"'
    assert "甲" in text and ", " not in text.replace("一", ""), "Chinese as it is, and no room between"
    assert figure.layout.template.layout.colorway, "the figure itself is as it was"
    assert chart(figure, "a", "别的").to_plotly_json()["props"]["aria-label"] == "别的"


def test_a_chart_says_all_that_its_figure_says():
    figure = go.Figure(layout={"height": 120, "shapes": [{"type": "line", "x0": 100}], "barmode": "overlay"})
    figure.add_scatter(x=["2022"], y=[3], mode="lines", line={"dash": "dash"}, hovertemplate="%{x}<extra></extra>")
    figure.add_bar(y=["a"], x=[2], base=100, orientation="h", marker={"pattern": {"shape": "/"}})
    drawn = json.loads(getattr(chart(figure, "a"), "data-figure"))
    whole = json.loads(figure.to_json())
    assert whole["layout"].pop("template")
    assert drawn == whole


def test_a_table_carries_its_cells():
    rows = [
        (county_cell("620102", "城关区"), 1, "1,234.5", HOSTILE),
        ["嘉峪关市", np.int64(3), "", {"text": "x", "undo": 7}],
    ]
    room = table(["县", "数", HOSTILE, ""], iter(rows))
    ((tag, attributes, children),) = read(write(room))
    assert (tag, children) == ("div", [])
    assert (attributes["class"], attributes["role"], attributes["tabindex"]) == ("table-room", "group", "0")
    assert attributes["aria-label"] == "县"
    assert json.loads(attributes["data-table"]) == {
        "heads": ["县", "数", HOSTILE, ""],
        "rows": [
            [{"text": "城关区", "county": "620102"}, "1", "1,234.5", HOSTILE],
            ["嘉峪关市", "3", "", {"text": "x", "undo": 7}],
        ],
    }
    assert "城关区" in attributes["data-table"], "Chinese as it is"
    assert getattr(table(["a"], [], label="b"), "aria-label") == "b"


def test_a_county_in_a_cell_is_its_name_and_its_code():
    assert county_cell("620922", "瓜州县") == {"text": "瓜州县", "county": "620922"}
    assert county_cell("620922", 5) == {"text": "5", "county": "620922"}


def test_a_choice_has_its_value_chosen():
    made = choice("sort", {"a": "甲 <", "b": "乙"}, "b", title="x")
    ((tag, attributes, options),) = read(write(made))
    assert tag == "select" and attributes["id"] == "sort" and attributes["title"] == "x"
    assert options == [
        ("option", {"value": "a"}, ["甲 <"]),
        ("option", {"value": "b", "selected": None}, ["乙"]),
    ]
    assert "selected" not in write(choice("sort", {"a": "甲"}, "c"))


# ---- a whole page ---------------------------------------------------------------------------------------------------

# What may stand in a paragraph, a heading, a button or a link: a browser would end a paragraph before anything else.
PHRASES = {"a", "b", "br", "button", "code", "em", "i", "img", "label", "option", "select", "small", "span", "strong"}
NARROW = ("p", "h1", "h2", "h3", "h4", "button", "label", "summary", "span", "strong", "small", "a", "dt")


@pytest.fixture(scope="module")
def pages(atlas) -> dict[str, list[Any]]:
    """Return the progress page as components, by language."""
    known, rules = settle(known_by(atlas.published.observations, TODAY)), atlas.rules
    assessment = progress.assess(atlas.counties, known, None, rules, atlas.plan)
    standing = Standing(known, pd.DataFrame(columns=["id"]), shipped_indicators(), assessment, rules)
    return {lang: progress_page.page(atlas, standing, View(lang=lang)) for lang in ("zh", "en")}


def elements(part: Any) -> int:
    if isinstance(part, list | tuple):
        return sum(map(elements, part))
    return 1 + elements(getattr(part, "children", None)) if isinstance(part, Component) else 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_browser_reads_the_page_as_it_was_written(pages, lang):
    found = list(walk(read(write(pages[lang]))))
    assert len(found) == elements(pages[lang])
    ids = [attributes["id"] for (_, attributes, _), _ in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {"progress-live", "progress-settled", "progress-period"} <= set(ids)
    for (tag, attributes, children), above in found:
        assert "script" not in tag and not [name for name in attributes if name.startswith("on")]
        # HTML lets a summary be a heading.
        if set(above) & set(NARROW) and not (above[-1] == "summary" and tag in ("h2", "h3")):
            assert tag in PHRASES, f"{tag} in {above}"
        if tag in ("ul", "ol"):
            assert {child[0] for child in children} <= {"li"}
        if tag == "dl":
            assert {child[0] for child in children} <= {"dt", "dd", "div"}
