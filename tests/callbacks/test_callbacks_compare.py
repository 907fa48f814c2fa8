"""The compare page's addresses: what is chosen goes there and comes back, in order; what is too much is said."""

from __future__ import annotations

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from layouts.words import word

SIX = ("620981", "620922", "621122", "622925", "620702", "620200")
SEVEN = (*SIX, "620102")


@pytest.mark.parametrize("query", ["compare=620981,620922", f"compare={','.join(SIX)}", "band=B4&compare=620922"])
def test_an_address_reads_back_in_its_own_order(app, query):
    view, ignored = app.atlas.read(query)
    assert ignored == ()
    assert view.query() == query


def test_a_seventh_and_an_unknown_code_are_left_out_and_said(app, follow):
    query = f"compare={','.join(SEVEN)}"
    view, ignored = app.atlas.read(query)
    assert view.compare == SIX
    assert ignored == (), "a county that is known, but too many, is spoken of by the page itself"
    query = "compare=620922,999999,620922"
    view, ignored = app.atlas.read(query)
    assert (view.compare, ignored) == (("620922",), ("compare=999999",))
    assert "compare=999999" in json.dumps(follow(query)["notice"], ensure_ascii=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_two_files_are_one_table(client, lang):
    query = f"compare={','.join(SEVEN)}&lang={lang}"
    text, book = (client.get(f"/export/compare.{kind}?{query}") for kind in ("csv", "xlsx"))
    for answer, kind in ((text, "csv"), (book, "xlsx")):
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="gansu-compare.{kind}"'
        assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(text.data.decode("utf-8-sig"), newline="")))
    table = rows[: rows.index([])]
    sheet = load_workbook(io.BytesIO(book.data)).worksheets[0]
    assert [["" if c is None else c for c in row] for row in sheet.iter_rows(values_only=True)] == table
    assert table[2][1:7] == list(SIX)
    assert {len(row) for row in table} == {13}


def test_the_page_on_load_carries_the_table_and_its_files(client):
    text = client.get(f"/compare?compare={','.join(SIX)}").data.decode()
    assert 'data-compare-page="' in text
    assert f'href="/export/compare.csv?compare={",".join(SIX)}"' in text
    assert 'id="compare-graph"' in text


def test_only_what_the_browser_lacks_is_sent(client):
    def ask(query: str) -> dict:
        answer = client.get(f"/export/compare.json?{query}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.json

    assert list(ask("compare=620922,620981&have=620922")["columns"]) == ["620981"]
    assert ask("compare=620922&have=620922") == {"columns": {}, "rows": []}
    assert list(ask("compare=620922&have=1,<script>,,620922x")["columns"]) == ["620922"]
    nobody = ask("county=620922")
    assert nobody["picked"] == "620922"
    assert nobody["sets"][0][2].startswith("620922,")


def test_adding_one_to_five_is_a_small_answer(client):
    """Contract of the work item: at most 3 KB a click; headers there and back take about one."""
    for adcode in SIX:
        have = ",".join(other for other in SIX if other != adcode)
        for lang in ("zh", "en"):
            query = f"compare={adcode}&have={have}&lang={lang}"
            answer = client.get(f"/export/compare.json?{query}", headers={"Accept-Encoding": "br"})
            assert answer.headers["Content-Encoding"] == "br"
            assert len(answer.data) < 1800, (adcode, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_card_has_the_button(follow, lang):
    for adcode in ("620922", "620200"):
        card = json.dumps(follow(f"county={adcode}&lang={lang}")["card"], ensure_ascii=False)
        assert f'"data-compare": "{adcode}"' in card
        assert f'"{word("js_compare_add", lang)}"' in card
