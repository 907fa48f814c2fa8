"""The settlement's addresses: templates, files, the page of a year, what if."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest
from days import TODAY
from openpyxl import load_workbook
from settlement_files import COUNTIES, YEAR, filled

from app import AtlasApp, create_app
from layouts.facts import settlement as facts


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> AtlasApp:
    folder = tmp_path_factory.mktemp("settled")
    filled(folder, without=[(COUNTIES[3], "地区生产总值增速")]).close()
    return create_app(data_folder=str(folder), today=TODAY)


def test_the_files_of_a_year_are_at_their_addresses(client):
    for path, name in (
        ("/template/scheme.xlsx", "scheme-template.xlsx"),
        ("/template/types.xlsx?lang=en", "types-template.xlsx"),
        ("/export/settlement-2025.xlsx", "gansu-settlement-2025.xlsx"),
        ("/export/settlement.xlsx?year=2021", "gansu-settlement-2021.xlsx"),
        ("/export/settlement.xlsx", "gansu-settlement-2025.xlsx"),
        ("/export/settlement.pptx?year=2025", "gansu-settlement-2025.pptx"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert f'filename="{name}"' in answer.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(client.get("/export/settlement-2025.xlsx").data)).sheetnames[0] == "名单"
    for path in ("/export/settlement-abc.xlsx", "/export/settlement.xlsx?year=2025-talks", "/export/settlement.pptx"):
        assert client.get(path).status_code == 404, path
    for path, code in (("/settlement", 200), ("/settlement/2025", 200), ("/settlement/2019", 200),
                       ("/settlement/2025-calls", 200), ("/settlement/xyz", 404)):  # fmt: skip
        assert client.get(path).status_code == code, path


def test_what_if_answers_with_what_moves_and_keeps_nothing(app, client):
    standing = app.standings.of(None)
    before = facts.account(app.atlas, standing, YEAR)
    assert before is not None and before.overall is not None
    place, event = COUNTIES[3], app.store.last()
    asked = {"year": "2025", "place": place, "figure": "gdp_growth|2025", "value": "9.5"}
    said = client.get("/fragment/settlement/try", query_string=asked).get_data(as_text=True)
    trial = facts.tried(app.atlas, standing, YEAR, (place, "gdp_growth", 2025), facts.Decimal("9.5"))
    assert trial is not None and trial.value == Fraction(19, 2)
    assert "试算" in said and said.count("<li>") == len(trial.moves) > 0
    assert all(facts.say_rank(rank, "zh") in said for rank in trial.ranks if rank)
    assert app.store.last() == event and facts.account(app.atlas, app.standings.of(None), YEAR) is before
    for wrong in (
        *({"value": "abc"}, {"value": "1e400"}, {"value": "NaN"}, {"place": "620200"}),
        *({"figure": "gdp|2020"}, {"figure": ""}, {"year": "２０２５"}, {"year": "2019"}),
    ):
        answer = client.get("/fragment/settlement/try", query_string=asked | wrong)
        assert answer.status_code == 200 and "请选一个县" in answer.get_data(as_text=True), wrong
    order = client.get("/fragment/settlement/order?year=2025&indicator=gdp&lang=en").get_data(as_text=True)
    assert "Known of 86" in order
    assert client.get("/fragment/settlement/order?year=x&indicator=gdp").status_code == 404
