"""What is taken away of the store: how every county stands, and every figure with its grade, leads among them."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from days import TODAY
from plan_files import PUBLISHED, facts, rows

from app import create_app

HEADER = ["adcode", "name", "band", "lower", "state", "period", "value", "printed", "comparator", "grade", "source"]
STATES = {
    "2026": ["reached", "not_reached", "target_year_unknown", "no_figure", "no_target"],
    "2024": ["reached", "on_pace", "behind", "no_figure", "no_target"],
}
COMPARATORS, GRADES = {"eq", "about", "at_least"}, {"final", "bulletin", "preliminary", "report"}


def table(answer):
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    header, *body = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), strict=True)
    return header, [dict(zip(header, row, strict=True)) for row in body]


@pytest.fixture(scope="module")
def clients(client_of_module, tmp_path_factory):
    early = create_app(data_folder=str(tmp_path_factory.mktemp("early")), today=date(2024, 6, 30))
    return {"2026": client_of_module, "2024": early.server.test_client()}


@pytest.fixture(scope="module")
def client_of_module(app):
    assert date(2026, 11, 30) == TODAY
    return app.server.test_client()


@pytest.mark.parametrize("day", STATES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_how_every_county_stands(clients, day, lang):
    """86 rows, the header in English, the states of the day; the band and bound by the files."""
    header, found = table(clients[day].get(f"/export/progress.csv?lang={lang}"))
    assert header == HEADER
    assert [row["adcode"] for row in found] == sorted(facts())
    bands = {row["adcode"]: row["band"] for row in rows("band_counties")}
    lowers = {row["id"]: row["lower"] for row in rows("bands")}
    names = {row["adcode"]: row["name" if lang == "zh" else "name_en"] for row in rows("counties")}
    for row in found:
        band = bands.get(row["adcode"], "none")
        assert (row["name"], row["band"], row["lower"]) == (names[row["adcode"]], band, lowers.get(band, ""))
        assert row["state"] in STATES[day]
        assert (row["state"] == "no_target") == (band == "none")
        cited = [row[column] for column in HEADER[5:]]
        assert all(cited) or not any(cited), row
        if all(cited):
            assert row["comparator"] in COMPARATORS and row["grade"] in GRADES
            assert row["period"] <= day


def test_the_figure_that_a_state_rests_on_is_a_row_of_the_files(clients):
    """Place, period, value and what is printed, of a status that judges."""
    firm = {"核定", "公报", "初步", "报告", "报道"}
    known = {
        (r["adcode"], r["period"], float(r["value"]), r["printed"], r["comparator"])
        for r in rows("county_observations", PUBLISHED)
        if r["indicator"] == "gdp" and r["status"] in firm
    }
    amounts = {"2026": 21, "2024": 19}
    for day, client in clients.items():
        _, found = table(client.get("/export/progress.csv"))
        cited = [row for row in found if row["period"]]
        keys = ("adcode", "period", "value", "printed", "comparator")
        for row in cited:
            assert tuple(float(row[k]) if k == "value" else row[k] for k in keys) in known
            if row["state"] == "reached":
                assert float(row["value"]) >= float(row["lower"])
            elif row["lower"]:
                assert float(row["value"]) < float(row["lower"])
        assert len(cited) == amounts[day]
        counted = [sum(row["state"] == state for row in found) for state in STATES[day]]
        assert counted == {"2026": [13, 0, 5, 50, 18], "2024": [11, 3, 1, 53, 18]}[day]


def test_the_query_is_honoured(clients):
    _, found = table(clients["2026"].get("/export/progress.csv?prefecture=620900&band=B5,B4"))
    wanted = [adcode for adcode, ids in sorted(facts().items()) if "620900" in ids and ids & {"B4", "B5"}]
    assert wanted and [row["adcode"] for row in found] == wanted
    _, found = table(clients["2026"].get("/export/progress.csv?band=B1&prefecture=623000"))
    assert found == []
    _, found = table(clients["2024"].get("/export/progress.csv?period=2022&prefecture=620600"))
    assert {(row["state"], row["period"]) for row in found if row["value"]} == {("reached", "2022")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_is_taken_away_with_its_grade_comparator_and_what_was_printed(clients, lang):
    """Leads are among them, twice where two were printed; on a day before, without what ended later."""
    ours = rows("county_observations", PUBLISHED)
    for day, client in clients.items():
        header, found = table(client.get(f"/export/observations.csv?lang={lang}"))
        assert {"comparator", "grade", "printed", "status", "source"} <= set(header)
        mine = [row for row in found if row["place"] in facts()]
        key = ("indicator", "period", "printed", "comparator")
        # September's end is that of the third quarter: one stretch of time has one key.
        stretch = {"2025-09": "2025Q3"}
        expected = [(r["adcode"], *(stretch.get(r[k], r[k]) for k in key)) for r in ours]
        if day == "2024":
            expected = [one for one in expected if one[2] < "2024" or one[2] == "2024Q1"]
            assert ("621025", "gdp_growth", "2024Q1", "25.4%", "eq") in expected
        assert sorted((r["place"], *(r[k] for k in key)) for r in mine) == sorted(expected)
        lead = {r["status"] for r in mine if r["grade"] == "lead"}
        assert {"百科", "预计", "网文"} <= lead and not lead & {"公报", "初步", "报告", "核定"}
        assert sum(r["place"] == "621202" and r["indicator"] == "gdp" for r in mine) == 2
