"""What the progress page, card, map and exports say of a quarter, of other periods and of imported openings."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from days import DURING, TODAY
from plan_files import rows
from shipped import PLAN
from test_layouts_progress import RAW, find, text_of
from test_progress import observed

from layouts.facts import province, titles
from layouts.facts.atlas import Standing
from layouts.facts.view import View
from layouts.files import counties
from layouts.pages import progress as progress_page
from layouts.parts.card import county_card
from layouts.parts.county_map import accessible_name, scaffold, stored_layers
from layouts.parts.markup import write
from targets import outcomes, progress
from targets.evidence import settle
from targets.indicators import shipped_indicators
from targets.speech import Speech
from targets.today import known_by

QUARTER = "2025Q3"
ZHENYUAN, GUAZHOU, GANZHOU = "621027", "620922", "620702"


@pytest.fixture(scope="module")
def codes() -> list[str]:
    return [row["adcode"] for row in rows("counties")]


@pytest.fixture(scope="module")
def quarter(atlas, codes) -> pd.DataFrame:
    """Return what is published, with totals and growth rates of nine months of 2025 for all, and industry for one."""
    totals = observed(*((a, QUARTER, 30.0 + n) for n, a in enumerate(codes)))
    growth = observed(*((a, QUARTER, (n % 40) / 4) for n, a in enumerate(codes)), indicator="gdp_growth", unit="%")
    industry = observed((codes[0], QUARTER, -1.5), indicator="industry_growth", unit="%")
    whole = observed(("620000", QUARTER, 5.6), indicator="gdp_growth", unit="%")
    return pd.concat([atlas.published.observations, totals, growth, industry, whole], ignore_index=True)


def standing_of(atlas: Any, frame: pd.DataFrame, period: str | None = None, today: date = TODAY) -> Standing:
    """Return what a frame of which nothing was imported in a batch says on a day."""
    known, rules = settle(known_by(frame, today)), atlas.rules_of(today)
    assessment = progress.assess(atlas.counties, known, period, rules, atlas.plan)
    return Standing(known, pd.DataFrame(columns=["id"]), shipped_indicators(), assessment, rules, period)


def live(
    atlas: Any, frame: pd.DataFrame, query: str, today: date = TODAY
) -> tuple[list[Any], dict[str, Any], pd.DataFrame]:
    view, ignored = atlas.read(query)
    assert ignored == ()
    standing = standing_of(atlas, frame, view.period, today)
    said = progress_page.counted(atlas, standing, view)
    return progress_page.live(atlas, standing, view), said, standing.assessment


def card(atlas: Any, frame: pd.DataFrame, adcode: str, period: str | None = None) -> str:
    """Write a county's card; nothing of the frame was imported in a batch."""
    standing = standing_of(atlas, frame, period)
    return write(county_card(atlas, adcode, "zh", standing, standing.roads(atlas)))


# ---- the quarter on the page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("period", [QUARTER, ""])
def test_the_quarter_is_a_table_of_all_who_have_figures(atlas, quarter, codes, lang, period):
    page, said, assessment = live(atlas, quarter, f"lang={lang}" + (f"&period={period}" if period else ""))
    (room,) = find(page, "Div", id="quarter-table")
    data = json.loads(getattr(room.children, "data-table"))
    rate = {a: (n % 40) / 4 for n, a in enumerate(codes)}
    # Unless the quarter is asked for, a county whose full year is known has no place in it: 甘州's of 2025 is.
    shown = codes if period else [a for a in codes if a != GANZHOU]
    order = sorted(shown, key=lambda a: (rate[a], a))
    assert [row[0]["county"] for row in data["rows"]] == order
    for row in data["rows"]:
        adcode = row[0]["county"]
        level = 30 + codes.index(adcode)
        assert row[1] == (f"{level}" if lang == "zh" else f"{level / 10:g}")  # 亿元, or bn yuan
        assert row[2] == Speech.of(lang).percent(str(rate[adcode]))
        assert float(row[3]) == pytest.approx(rate[adcode] - 5.6)
        assert row[4] == (Speech.of(lang).percent("-1.5") if adcode == codes[0] else "—")
        assert row[5] == progress.CLOSED[assessment.at[adcode, "state"]][0 if lang == "zh" else 1]
        assert not RAW.search(json.dumps(row, ensure_ascii=False))
    (choice,) = find(page, "Select", id="quarter-sort")
    orders = json.loads(getattr(choice, "data-orders"))
    assert list(orders) == [option.value for option in choice.children]
    assert orders["growth"] == order and orders["level"] == shown[::-1]
    assert all(sorted(one) == sorted(shown) for one in orders.values())
    assert str(len(shown)) in said["quarter_title"]
    below = sum(rate[a] < 5.6 for a in shown)
    assert {str(below), str(len(shown) - below), "5.6"} <= set(re.findall(r"\d+(?:\.\d+)?", said["quarter_found"]))


def test_the_quarter_follows_the_filter_and_a_year_has_none(atlas, quarter, codes):
    _, said, _ = live(atlas, quarter, f"period={QUARTER}&prefecture=620400")
    assert "5个县有数" in said["quarter_title"] and "5个有增速" in said["quarter_found"]
    page, said, _ = live(atlas, quarter, "period=2024")
    assert "quarter_title" not in said and not find(page, "Div", id="quarter-table")


# ---- no comparable full year ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["", "2023", "2023Q1"])
def test_who_has_no_full_year_stands_under_the_reason_with_what_is_known(atlas, period):
    frame = atlas.published.observations
    page, said, assessment = live(atlas, frame, f"period={period}" if period else "", DURING)
    missing = assessment[assessment["state"] == "no_figure"]
    seen: list[str] = []
    for reason, group in missing.groupby("reason"):
        heads = [h for h in find(page, "H3") if getattr(h, "data-said", "") == f"missing_{reason}"]
        reason_said = progress.say_reason(reason, PLAN, "zh")
        assert text_of(heads[0]) == said[f"missing_{reason}"] == f"{reason_said}：{len(group)}个县"
        (part,) = [div for div in find(page, "Div", className="follows") if heads[0] in div.children]
        links = [getattr(a, "data-adcode") for a in find(part, "A")]
        assert links == list(group.index)
        assert len(find(part, "Button")) == (0 if reason == "no_figure" else len(group)), "each with what is known"
        seen += links
    assert sorted(seen) == sorted(missing.index)
    assert not [text for text in said.values() if "暂无公开数据" in str(text)]


def test_the_card_says_what_is_known_in_another_year(atlas):
    frame = atlas.published.observations
    text = card(atlas, frame, "620702", "2023")
    assert "其他年份有（2025年314.7亿元" in text
    # Of 秦州 only leads are known, of 城关 nothing at all.
    qinzhou = card(atlas, frame, "620502", "2023")
    assert "没有可以判断的地区生产总值数" in qinzhou and "线索、待核" in qinzhou
    assert "暂无公开数据" in card(atlas, frame, "620102", "2023")


def test_a_remark_stands_on_the_card_and_behind_its_figure(atlas):
    frame = atlas.published.observations
    page, _, assessment = live(atlas, frame, "")
    note = assessment.at[GANZHOU, "note"]
    assert note
    assert note in card(atlas, frame, GANZHOU)
    (line,) = [
        line
        for table in find(page, "Table", className="plain dots")
        for line in find(table, "Tr")
        if getattr(line, "data-adcode", None) == GANZHOU
    ]
    (mark,) = find(line, "Button", className="source-mark")
    assert note in [text for _, text, *_ in json.loads(getattr(mark, "data-source"))["lines"]]


def test_each_of_who_is_behind_has_its_source(atlas):
    page, _, assessment = live(atlas, atlas.published.observations, "", DURING)
    assert list(assessment.index[assessment["state"] == "behind"]) == [GUAZHOU]
    for item in find(page, "Tbody", id="behind-list")[0].children:
        mark = find(item, "Button", className="source-mark")[0]
        lines = json.loads(getattr(mark, "data-source"))["lines"]
        assert assessment.at[getattr(item, "data-adcode"), "source"] in [line[1] for line in lines]


@pytest.mark.parametrize("query", ["prefecture=620400", "prefecture=620200", "prefecture=620400&band=B1"])
def test_a_selection_is_called_one_and_an_empty_one_says_what_to_loosen(atlas, query):
    _, said, _ = live(atlas, atlas.published.observations, query)
    text = "".join(said["headline"])
    assert "全省" not in text and "36个" not in text
    if "band" in query:
        assert text.startswith("没有同时符合的县") and "去掉" in text
    else:
        assert text.startswith("嘉峪关市不设县" if "620200" in query else "所选的5个县")


# ---- ladder, roads, targets -----------------------------------------------------------------------------------------


def test_the_ladders_words_follow_what_is_known(atlas, codes):
    def ladder(*years: str, n: int = 86) -> tuple[str, str, list[int]]:
        frame = observed(*((a, year, 120.0) for year in years for a in codes[:n]))
        rungs = progress.ladder(atlas.counties, frame, atlas.rules, atlas.plan)
        return titles.ladder_text(rungs, PLAN, "zh"), titles.ladder_title(rungs, PLAN, "zh"), titles.ladder_years(rungs)

    text, title, drawn = ladder("2024")
    assert "2024年86个县全部有数。有数的县中18个未列入专栏一" in text and "不能代表" not in text
    assert title == "专栏一列46个县在100亿元以上；2024年86个县中有86个达到" and drawn == [2024]
    text, _, drawn = ladder("2023", "2024")
    assert text.startswith("2023年86个县全部有数。2024年86个县全部有数。") and drawn == [2023, 2024]
    text, _, _ = ladder("2024", n=80)
    assert "2024年80个县有数，缺6个。" in text
    text, _, _ = ladder("2024", n=10)
    assert text.startswith("有全年数的只有10个县，均为2024年，不能代表全省。")
    published = progress.ladder(atlas.counties, atlas.published.observations, atlas.rules, atlas.plan)
    text = titles.ladder_text(published, PLAN, "zh")
    # Of 21 counties a full year may judge, or proves a class; of 玛曲, 和政 and 阿克塞 without a target.
    assert "21个县，各县年份不同（2022—2025年）" in text and "3个未列入专栏一" in text
    assert "2020年3个、2021年2个、2022年10个、2023年7个、2024年4个、2025年2个" in text


def test_no_target_strives_twice(atlas):
    for row in atlas.plan.provincial_targets.to_dict("records"):
        said = province.target_value(row, "zh")
        assert said.count("力争") == int(row["is_aspirational"]), said


# ---- one truth for the roads ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def known(atlas) -> pd.DataFrame:
    """Return the published figures and an imported opening of 镇原, of which none was published."""
    own = observed((ZHENYUAN, "2025", 20241220), indicator="road_opened", unit="日期", note="某高速")
    return pd.concat([atlas.published.observations, own])


@pytest.fixture(scope="module")
def opened(atlas, known) -> outcomes.Roads:
    return outcomes.roads(atlas.counties, known, atlas.published, PLAN)


def test_an_imported_opening_is_on_card_map_and_exports(atlas, known, opened):
    before, after = (card(atlas, frame, ZHENYUAN) for frame in (atlas.published.observations, known))
    assert "未查到通车记录" in before and "未查到通车记录" not in after
    assert "2024-12-20通车：某高速" in after
    years = {str(a): None if pd.isna(y) else int(y) for a, y in opened.counties["opened_year"].items()}
    for roads, state in ((None, "unknown"), (years, "opened")):
        svg = scaffold(atlas, View(layer="road"), None, roads)
        assert re.search(rf'data-adcode="{ZHENYUAN}"[^>]* data-road="{state}"', svg)
    (row,) = [row for row in counties.county_rows(atlas, View(), opened) if row["adcode"] == ZHENYUAN]
    assert (row["opened"], row["road_name"]) == (2024, "某高速")
    assert "统计年鉴" in row["sources"]
    (row,) = [row for row in counties.county_rows(atlas, View()) if row["adcode"] == ZHENYUAN]
    assert row["opened"] is None


@pytest.mark.parametrize(("lang", "state"), [("zh", "落后"), ("en", "behind")])
def test_a_county_is_called_with_its_state_on_the_progress_layer(atlas, lang, state):
    atlas = replace(atlas, fixed_today=DURING)
    county = next(c for c in atlas.counties.itertuples() if c.Index == GUAZHOU)
    assert accessible_name(county, atlas, lang, state).endswith(state)
    assert state not in accessible_name(county, atlas, lang)
    view = View(layer="progress", lang=lang)
    known = standing_of(atlas, atlas.published.observations, None, DURING)
    found = known.assessment["state"].to_dict()
    svg = scaffold(atlas, view, stored_layers(atlas, known, view))
    names = dict(re.findall(r'data-adcode="(\d+)"[^>]* aria-label="([^"]*)"', svg))
    behind = [a for a, one in found.items() if one == "behind"]
    assert behind and all(names[a].endswith(state) for a in behind)
