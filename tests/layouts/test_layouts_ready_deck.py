"""The ready deck: its scenes, and its numbers counted again from the CSV files without the code under test."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from atlas_oracle import table
from plan_files import PUBLISHED, rows

from app import main
from layouts import ready_deck as module
from layouts.atlas import Atlas, Standing
from layouts.deck import Deck, Scene, read_deck, write_deck
from layouts.ready_deck import ready_deck
from layouts.slide_parts import width
from layouts.view import read_page
from layouts.wording import WORDS
from targets import progress
from targets.indicators import shipped_indicators
from targets.observations import FRAME

LANGUAGES = ("zh", "en")
HAN = re.compile("[\u3400-\u9fff]")
BATCHES = pd.DataFrame(columns=["id", "kind", "undoes", "file", "sha256", "time", "who", "note", "rows", "live"])


def standing(atlas: Atlas, period: str | None, *added: tuple[str, str, str, float, str]) -> Standing:
    """Return what the store would hold with these figures imported: place, indicator, period, value, unit."""
    own = [(*row, "核定", "统计局", "", "", 1, "import") for row in added]
    seen = atlas.published.observations
    if own:
        more = pd.DataFrame(own, columns=FRAME).astype({"batch": "Int64", "value": float})
        seen = pd.concat([seen, more], ignore_index=True).drop_duplicates(["place", "indicator", "period"], keep="last")
    batches = BATCHES
    if own:
        when = pd.Timestamp("2025-10-20 03:04", tz="UTC")
        event = (1, "import", None, "三季度.xlsx", "", when, "张三", "", len(own), True)
        batches = pd.DataFrame([event], columns=BATCHES.columns)
    assessment = progress.assess(atlas.counties, seen, period, plan=atlas.plan)
    return Standing(seen, batches, shipped_indicators(), assessment)


def made(atlas: Atlas, period: str | None, lang: str = "zh", *added: tuple[str, str, str, float, str]) -> Deck:
    return ready_deck(atlas, standing(atlas, period, *added), period, lang)


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def deck(atlas, lang) -> Deck:
    return made(atlas, "2025Q3", lang)


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
        "/?layer=progress",
        "/progress",
        *prefectures,
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


@pytest.mark.parametrize("period", [None, "2019", "2023", "2024", "2025Q1", "2025-05", "2030", "2025Q4"])
def test_any_period_makes_a_deck(atlas, period, lang):
    deck = made(atlas, period, lang)
    assert len(deck.scenes) == 35
    assert read_deck(write_deck(deck), atlas.known) == deck
    assert deck.period == period


def test_no_number_is_typed_in():
    """A digit in the deck's own words would be a number that nothing computes."""
    said = [text for key, pair in WORDS.items() if key.startswith("deck_") for text in pair]
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
            assert opened[adcode]["source_title"] in shown.note


def test_progress_and_who_is_behind(deck, lang):
    """The states are counted here from the files: each county's latest full year, and the amounts it passed."""
    lower = {row["adcode"]: int(table("bands", "id")[row["band"]]["lower"]) for row in rows("band_counties")}
    full: dict[str, tuple[int, float]] = {}
    for row in rows("county_observations", PUBLISHED):
        if row["indicator"] == "gdp" and re.fullmatch(r"\d{4}", row["period"]):
            full[row["adcode"]] = max(full.get(row["adcode"], (0, 0.0)), (int(row["period"]), float(row["value"])))
    states: dict[str, str] = {}
    for adcode, bound in lower.items():
        year, value = full.get(adcode, (0, 0.0))
        passed = [
            row
            for row in rows("county_floors", PUBLISHED)
            if row["adcode"] == adcode and int(row["period"]) > year and float(row["at_least"]) >= bound
        ]
        if passed or (year and value >= bound):
            states[adcode] = "reached"
        elif not year:
            states[adcode] = "no_data"
        else:
            behind = year == 2025 or (bound / value) ** (1 / (2025 - year)) - 1 > 0.07
            states[adcode] = "behind" if behind else "on_pace"
    n = Counter(states.values())
    everyone, behind = [s for s in deck.scenes if s.view.layer == "progress"][:2]
    expected = [len(lower), len(lower) - n["no_data"], n["reached"], n["on_pace"], n["behind"], n["no_data"]]
    title = everyone.title.replace("Box 1", "")
    assert numbers(title) == expected
    assert not everyone.highlight
    late = sorted(adcode for adcode, state in states.items() if state == "behind")
    assert late
    assert sorted(behind.highlight) == late
    assert numbers(behind.title)[0] == len(late)
    assert all(name in behind.title for name in named(late, lang))
    assert all(name in behind.note for name in named(late, lang))
    missing = [adcode for adcode, state in states.items() if state == "no_data"]
    assert all(name in everyone.note for name in named(missing, lang))
    measured = [a for a in lower if a in full and not (states[a] == "reached" and full[a][1] < lower[a])]
    reached = sum(full[a][1] >= lower[a] for a in measured)
    assert numbers(scene(deck, "/progress").title) == [len(measured), reached]
    limits = deck.scenes[-1]
    silent = sum(not row["actual_year"] for row in rows("expressways_opened", PUBLISHED))
    assert numbers(limits.title) == [n["no_data"], silent, len(rows("parks"))]


def test_each_prefecture_with_its_counties(deck, lang):
    listed = {row["adcode"] for row in rows("band_counties")}
    for row in rows("prefectures"):
        shown = scene(deck, f"/prefecture/{row['adcode']}")
        mine = [a for a in COUNTIES if table("counties", "adcode")[a]["prefecture_code"] == row["adcode"]]
        assert shown.title.startswith(row["name" if lang == "zh" else "name_en"])
        assert all(name in shown.note for name in named(mine, lang))
        if mine:
            assert numbers(shown.title)[:2] in (
                [len(mine), len(listed & set(mine))],
                [len(listed & set(mine)), len(mine)],
            )
        else:
            assert row["adcode"] == "620200"
            assert ("不设县" if lang == "zh" else "without counties") in shown.title
            assert not numbers(shown.title)
            assert ("嘉峪关机场" if lang == "zh" else "Jiayuguan airport") in shown.note


def test_a_quarter_without_figures_is_said_and_one_with_them_is_shown(atlas, lang):
    blind = scene(made(atlas, "2025Q3", lang), "/progress")
    assert ("2025年1—9月没有各县的累计数" if lang == "zh" else "No county's figures for Jan–Sep 2025") in blind.note
    figures = [
        ("620102", "gdp", "2025Q3", 1100.0, "亿元"),
        ("620102", "gdp_growth", "2025Q3", 5.1, "%"),
        ("620922", "gdp_growth", "2025Q3", 7.9, "%"),
        ("620000", "gdp_growth", "2025Q3", 6.0, "%"),
    ]
    deck = made(atlas, "2025Q3", lang, *figures)
    shown = scene(deck, "/progress")
    assert numbers(shown.title.split("，" if lang == "zh" else ": ", 1)[0])[:1] == [2025]
    said = {"zh": "86个县（市、区）中2个有数，增速低于全省的1个", "en": "figures of 2 of 86 counties, 1 growing slower"}
    assert said[lang] in shown.title
    assert "5.1" in shown.note
    assert "7.9" in shown.note
    assert all("三季度.xlsx" in s.note for s in (deck.scenes[-1], scene_of_progress(deck)))


def scene_of_progress(deck: Deck) -> Scene:
    return next(s for s in deck.scenes if s.view.layer == "progress")


def test_an_import_changes_who_is_behind(atlas, lang):
    before = made(atlas, "2025", lang)
    assert not before.scenes[18].highlight
    deck = made(atlas, "2025", lang, *[(a, "gdp", "2025", 1.5, "亿元") for a in COUNTIES])
    behind = deck.scenes[18]
    assert len(behind.highlight) == 68
    assert numbers(behind.title) == [68]
    assert "城关区" in behind.title or "Chengguan" in behind.title  # the widest gap: the highest bound
    assert deck.scenes[17].title != before.scenes[17].title
    assert numbers(deck.scenes[-1].title)[0] == 0


# ---- the command line -------------------------------------------------------------------------------------------


@pytest.fixture
def alone(monkeypatch):
    for name in ("BOUNDARIES", "MAP_APPROVAL", "DATABASE_URL", "DATA_FOLDER"):
        monkeypatch.delenv(f"ATLAS_{name}", raising=False)


@pytest.mark.usefixtures("alone")
def test_the_command_writes_the_file(tmp_path, capsysbinary, atlas):
    folder = ["--data-folder", str(tmp_path / "data")]
    target = tmp_path / "deck.yaml"
    assert main(["deck", "--period", "2025Q3", "-o", str(target), *folder]) == 0
    said = capsysbinary.readouterr()
    assert said.err == b""
    assert f"{target}，35 个场景".encode() in said.out
    assert target.read_text("utf-8") == write_deck(made(atlas, "2025Q3"))
    assert not (tmp_path / "data").exists()
    assert main(["deck", "--period", "2023", "--lang", "en", *folder]) == 0
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
