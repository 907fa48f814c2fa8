"""The command palette's list: complete, small, each command known to the page, and every pinyin as it is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from plan_files import rows
from pypinyin import lazy_pinyin

import layouts
from layouts.facts.exports import FILES, offered
from layouts.facts.layers import LAYERS
from layouts.facts.pages import named
from layouts.facts.view import FORMS
from layouts.parts.county_map import browser_data
from layouts.parts.palette import HAN, KINDS, commands, pinyin, spoken

ASSETS = Path(layouts.__file__).parents[1] / "assets"
LEVELS = {"qu", "xian", "shi", "zizhixian", "zizhizhou"}
# Where pypinyin, which lacks the word, reads a character of several readings otherwise than 现代汉语词典 does.
DICTIONARY = {
    "重置": "chong zhi",
    "民乐县": "min le xian",
    "崆峒区": "kong tong qu",
    "武都区": "wu du qu",
    "宕昌县": "tan chang xian",
}


@pytest.fixture(scope="module")
def listed(atlas):
    return commands(atlas)


def of(listed, kind):
    return {row[1]: row for row in listed if row[0] == kind}


def read(text):
    return DICTIONARY[text].split() if text in DICTIONARY else lazy_pinyin(text)


def test_every_page_layer_form_option_and_prefecture_is_listed_once(atlas, listed):
    assert len({tuple(row[:2]) for row in listed}) == len(listed)
    assert tuple(of(listed, "kind")) == KINDS
    assert {row[0] for row in listed} == {*KINDS, "kind"} - {"county"}
    assert tuple(of(listed, "page")) == tuple(named())
    assert tuple(of(listed, "layer")) == tuple(LAYERS)
    assert tuple(of(listed, "form")) == FORMS
    assert tuple(of(listed, "prefecture")) == atlas.plan.option_ids["prefecture"]
    options = [id for group, ids in atlas.plan.option_ids.items() if group != "prefecture" for id in ids]
    assert list(of(listed, "filter")) == options
    for kind, id, zh, en, sounds, _also in listed:
        assert sounds, id
        assert bool(zh) == bool(en) == (kind not in ("prefecture", "filter")), id


def test_the_page_can_do_every_action(listed):
    presses = (ASSETS / "js" / "tools" / "presses.js").read_text(encoding="utf-8")
    known = presses.partition("const ACTIONS = {")[2].partition("\n};")[0]
    assert {f"take-{file.id}" for file in offered("palette")} <= set(of(listed, "action"))
    for id in of(listed, "action"):
        assert id.removeprefix("take-") in FILES or re.search(rf'^  "?{id}"?[:,]', known, re.M), id


def test_it_is_small(listed):
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    assert len(text.encode()) < 6300


def test_every_chinese_name_has_its_pinyin_and_every_pinyin_its_name(atlas, listed):
    texts = [row[2] for row in listed]
    texts += [word for row in listed if row[0] not in ("prefecture", "filter") for word in row[5].split("|")]
    texts += [atlas.plan.option(id).zh_short for id in of(listed, "filter")]
    assert {run for text in texts for run in HAN.findall(text)} == set(pinyin())


@pytest.mark.parametrize("run", pinyin())
def test_the_pinyin_is_as_a_dictionary_of_phrases_reads_it(run):
    assert pinyin()[run].split() == read(run)


def test_names_are_spoken_whole():
    assert spoken("导出：县表 CSV").split() == ["dao", "chu", "：", "xian", "biao", "CSV"]
    assert spoken("≥1400亿元") == "≥1400 yi yuan"


@pytest.mark.parametrize("file", ["counties", "prefectures"])
def test_the_plans_pinyin_is_as_a_dictionary_reads_it(file):
    for row in rows(file):
        assert row["pinyin"].replace(" ", "") == "".join(read(row["name"])), row["name"]
        letters = "".join(syllable[0] for syllable in read(row["name_short"]))
        assert row["initials"].split()[:2] == [letters, letters[:-1]], row["name"]


def test_every_county_can_be_found_by_adcode_name_pinyin_and_initials(atlas):
    sent = {county["adcode"]: county for county in browser_data(atlas)["counties"]}
    counties = rows("counties")
    assert len(counties) == 86
    for row in counties:
        county = sent[row["adcode"]]
        assert county["zh"] == row["name_short"]
        assert county["name"] == row["name"]
        assert county["county"]
        words = county["seek"].split()
        last = max(i for i, word in enumerate(words) if word in LEVELS)  # pinyin up to here, then initials
        assert " ".join(words[: last + 1]) == row["pinyin"]
        assert words[last + 1 :] == row["initials"].split()
