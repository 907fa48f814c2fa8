"""The ready deck: its scenes, and its numbers counted again from the CSV files without the code under test."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from atlas_oracle import table
from days import DURING, TODAY
from meeting_files import Added, levels, lower, measured, since, standing, states
from plan_files import PUBLISHED, rows

from app import main
from layouts.facts import ready_deck as module
from layouts.facts.atlas import Atlas, open_atlas
from layouts.facts.deck import Deck, Scene, read_deck, write_deck
from layouts.facts.pages import read_page
from layouts.facts.ready_deck import ready_deck
from layouts.parts.slide_parts import width
from targets.catalogue import phrases

LANGUAGES = ("zh", "en")
HAN = re.compile("[\u3400-\u9fff]")
# What is said of a pace or of growth that is needed, and of who is behind: never after the term.
PACE = re.compile("落后|进度内|需年均|[Bb]ehind|[Oo]n pace|% a year for")


@cache
def made(atlas: Atlas, period: str | None, lang: str = "zh", *added: Added) -> Deck:
    return ready_deck(atlas, standing(atlas, period, *added), period, lang)


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def deck(atlas, lang) -> Deck:
    return made(atlas, "2025Q3", lang)


@pytest.fixture(scope="module")
def during() -> Atlas:
    """The atlas while the plan's term runs."""
    return open_atlas(today=DURING)


@pytest.fixture(scope="module")
def running(during, lang) -> Deck:
    return made(during, None, lang)


def scene(deck: Deck, address: str) -> Scene:
    """Return the scene of an address without its period."""
    (found,) = [s for s in deck.scenes if re.sub(r"[?&]period=2025Q3", "", s.address) == address]
    return found


def numbers(text: str) -> list[float]:
    return [float(n) for n in re.findall(r"(?<![A-Za-z0-9.–])\d+(?:\.\d+)?", text)]


def named(adcodes: list[str], lang: str) -> list[str]:
    return [table("counties", "adcode")[a]["name_short" if lang == "zh" else "name_en"] for a in adcodes]


def one_line(title: str) -> float:
    """Return the size of type, in px, at which a title is one line of a stage 1920 px wide, reckoned generously."""
    return 1792 / (width(title, 100, True) * 72 / 100)


@pytest.mark.parametrize("period", [None, "2025", "2025Q3"])
def test_every_title_is_one_line_that_the_back_row_can_read(atlas, lang, period):
    small = [(s.title, round(size, 1)) for s in made(atlas, period, lang).scenes if (size := one_line(s.title)) < 24]
    assert not small


# ---- the whole --------------------------------------------------------------------------------------------------


def test_the_scenes_come_in_the_order_of_a_meeting(deck, lang):
    prefectures = [f"/prefecture/{row['adcode']}" for row in rows("prefectures")]
    assert [re.sub(r"[?&]period=2025Q3", "", s.address) for s in deck.scenes] == [
        "/",
        "/?map=panels",
        "/?layer=cluster&map=panels",
        *[f"/?layer=cluster&cluster=C{n}" for n in range(1, 6)],
        "/?layer=energy&map=panels",
        "/?layer=energy&energy=PV1,PV2,PV3",
        *[f"/?layer=energy&energy={kind}" for kind in ("WIND", "CSP", "PSH")],
        "/?layer=road&road=2022",
        "/?layer=road&road=2022,2023",
        "/?layer=road&road=2022,2023,2024",
        "/?layer=road&road=2022,2023,2024,2025",
        "/?layer=progress",
        "/progress",
        # Each its turn, then what the plan lists there; Jiayuguan, without counties, is one scene.
        *[
            scene
            for path in prefectures
            for scene in ([path] if path.endswith("620200") else [f"{path}?layer=progress", f"{path}?layer=cluster"])
        ],
        # English names do not fit the squares.
        "/?layer=progress&map=tile" if lang == "zh" else "/?layer=progress",
    ]
    assert deck.period == "2025Q3"
    assert {s.view.period for s in deck.scenes} == {"2025Q3"}
    assert len(prefectures) == 14


def test_it_is_a_deck_that_reads_back(atlas, deck):
    text = write_deck(deck)
    assert read_deck(text, atlas.known) == deck
    assert not re.search(r'^  (note|title): "', text, re.M)  # all of it reads as text
    for shown in deck.scenes:
        page = read_page(shown.path)
        assert page is not None
        assert page[0] in ("map", "progress", "prefecture")
        assert set(shown.highlight) <= set(atlas.counties.index)


def test_each_title_is_one_line_that_says_a_finding_and_each_note_has_its_parts(deck, lang):
    heads = ("讲：", "出处：") if lang == "zh" else ("To say:", "Sources:")
    for shown in deck.scenes:
        assert "\n" not in shown.title
        assert len(shown.title) <= (60 if lang == "zh" else 130), shown.title
        assert not re.search(r"[。.；;，,]$", shown.title)
        assert not re.search(r"\bnan\b|<NA>", shown.title + shown.note)
        assert "None" not in re.sub("None of", "", shown.title + shown.note)
        assert all(f"{head}\n" in f"\n{shown.note}" for head in heads), shown.title
        if lang == "en":
            assert not HAN.search(shown.title)
    assert len({shown.title for shown in deck.scenes}) == len(deck.scenes)


@pytest.mark.parametrize("period", [None, "2019", "2023", "2024", "2025Q1", "2025-05", "2030"])
def test_any_period_makes_a_deck(atlas, period, lang):
    deck = made(atlas, period, lang)
    # Nobody is known to have fallen short in 2025; a part of a year with figures has a scene of its own.
    figures = {
        row["period"] for row in rows("county_observations", PUBLISHED) if row["indicator"] in ("gdp", "gdp_growth")
    }
    assert len(deck.scenes) == 34 + 13 + (period in figures and not period.isdecimal())
    assert not any(PACE.search(shown.title + shown.note) for shown in deck.scenes)
    assert read_deck(write_deck(deck), atlas.known) == deck
    assert deck.period == period


def test_no_number_is_typed_in():
    """A digit in the deck's own words would be a number that nothing computes."""
    deck = [phrase for key, phrase in phrases().items() if key.startswith("deck_")]
    said = [text for phrase in deck for text in (phrase.zh, phrase.en)]
    assert said
    assert [text for text in said if re.search(r"\d|[一二三四五六七八九十百]+(个|类|县)", text)] == []
    source = Path(module.__file__).read_text("utf-8").split('"""', 2)[2]
    assert re.findall(r"word\([^)]*=\d", source) == []


# ---- the numbers ------------------------------------------------------------------------------------------------

COUNTIES = list(table("counties", "adcode"))


def test_the_province(deck):
    listed = {row["adcode"] for row in rows("band_counties")}
    roles = {row["adcode"] for name in ("cluster_counties", "energy_counties") for row in rows(name)}
    neither = len(set(COUNTIES) - listed - roles)
    title = scene(deck, "/").title
    assert Counter(numbers(title)) == Counter([len(COUNTIES), len(listed), 2025, len(roles), neither])


def test_the_bands(deck, lang):
    sizes = Counter(row["band"] for row in rows("band_counties"))
    shown = scene(deck, "/?map=panels")
    top, n = sizes.most_common(1)[0]
    name = table("bands", "id")[top]["zh_short" if lang == "zh" else "en_short"]
    assert name in shown.title
    left = numbers(shown.title.replace(name, ""))
    assert Counter(left) == Counter([len(sizes), sum(sizes.values()), len(COUNTIES) - sum(sizes.values()), n])
    for band, size in sizes.items():
        said = table("bands", "id")[band]["zh_short" if lang == "zh" else "en_short"]
        assert f"{said} {size}" in shown.note


@pytest.mark.parametrize(("file", "group"), [("clusters", "cluster"), ("energy", "energy")])
def test_the_panels(deck, lang, file, group):
    listed = rows(f"{group}_counties")
    sizes = Counter(row[group] for row in listed)
    shown = scene(deck, f"/?layer={group}&map=panels")
    top, n = sizes.most_common(1)[0]
    assert list(sizes.values()).count(n) == 1
    name = table(file, "id")[top]["zh_short" if lang == "zh" else "en_short"]
    assert name in shown.title
    expected = [len(sizes), len({row["adcode"] for row in listed}), len(listed), n]
    assert numbers(shown.title.replace(name, "")) == expected
    for id, size in sizes.items():
        said = table(file, "id")[id]["zh_short" if lang == "zh" else "en_short"]
        assert f"{said} {size}" in shown.note


@pytest.mark.parametrize(
    ("group", "ids"),
    [("cluster", (f"C{n}",)) for n in range(1, 6)]
    + [("energy", ("PV1", "PV2", "PV3")), ("energy", ("WIND",)), ("energy", ("CSP",)), ("energy", ("PSH",))],
)
def test_each_cluster_and_kind(deck, lang, group, ids):
    shown = scene(deck, f"/?layer={group}&{group}={','.join(ids)}")
    adcodes = sorted({row["adcode"] for row in rows(f"{group}_counties") if row[group] in ids})
    where = Counter(table("counties", "adcode")[a]["prefecture_code"] for a in adcodes)
    top = max(where.values())
    first = [code for code, n in where.items() if n == top]
    after = shown.title.split("：" if lang == "zh" else ": ", 1)[1]
    assert numbers(after)[:2] == [len(adcodes), len(where)]
    short = "name_short" if lang == "zh" else "name_en_short"
    assert len(first) <= 2
    assert all(table("prefectures", "adcode")[code][short] in after for code in first)
    assert numbers(after)[2:] == [top]
    assert ("各" in after or "each" in after) == (len(first) == 2)
    assert all(name in shown.note for name in named(adcodes, lang))
    box = {"cluster": ("专栏二", "Box 2"), "energy": ("专栏三", "Box 3")}[group][0 if lang == "zh" else 1]
    assert box in shown.note


def test_a_name_that_the_plan_prints_otherwise_is_said(deck):
    note = scene(deck, "/?layer=cluster&cluster=C2").note
    assert "岩昌县" in note


def test_the_roads_build_up(deck, lang):
    opened = table("expressways_opened", "adcode", True)
    planned = rows("expressways")
    for last in (2022, 2023, 2024, 2025):
        years = ",".join(str(y) for y in range(2022, last + 1))
        shown = scene(deck, f"/?layer=road&road={years}")
        mine = [row for row in planned if int(row["year"]) <= last]
        known = [row for row in mine if opened[row["adcode"]]["actual_year"]]
        late = [row for row in known if opened[row["adcode"]]["actual_year"] > row["year"]]
        silent = [row["adcode"] for row in mine if not opened[row["adcode"]]["actual_year"]]
        expected = [last, len(mine), len(known), len(late), len(silent)]
        assert numbers(shown.title) == [n for n in expected if n]
        new = [row["adcode"] for row in mine if int(row["year"]) == last]
        assert list(shown.highlight) == new
        assert all(name in shown.note for name in named(new + silent, lang))
        for adcode in new:
            assert all(opened[adcode][key] in shown.note for key in ("publisher", "title", "date"))


def test_after_the_term_what_is_known_leads_then_whom_to_call(deck, lang):
    """Counted here from the files: each county's latest full year before the quarter, and the amounts it passed."""
    n = Counter(states(2025).values())
    known, call = [s for s in deck.scenes if s.view.layer == "progress" or s.path == "/progress"][:2]
    # A quarter's states rest on the full year before it: 2025 is known of 甘州区 all the same.
    assert numbers(known.title) == [2025, 1, 68, n["reached"] + n["target_year_unknown"], n["reached"]]
    assert not n["not_reached"] and ("未达" if lang == "zh" else "fell short") not in known.title
    assert not known.highlight
    # 甘州区's full year 2025 is known, whatever the period of the meeting.
    asked = sorted(set(states()) - {"620702"})
    assert (call.path, numbers(call.title)) == ("/progress", [len(asked), 2025])
    assert all(name in call.note for name in named(asked, lang))
    for adcode, state in states(2025).items():
        (name,) = named([adcode], lang)
        if state == "reached":
            assert re.search(
                rf"({since(adcode, 2025)}年已达到：|reached in {since(adcode, 2025)}: ).*{name}", known.note
            )
        elif adcode in measured(2025):
            # How far it was, in the decimals of its figure.
            year, value, row = levels(2025)[adcode]
            gap = f"{(lower(adcode) or 0) - value:.{len(row['value'].partition('.')[2])}f}"
            assert lang == "en" or f"当时距{lower(adcode)}亿元下限还差{gap}亿元" in known.note
    said = "互相矛盾、待核：瓜州县" if lang == "zh" else "Contradicting, to be verified: Guazhou County"
    (line,) = (line for line in known.note.splitlines() if line.startswith(said))
    assert ("131.7亿元（初步）" if lang == "zh" else "13.17 bn yuan in 2023 (preliminary)") in line
    assert ("突破200.2亿元（报道）" if lang == "zh" else "at least 20.02 bn yuan in 2024 (press report)") in line
    limits = deck.scenes[-1]
    silent = sum(not row["actual_year"] for row in rows("expressways_opened", PUBLISHED))
    assert sorted(numbers(limits.title)) == sorted([len(states()) - 1, 2025, silent, len(rows("parks"))])


def test_whom_to_call_leaves_out_whose_target_year_is_known(atlas, lang):
    deck = made(atlas, None, lang)
    known, call = [s for s in deck.scenes if s.view.layer == "progress" or s.path == "/progress"][:2]
    n = Counter(states().values())
    assert numbers(known.title) == [2025, 1, 68, n["reached"] + n["target_year_unknown"], n["reached"]]
    have = [adcode for adcode, (year, _, _) in levels().items() if year == 2025]
    assert have == ["620702"]
    assert numbers(call.title) == [len(states()) - 1, 2025]
    listed = call.note.splitlines()
    assert not any(name in line for line in listed for name in named(have, lang))
    earlier = sum(state == "reached" for adcode, state in states().items() if adcode not in have)
    assert any(numbers(line)[:1] == [earlier] for line in listed)


def test_after_the_term_who_did_not_reach_is_told_with_the_gap(atlas, lang):
    figures = [("620102", "gdp", "2025", 1385.4, "亿元"), ("620103", "gdp", "2025", 499.95, "亿元")]
    shown = next(s for s in made(atlas, None, lang, *figures).scenes if s.highlight and s.view.layer == "progress")
    assert shown.highlight == ("620102", "620103")  # the widest gap first
    assert numbers(shown.title) == ([2, 14.6, 0.05] if lang == "zh" else [2, 1.46, 0.005])
    assert all(name in shown.title for name in named(["620102", "620103"], lang))
    more = [("620402", "gdp", "2025", 100.0, "亿元"), ("620302", "gdp", "2025", 299.0, "亿元")]
    shown = next(
        s for s in made(atlas, None, lang, *figures, *more).scenes if s.highlight and s.view.layer == "progress"
    )
    assert numbers(shown.title) == ([4, 200.0, 14.6] if lang == "zh" else [4, 20.0, 1.46])
    assert shown.highlight == ("620402", "620102", "620302", "620103")
    assert not PACE.search(shown.title + shown.note)


def test_while_the_term_runs_the_deck_tells_pace_and_who_is_behind(running, lang):
    """By hand, on 2024-06-30: 2022 and 2023 are known; 瓜州县 needs (200 / 131.7)^(1/2) - 1 = 23.2 % a year."""
    everyone, behind = [s for s in running.scenes if s.view.layer == "progress"][:2]
    # Reached: 凉州、民勤、古浪、天祝、庆城、华池 by figures, 靖远、甘谷、秦安、陇西、金塔 by 百亿元县域 of 2023.
    # On pace: 崆峒、灵台、正宁.
    assert numbers(everyone.title) == [68, 11, 3, 1, 53, 7]
    assert ("本图自定" if lang == "zh" else "this atlas's own") in everyone.title
    assert behind.highlight == ("620922",)
    assert numbers(behind.title) == [1]
    assert ("需年均名义增长23.2%（2年）" if lang == "zh" else "23.2 % a year for 2 years") in behind.note
    assert not any(s.title.startswith(("该找谁", "Whom")) for s in running.scenes)
    (charts,) = (s for s in running.scenes if s.path == "/progress")
    # With an amount: those eleven less the five, the three, 瓜州, and 肃北 and 成县 of 2020, which judge no pace.
    assert numbers(charts.title) == [12, 6]


def test_no_lead_enters_the_deck(atlas, during, lang):
    figures = (("620103", "gdp", "2025", 600.0, "亿元"), ("620104", "gdp", "2025Q3", 300.0, "亿元"))
    for place in (atlas, during):
        held, bare = (ready_deck(place, standing(place, None, leads=leads), None, lang) for leads in (True, False))
        assert held == bare
    imported = ready_deck(atlas, standing(atlas, None, imported_leads=figures), None, lang)
    assert imported == made(atlas, None, lang)
    assert (atlas.published.observations["grade"] == "lead").sum() > 20


def test_each_prefecture_with_its_counties(deck, lang):
    listed = {row["adcode"] for row in rows("band_counties")}
    for row in rows("prefectures"):
        shown = next(s for s in deck.scenes if s.path == f"/prefecture/{row['adcode']}")
        mine = [a for a in COUNTIES if table("counties", "adcode")[a]["prefecture_code"] == row["adcode"]]
        assert shown.title.startswith(row["name" if lang == "zh" else "name_en"])
        assert all(name in shown.note for name in named(mine, lang))
        if mine:
            assert numbers(shown.title)[0] == len(listed & set(mine))
            _, second = (s for s in deck.scenes if s.path == f"/prefecture/{row['adcode']}")
            assert second.view.layer == "cluster" and second.title.startswith(
                row["name" if lang == "zh" else "name_en"]
            )
            # A presenter's three sentences: the result, what to ask about, what comes next.
            told = shown.note.split("\n")[1:4]
            heads = ("结果：", "要问的：", "下一步：") if lang == "zh" else ("Result: ", "To ask: ", "Next: ")
            assert all(line.startswith(head) for line, head in zip(told, heads, strict=True)), told
        else:
            assert row["adcode"] == "620200"
            assert ("不设县" if lang == "zh" else "without counties") in shown.title
            assert not numbers(shown.title)
            assert ("嘉峪关机场" if lang == "zh" else "Jiayuguan Airport") in shown.note


def test_a_quarter_without_figures_is_said_and_one_with_them_is_shown(atlas, lang):
    blind = scene(made(atlas, "2025Q3", lang), "/progress")
    assert ("2025年1—9月没有各县的累计数" if lang == "zh" else "No county's figures for Jan–Sep 2025") in blind.note
    figures: list[Added] = [
        ("620102", "gdp", "2025Q3", 1100.0, "亿元"),
        ("620102", "gdp_growth", "2025Q3", 5.1, "%"),
        ("620922", "gdp_growth", "2025Q3", 7.9, "%"),
        ("620000", "gdp_growth", "2025Q3", 6.0, "%"),
    ]
    deck = made(atlas, "2025Q3", lang, *figures)
    # After whom to call, on the same page.
    _, shown = (s for s in deck.scenes if s.path == "/progress")
    assert numbers(shown.title.split("，" if lang == "zh" else ": ", 1)[0])[:1] == [2025]
    said = {"zh": "86个县（市、区）中2个有数，增速低于全省的1个", "en": "figures of 2 of 86 counties, 1 growing slower"}
    assert said[lang] in shown.title
    assert "5.1" in shown.note
    assert "7.9" in shown.note
    assert all("三季度.xlsx" in s.note for s in (deck.scenes[-1], scene_of_progress(deck)))


def scene_of_progress(deck: Deck) -> Scene:
    return next(s for s in deck.scenes if s.view.layer == "progress")


def test_an_import_of_the_target_year_leaves_no_one_to_call(atlas, lang):
    # 肃北县 had 30.7 in 2024: 47.5 a year later would contradict that.
    figures = [(a, "gdp", "2025", 38.0 if a == "620923" else 0.95 * (lower(a) or 40), "亿元") for a in COUNTIES]
    before = made(atlas, "2025", lang)
    assert not any(s.highlight for s in before.scenes if s.view.layer == "progress")
    deck = made(atlas, "2025", lang, *figures)
    (short,) = (s for s in deck.scenes if s.highlight and s.view.layer == "progress")
    assert len(short.highlight) == 68
    # The widest gap: a twentieth of the highest bound, 1400, then of 500 (七里河区, before 西固区 by code).
    assert numbers(short.title) == ([68, 70, 25] if lang == "zh" else [68, 7, 2.5])
    assert all(name in short.title for name in named(["620102", "620103"], lang))
    assert not any(s.title.startswith(("该找谁", "Whom")) for s in deck.scenes)
    # What nobody lacks is not said.
    assert numbers(deck.scenes[-1].title) == [6, 12]


# ---- the command line -------------------------------------------------------------------------------------------


@pytest.fixture
def alone(monkeypatch):
    for name in ("BOUNDARIES", "MAP_APPROVAL", "DATABASE_URL", "DATA_FOLDER"):
        monkeypatch.delenv(f"ATLAS_{name}", raising=False)


@pytest.mark.usefixtures("alone")
def test_the_command_writes_the_file(tmp_path, capsysbinary, atlas):
    folder = ["--data-folder", str(tmp_path / "data")]
    target, day = tmp_path / "deck.yaml", ["--today", TODAY.isoformat()]
    assert main(["deck", "--period", "2025Q3", "-o", str(target), *folder, *day]) == 0
    said = capsysbinary.readouterr()
    assert said.err == b""
    assert f"{target}，47 个场景".encode() in said.out
    assert target.read_text("utf-8") == write_deck(made(atlas, "2025Q3"))
    assert not (tmp_path / "data").exists()
    assert main(["deck", "--period", "2023", "--lang", "en", *folder, *day]) == 0
    text = capsysbinary.readouterr().out.decode("utf-8")
    assert read_deck(text, atlas.known) == made(atlas, "2023", "en")


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("period", ["三季度", "2025Q5", "2025-13", "25", "2025 Q3"])
def test_a_bad_period_is_a_sentence(capsys, period, tmp_path):
    assert main(["deck", "--period", period, "-o", str(tmp_path / "deck.yaml")]) == 2
    said = capsys.readouterr().err
    assert "应写成 2024、2025Q3 或 2025-09" in said
    assert repr(period) in said
    assert not (tmp_path / "deck.yaml").exists()


@pytest.mark.usefixtures("alone")
def test_what_cannot_be_written_or_read_is_a_sentence(capsys, tmp_path):
    assert main(["deck", "-o", str(tmp_path / "no" / "deck.yaml"), "--data-folder", str(tmp_path)]) == 2
    assert "不能写入" in capsys.readouterr().err
    assert main(["deck", "--database-url", "mysql://x"]) == 2
    assert "数据库地址应为" in capsys.readouterr().err
    (tmp_path / "atlas.sqlite").write_text("no database")
    assert main(["deck", "--data-folder", str(tmp_path)]) == 2
    assert "数据库" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main(["deck", "--lang", "fr"])
    assert stopped.value.code == 2
