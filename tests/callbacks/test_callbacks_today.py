"""The day on which the atlas speaks, the periods that exist on it, and the standings that are kept."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
from days import DURING, TODAY
from plan_files import rows

import app as program
from app import AtlasApp
from callbacks import pages
from callbacks.meeting import deck_data
from callbacks.standings import Standings
from layouts.facts.view import View
from layouts.words import word
from targets.decks import DeckStore
from targets.importing import compare
from targets.intake import read_file
from targets.periods import canonical

GUAZHOU = "620922"
LATER = re.compile(r"2024(?!Q[12]|-0[1-6])|202[5-9]")  # in a period's key: of what ends after DURING
READ = [
    "/", "/progress", f"/county/{GUAZHOU}", "/prefecture/620900", "/compare", "/overlap", "/meeting", "/meeting/ready",
    "/export/counties.csv", "/export/counties.xlsx", "/export/compare.csv", "/export/compare.json",
    "/export/meeting.yaml", "/export/observations.csv",
]  # fmt: skip


def embedded(page: str, id: str = "progress-data") -> dict:
    return json.loads(re.search(rf'<script id="{id}"[^>]*>(.*?)</script>', page, re.S)[1])


def served(tmp_path_factory, today: date) -> AtlasApp:
    return program.create_app(data_folder=str(tmp_path_factory.mktemp("day")), today=today)


@pytest.fixture(scope="module")
def during(tmp_path_factory) -> Iterator[AtlasApp]:
    """Serve on a day on which the plan's term runs."""
    made = served(tmp_path_factory, DURING)
    yield made
    made.store.close()


@pytest.fixture
def fed(tmp_path_factory) -> Iterator[AtlasApp]:
    """Serve an atlas with ten months of 2025."""
    made = served(tmp_path_factory, TODAY)
    take(made, "2025-10")
    yield made
    made.store.close()


def take(app: AtlasApp, period: str) -> int:
    text = "\n".join(["县区,地区生产总值（亿元）", *(f"{r['name']},{30 + n}" for n, r in enumerate(rows("counties")))])
    reading = read_file(text.encode("utf-8-sig"), "a.csv", period=period, citation="调度表", today=TODAY)
    assert reading.ok, reading.faults
    return app.store.accept(compare(reading, app.store), "测试")


def test_without_a_set_day_it_is_the_clocks_at_each_call_in_china(during, monkeypatch):
    from datetime import datetime

    from layouts.facts import atlas as layouts_atlas

    clock = [datetime(2025, 12, 31, 23, 59), datetime(2026, 1, 1, 0, 0)]
    monkeypatch.setattr(layouts_atlas, "now_in_china", lambda: clock.pop(0))
    unset = replace(during.atlas, fixed_today=None)
    assert [unset.today, unset.today] == [date(2025, 12, 31), date(2026, 1, 1)]
    assert during.atlas.today == DURING


def test_on_an_earlier_day_nothing_of_a_later_period_is_used(during):
    periods = {row["period"] for row in rows_of(during.server.test_client().get("/export/observations.csv").data)}
    assert periods and not any(LATER.match(period) for period in periods)
    standing = during.standings.of(None)
    assert standing.rules.today == DURING
    assert set(standing.observations["period"]) == periods
    # 瓜州's 200.2 of 2024 is the latest there is; on that day the figure of 2023 was.
    assert standing.assessment.loc[GUAZHOU, "year"] < 2024
    data = embedded(during.server.test_client().get("/").text)
    assert data["known"] and not any(LATER.match(period) for period in data["known"])
    assert set(data["periods"]) <= set(data["known"])
    # Besides what has figures, the quarters and years of the term that have ended: a meeting is prepared before them.
    term = {f"{year}{part}" for year in ("2022", "2023") for part in ("", "Q1", "Q2", "Q3")} | {"2024Q1", "2024Q2"}
    assert set(data["known"]) == periods | term


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("period", ["1999", "2099", "2024", "2025Q4", "2024-13", "soon", "%00", "2024Q1&period=2023"])
def test_an_address_with_a_period_of_which_nothing_is_known_is_the_address_without(during, path, period):
    client = during.server.test_client()
    mark = f"{path}?period={period}"
    answer = client.get(mark)
    assert answer.status_code == 200
    if path.startswith("/export") and not path.endswith("xlsx") and "&" not in period:
        assert answer.data == client.get(path).data


def test_a_period_that_exists_is_taken_and_another_named_in_the_notice(app, follow):
    for period in ("2022", "2020Q3", "2025-09", "2025Q3"):
        assert app.standings.read(f"period={period}") == (View(period=canonical(period)), ())
        assert "period" not in json.dumps(follow(f"period={period}")["notice"], ensure_ascii=False)
    for period in ("1999", "2020Q1", "2025-04", "2026-11", "2099"):
        assert app.standings.read(f"period={period}&map=tile") == (
            View(form="tile"),
            (f"period={period}",),
        )
        for lang in ("zh", "en"):
            said = json.dumps(follow(f"period={period}&lang={lang}")["notice"], ensure_ascii=False)
            assert word("ignored", lang, parts=f"period={period}") in said


def test_a_period_exists_from_its_import_to_its_undoing(fed):
    assert fed.standings.read("period=2025-10")[0].period == "2025-10"
    assert "2025-10" in embedded(fed.server.test_client().get("/").text)["known"]
    fed.store.undo(1, "测试")
    assert fed.standings.read("period=2025-10") == (View(), ("period=2025-10",))
    assert "2025-10" not in embedded(fed.server.test_client().get("/").text)["known"]


def test_what_is_ignored_in_a_meetings_address_is_said_on_its_stage(during):
    client = during.server.test_client()
    for lang in ("zh", "en"):
        deck = embedded(client.get(f"/meeting/ready?period=2024&lang={lang}").text, "deck-data")
        assert deck["ignored"] == word("ignored", lang, parts="period=2024")
        assert not any("period=" in scene["query"] for scene in deck["scenes"])
    assert "ignored" not in embedded(client.get("/meeting/ready?period=2023").text, "deck-data")


def test_a_kept_deck_whose_figures_were_undone_still_opens_and_says_so(fed):
    """Its scenes show the latest year then, on the stage and in the files; the deck itself stays as it is."""
    decks = DeckStore(fed.store)
    scenes = "- {title: 进度, view: '/progress?period=2025-10', note: 原来的话}\n- {title: 图, view: /}\n"
    text = f"deck: 例会\nscenes:\n{scenes}"
    slug = decks.create("例会", text, "张三").slug
    before = deck_data(fed.standings, decks, slug, View())
    assert [scene["query"] for scene in before["scenes"]] == ["period=2025-10", ""]
    assert "/progress|zh|2025-10" in before["sheets"]
    fed.store.undo(1, "测试")
    for lang in ("zh", "en"):
        after = deck_data(fed.standings, decks, slug, View(lang=lang))
        assert f"/progress|{lang}|" in after["sheets"]
        first, second = after["scenes"]
        said = word("deck_period_unknown", lang, period="2025-10")
        assert (first["query"], first["note"], second["note"]) == ("", f"{said}\n\n原来的话", "")
    assert decks.load(slug).text == text
    assert fed.server.test_client().get(f"/export/meeting.pptx?deck={slug}").status_code == 200


# ---- what is kept ---------------------------------------------------------------------------------------------------


def test_a_standing_is_made_once_for_all_who_ask_at_the_same_time(fed, monkeypatch):
    made, own, start = [], pages.progress.assess, Barrier(8)

    def slow(*given, **more):
        made.append(given[2])
        time.sleep(0.05)  # long enough for the others to ask
        return own(*given, **more)

    monkeypatch.setattr(pages.progress, "assess", slow)

    def ask(n: int):
        start.wait()
        return fed.standings.of(("2025-10", "2023")[n % 2])

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))
    assert sorted(made) == ["2023", "2025-10"]
    assert len({id(one) for one in found[::2]}) == len({id(one) for one in found[1::2]}) == 1
    assert found[0] is not found[1]


def test_who_waited_for_a_standing_that_failed_makes_it(fed, monkeypatch):
    own = pages.progress.assess

    def fail(*given, **more):
        monkeypatch.setattr(pages.progress, "assess", own)
        raise ZeroDivisionError

    monkeypatch.setattr(pages.progress, "assess", fail)
    with pytest.raises(ZeroDivisionError):
        fed.standings.of("2022")
    assert fed.standings.of("2022").assessment.index.size == 86


def test_a_standing_is_of_its_day_and_of_its_event(fed):
    now = fed.standings.of(None)
    assert fed.standings.of(None) is now
    then = Standings(replace(fed.atlas, fixed_today=DURING), fed.store).of(None)
    assert then.rules.today == DURING and "2025-10" not in set(then.observations["period"])
    assert "2025-10" in set(now.observations["period"])
    fed.store.undo(1, "测试")
    assert "2025-10" not in set(fed.standings.of(None).observations["period"])


def test_odd_addresses_assess_nothing(app, monkeypatch):
    app.standings.of(None)
    made, own = [], pages.progress.assess
    monkeypatch.setattr(pages.progress, "assess", lambda *given: made.append(given[2]) or own(*given))
    client = app.server.test_client()
    for n in range(40):
        assert client.get(f"/export/compare.csv?period=19{n:02}").status_code == 200
    assert made == []


# ---- the commands ---------------------------------------------------------------------------------------------------


def test_the_deck_of_an_unknown_period_is_refused_with_a_sentence(tmp_path, capsys):
    out = tmp_path / "deck.yaml"
    given = ["--data-folder", str(tmp_path), "-o", str(out)]
    for period in ("1999", "2024", "2025Q3"):
        assert program.main(["deck", "--today", DURING.isoformat(), "--period", period, *given]) == 2
        said = capsys.readouterr().err
        assert f"没有 {period} 的数" in said and f"nothing is known of {period}" in said and "2023" in said
        assert not out.exists()
    assert program.main(["deck", "--today", DURING.isoformat(), "--period", "2023", *given]) == 0
    assert "period: '2023'" in out.read_text("utf-8").replace('"', "'")


def test_the_deck_of_a_day_says_nothing_of_later_periods(tmp_path, monkeypatch):
    def written(day: str) -> str:
        monkeypatch.setenv("ATLAS_TODAY", day)
        out = tmp_path / f"{day}.yaml"
        assert program.main(["deck", "--data-folder", str(tmp_path), "-o", str(out)]) == 0
        return out.read_text("utf-8")

    assert written(DURING.isoformat()) != written(TODAY.isoformat())


def test_an_import_is_measured_against_the_day(tmp_path, capsys, monkeypatch):
    file = tmp_path / "表.csv"
    file.write_text("县区,地区生产总值（亿元）\n瓜州县,150\n", encoding="utf-8-sig")

    def run(day: str, period: str) -> tuple[int, str]:
        monkeypatch.setenv("ATLAS_TODAY", day)
        given = ["--period", period, "--accept", "--data-folder", str(tmp_path / f"{day}{period}")]
        return program.main(["import", str(file), *given]), "".join(capsys.readouterr())

    for day, period in (("2024-06-29", "2024Q2"), ("2024-06-30", "2024"), ("2024-12-30", "2024")):
        status, said = run(day, period)
        assert status == 1 and "才结束" in said and "cannot be known yet" in said, (day, period)
    for day, period in (("2024-06-30", "2024Q2"), ("2024-12-31", "2024")):
        status, said = run(day, period)
        assert status == 0 and "stored as batch 1" in said, said


@pytest.mark.parametrize("command", [[], ["import", "a.csv"], ["deck"]])
@pytest.mark.parametrize("day", ["tomorrow", "2024-02-30", "20240630"])
def test_a_day_that_is_none_is_refused_with_a_sentence(capsys, monkeypatch, command, day):
    monkeypatch.setenv("ATLAS_TODAY", day)
    for given in ([*command, f"--today={day}"], command):
        with pytest.raises(SystemExit) as stopped:
            program.main(given)
        said = capsys.readouterr().err
        assert stopped.value.code == 2
        assert f"应是写成 2026-11-30 的一天，现为 '{day}'" in said and "must be a day written as 2026-11-30" in said
        assert "Traceback" not in said


def test_another_server_takes_the_day_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("ATLAS_TODAY", "2024-06-30")
    monkeypatch.setenv("ATLAS_DATA_FOLDER", str(tmp_path))
    assert "2024" not in embedded(program.server().test_client().get("/").text)["known"]
