"""The map's headline: a finding of the layer among the counties that match."""

from __future__ import annotations

import re

import pytest

from callbacks.standings import Standings
from layouts.facts.headline import FINDINGS, headline
from layouts.facts.layers import LAYERS
from layouts.facts.view import LANGUAGES
from targets.observations import open_store

HAN = re.compile("[\u3400-\u9fff]")


@pytest.fixture(scope="module")
def stands(atlas, tmp_path_factory):
    store = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("headline"))
    standings = Standings(atlas, store)
    return lambda view: standings.of(view.period)


# The plan's own counts, its boxes counted by hand.
SAID = {
    "": ("68个县有2025年目标，100–200亿元的最多（29个）", "68 have a target for 2025, most of them 10–20 bn yuan (29)"),
    "layer=cluster": ("59个县列入，甘州区最多（4项）", "59 counties are listed, Ganzhou 4 times"),
    "layer=cluster&cluster=C1,C4&cluster_op=all": (
        "先进制造 且 化工及煤电的2个：甘州区、崆峒区",
        "Advanced manufacturing and chemicals & coal power: 2 counties, Ganzhou, Kongtong",
    ),
    "layer=cluster&cluster=C4": (
        "化工及煤电的22个县：分布在8个市州，庆阳市最多（6个）",
        "Chemicals & coal power, 22 counties: in 8 prefectures, most of them in Qingyang (6)",
    ),
    "energy=WIND,CSP&not=C1,C2,C3,C4,C5": (
        "不在任何集群，风电 或 光热的1个：通渭县",
        "In no cluster; wind or CSP: 1 county, Tongwei",
    ),
    "band=B1&energy=WIND": (
        "没有县（市、区）符合：风电，目标 ≥1400 亿元",
        "No county matches: Wind; target ≥140 bn yuan",
    ),
    "layer=population": (
        "城关区人口最多（148.4万人），阿克塞县最少（1.1万人）",
        "Chengguan has the most people (1,484,016), Aksay the fewest (10,970)",
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", SAID)
def test_it_is_a_finding_of_layer_and_filter(atlas, query, lang):
    view, _ = atlas.read(f"{query}&lang={lang}")
    assert headline(atlas, view) == SAID[query][LANGUAGES.index(lang)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_layer_says_something_of_all_and_of_a_prefecture(atlas, stands, lang):
    assert {layer.finding for layer in LAYERS.values()} <= FINDINGS.keys()
    for layer in LAYERS:
        for more in ("", "&prefecture=621000", "&band=none"):
            view, _ = atlas.read(f"layer={layer}{more}&lang={lang}")
            said = headline(atlas, view, stands(view))
            assert said and "{" not in said
            assert lang == "zh" or not HAN.search(said), said


def test_the_states_are_counted_as_they_are_assessed(atlas, stands):
    view, _ = atlas.read("layer=progress")
    held = stands(view).assessment["state"].value_counts()
    listed, *numbers = [int(n) for n in re.findall(r"(\d+)个", headline(atlas, view, stands(view)))]
    assert listed == sum(numbers) == 68 == held.sum() - held["no_target"]
    assert sorted(numbers) == sorted(held.drop("no_target"))
