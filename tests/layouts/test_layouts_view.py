"""View ↔ query: exact both ways, and never an error, whatever an address holds."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_files import rows

from layouts.facts.pages import PAGES, named, read_page
from layouts.facts.view import MOST_COMPARED, Known, View, read_view
from targets.selection import Filter

OPTIONS = {
    "band": ("B1", "B2", "B3", "B4", "B5", "B6", "none"),
    "cluster": ("C1", "C2", "C3", "C4", "C5"),
    "energy": ("PV1", "PV2", "PV3", "WIND", "CSP", "PSH"),
    "road": ("2022", "2023", "2024", "2025"),
    "prefecture": tuple(row["adcode"] for row in rows("prefectures")),
}
EVERY = tuple(option for options in OPTIONS.values() for option in options)
ADCODES = (*(row["adcode"] for row in rows("counties")), "620200")
KNOWN = Known(options=OPTIONS, adcodes=frozenset(ADCODES))
# The contract's order; an address is written in it whatever the order in which it was pressed together.
ORDER = (
    *("layer", "band", "cluster", "cluster_op", "energy", "energy_op", "road", "prefecture", "not", "county"),
    *("compare", "map", "period", "lang", "theme"),
)  # fmt: skip
many = settings(max_examples=300, deadline=None)


def some(options: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(options), unique=True).map(tuple)


filters = st.builds(
    partial(Filter.of, OPTIONS),
    **{group: some(options) for group, options in OPTIONS.items()},
    exclude=some(EVERY),
    cluster_op=st.sampled_from(["any", "all"]),
    energy_op=st.sampled_from(["any", "all"]),
)
periods = st.from_regex(r"(19|20)[0-9]{2}(Q[1-3]|-(0[124578]|1[01]))?", fullmatch=True)
views = st.builds(
    View,
    layer=st.sampled_from(["band", "cluster", "energy", "road", "population"]),
    filter=filters,
    county=st.none() | st.sampled_from(ADCODES),
    form=st.sampled_from(["true", "tile", "panels"]),
    period=st.none() | periods,
    lang=st.sampled_from(["zh", "en"]),
    theme=st.sampled_from(["light", "dark"]),
    compare=st.lists(st.sampled_from(ADCODES), unique=True, max_size=6).map(tuple),
)
keys = st.sampled_from([*ORDER, "Layer", "x", "", "layer ", "国"]) | st.text(max_size=6)
values = st.sampled_from(
    [*EVERY, *ADCODES[:3], "any", "all", "zh", "en", "dark", "B1,C9", "B6,B1,B1", "2025Q3", "2025Q5"]
)
junk_pairs = st.lists(st.tuples(keys, values | st.text(max_size=12)), max_size=8)


def test_the_known_values_are_those_of_the_atlas(atlas):
    assert dict(atlas.known.options) == OPTIONS
    assert set(atlas.known.adcodes) == set(ADCODES)


@many
@given(views)
def test_a_view_reads_back_as_itself(view):
    query = view.query()
    assert read_view(query, KNOWN) == (view, ())
    assert read_view(f"?{query}", KNOWN) == (view, ())


def test_the_default_view_has_no_query_and_no_query_is_the_default_view():
    assert View().query() == ""
    assert read_view("", KNOWN) == read_view("?", KNOWN) == (View(), ())


@many
@given(views)
def test_only_what_is_not_default_is_written_in_the_contracts_order(view):
    written = parse_qsl(view.query(), strict_parsing=bool(view.query()))
    names = [key for key, _ in written]
    assert names == [key for key in ORDER if key in names]
    assert not {("layer", "band"), ("map", "true"), ("lang", "zh"), ("theme", "light"), ("cluster_op", "any")} & set(
        written
    )
    assert all(value for _, value in written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("2025-03", "2025Q1"), ("2025-06", "2025Q2"), ("2025-09", "2025Q3"), ("2025-12", "2025"), ("2025Q4", "2025")],
)
def test_one_stretch_of_time_has_one_key(written, kept):
    view, ignored = read_view(f"period={written}", KNOWN)
    assert (view.period, ignored) == (kept, ())


@many
@given(views, st.randoms(use_true_random=False))
def test_the_order_of_an_address_does_not_matter(view, random):
    pairs = parse_qsl(view.query())
    random.shuffle(pairs)
    shuffled = []
    for key, value in pairs:
        parts = value.split(",")
        if key != "compare":  # these stand side by side in the order in which they were chosen
            random.shuffle(parts)
        shuffled.append(f"{key}={quote(','.join(parts))}")
    assert read_view("&".join(shuffled), KNOWN) == (view, ())


@many
@given(st.text(max_size=200) | st.text("?&=,%+;#abcdeflnortuy0123456789CBPVQ-", max_size=120))
def test_no_query_raises_and_what_it_leaves_is_a_clean_view(query):
    view, ignored = read_view(query, KNOWN)
    assert read_view(view.query(), KNOWN) == (view, ())
    assert all("=" in part for part in ignored)


@many
@given(junk_pairs)
def test_every_piece_is_either_in_the_view_or_listed_as_ignored(pairs):
    query = "&".join(f"{quote(key, errors='replace')}={quote(value, errors='replace')}" for key, value in pairs)
    pairs = parse_qsl(query, keep_blank_values=True)
    view, ignored = read_view(query, KNOWN)
    kept = dict(parse_qsl(view.query()))
    defaults = {"layer": "band", "map": "true", "lang": "zh", "theme": "light", "cluster_op": "any", "energy_op": "any"}
    for key, value in pairs:
        if f"{key}={value}" in ignored:
            continue
        if key in OPTIONS or key in ("not", "compare"):
            for part in filter(None, value.split(",")):
                assert part in kept.get(key, "").split(",") or f"{key}={part}" in ignored
        else:
            assert (kept | {k: v for k, v in defaults.items() if k not in kept}).get(key) == value


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("layer=heat", ("layer=heat",)),
        ("cluster=C1,C9,C9", ("cluster=C9", "cluster=C9")),
        ("band=b1", ("band=b1",)),
        ("energy=C1", ("energy=C1",)),
        ("not=B1,X", ("not=X",)),
        ("county=110000&county=620102", ("county=110000",)),
        ("lang=en&lang=zh", ("lang=zh",)),
        ("band=B1&band=B2", ("band=B2",)),
        ("utm_source=x", ("utm_source=x",)),
        ("cluster_op=none&energy_op=ALL", ("cluster_op=none", "energy_op=ALL")),
        ("compare=620922,110000,620102,6209220", ("compare=110000", "compare=6209220")),
        ("compare=620922&compare=620102", ("compare=620102",)),
        ("period=2025Q5", ("period=2025Q5",)),
        ("period=2025-13", ("period=2025-13",)),
        ("period=%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%93", ("period=２０２３",)),
        ("theme=%ff", ("theme=\ufffd",)),
        ("layer=%00", ("layer=\0",)),
        ("layer=", ("layer=",)),
        ("map=%3Cscript%3E", ("map=<script>",)),
    ],
)
def test_what_is_not_understood_is_named(query, ignored):
    assert read_view(query, KNOWN)[1] == ignored


def test_the_first_six_counties_are_compared_in_their_order_and_the_rest_is_not_called_unknown():
    asked = [*reversed(ADCODES[:8]), ADCODES[7]]
    view, ignored = read_view(f"compare={','.join(asked)}", KNOWN)
    assert MOST_COMPARED == 6
    assert view.compare == tuple(asked[:6])
    assert ignored == (), "the compare page says that six is the most"
    assert read_view(f"compare={','.join(asked)},999999", KNOWN)[1] == ("compare=999999",)
    assert view.query() == f"compare={','.join(asked[:6])}"
    assert View().compare == () and read_view("compare=,,", KNOWN) == (View(), ())


NO_PAGES = (
    *("", "/county", "/county/", "/county/620922/", "/county/a/b", "/prefecture//620900", "/county/" + "9" * 41),
    *("/progress/", "//progress", "/Progress", "progress", "/towns/1", "/map"),
)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", ("map", "")),
        ("/progress", ("progress", "")),
        ("/overlap", ("overlap", "")),
        ("/plan", ("plan", "")),
        ("/compare", ("compare", "")),
        ("/data", ("data", "")),
        ("/county/620922", ("county", "620922")),
        ("/county/瓜州县", ("county", "瓜州县")),
        ("/prefecture/620900", ("prefecture", "620900")),
        ("/county/" + "9" * 40, ("county", "9" * 40)),
    ],
)
def test_a_path_names_its_page(path, page):
    assert read_page(path) == page


@pytest.mark.parametrize("path", NO_PAGES)
def test_another_path_names_none(path):
    assert read_page(path) is None


def test_each_page_is_a_sheet_or_a_room_of_its_own():
    names = {page[0] for page in map(read_page, [*named(), "/county/620922", "/prefecture/620900"]) if page}
    assert names == set(PAGES)
    assert {id for id, page in PAGES.items() if page.markup is None} == {"map", "data"}


@pytest.mark.parametrize("value", ["C1," * 50_000, "x" * 200_000, "%" * 100_000, "&" * 100_000, "=" * 50_000])
@pytest.mark.parametrize("key", ["cluster", "not", "compare", "nothing"])
def test_a_huge_query_is_read(key, value):
    view, _ = read_view(f"{key}={value}&lang=en", KNOWN)
    assert view.lang == "en"
    assert len(view.query()) < 300
