"""The HTTP addresses: their headers, their answers, and a sentence for whatever is asked wrongly."""

from __future__ import annotations

import base64
import csv
import io
import json
import logging
import re
from hashlib import sha256
from urllib.parse import quote, unquote

import pytest
from openpyxl import load_workbook
from plan_files import PUBLISHED, rows
from shipped import PLAN

from layouts.words import word

UPDATE = "/_dash-update-component"
JSON = {"content_type": "application/json"}
NOBODY = b'{"output":"nobody.children","outputs":{"id":"nobody","property":"children"},"inputs":[],"changedPropIds":[]}'
FOLLOW = "..notice.children...card.children.."
ANSWERS = [
    ("GET", "/", {}, 200),
    ("GET", "/?lang=en&theme=dark&layer=heat", {}, 200),
    ("HEAD", "/", {}, 200),
    ("GET", "/healthz", {}, 200),
    ("GET", "/assets/style.css?m=1", {}, 200),
    ("GET", "/assets/icon.svg", {}, 200),
    ("GET", "/assets/nothing.js", {}, 404),
    ("GET", "/_dash-layout", {}, 200),
    ("GET", "/_dash-dependencies", {}, 200),
    ("GET", "/export/counties.csv", {}, 200),
    ("GET", "/export/counties.xlsx", {}, 200),
    ("GET", "/nothing", {}, 404),
    ("POST", "/", {}, 405),
    ("DELETE", "/healthz", {}, 405),
    ("POST", UPDATE, {"data": b"{", **JSON}, 400),
    ("POST", UPDATE, {"data": b"x" * (1 << 20) + b"x", **JSON}, 413),
]


@pytest.mark.parametrize(("method", "path", "more", "status"), ANSWERS)
def test_every_answer_has_the_headers(client, method, path, more, status):
    answer = client.open(path, method=method, **more)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    if answer.mimetype in ("text/html", "text/plain", "image/svg+xml"):  # what a browser shows by itself
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    if answer.mimetype == "text/html":
        assert "Content-Security-Policy" in answer.headers


def policy(client) -> dict[str, list[str]]:
    text = client.get("/").headers["Content-Security-Policy"]
    return {name: sources for name, *sources in (part.split() for part in text.split(";"))}


def test_the_policy_lets_in_no_outside_host_and_no_inline_script(client):
    rules = policy(client)
    for name, sources in rules.items():
        for source in sources:
            assert source in ("'self'", "'none'", "data:", "blob:", "'unsafe-inline'") or source.startswith(
                "'sha256-"
            ), name
    assert rules["default-src"] == ["'self'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"} & set(rules["script-src"])
    assert rules["frame-ancestors"] == ["'self'"]
    assert rules["object-src"] == ["'none'"]
    assert rules["base-uri"] == ["'self'"]
    assert rules["form-action"] == ["'self'"]


def test_each_inline_script_of_the_page_is_in_the_policy(client):
    page = client.get("/").text
    allowed = policy(client)["script-src"]
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.S)
    inline = [text for head, text in scripts if "src=" not in head and "application/json" not in head]
    assert inline
    for text in inline:
        assert f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'" in allowed
    assert not re.search(r"\son\w+=", re.sub(r"<script.*?</script>", "", page, flags=re.S))


def test_everything_the_page_names_is_here(client):
    page = client.get("/").text
    named = re.findall(r'(?:src|href|data-plotly|data-plotly-locale)="([^"#]+)"', page)
    assert len(named) > 15
    for address in named:
        assert address.startswith("/")
        assert not address.startswith("//")
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("query", "lang", "theme"),
    [
        ("", "zh-CN", "light"),
        ("lang=en", "en", "light"),
        ("theme=dark", "zh-CN", "dark"),
        ("lang=fr&theme=red", "zh-CN", "light"),
    ],
)
def test_the_page_is_in_the_language_and_theme_of_its_address(client, query, lang, theme):
    head = re.search(r"<html[^>]*>", client.get(f"/?{query}").text)[0]
    assert f'lang="{lang}"' in head
    assert f'data-theme="{theme}"' in head


@pytest.mark.parametrize(
    "query", ["%00", "%ff%fe", "layer=%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E", "a" * 20_000, "%", "band=%F0%9F"]
)
def test_a_page_opens_whatever_its_address_holds(client, query):
    answer = client.get(f"/?{query}")
    assert answer.status_code == 200
    assert "alert(1)" not in answer.text
    assert answer.text.count('class="county"') == 87


def test_the_page_is_painted_for_its_address(client):
    page = client.get("/?cluster=C1,C4&cluster_op=all&layer=cluster").text
    assert page.count('data-match="1"') == 2
    assert 'data-layer="cluster"' in page


def test_health_is_counted(client):
    answer = client.get("/healthz")
    assert answer.mimetype == "application/json"
    # Published: every row of the three files, leads among them.
    files = ("county_observations", "prefecture_observations", "province")
    published = sum(len(rows(name, PUBLISHED)) for name in files)
    assert answer.json.items() >= {"status": "ok", "counties": 86, "observations": published, "last": 0}.items()


@pytest.mark.parametrize(
    "path", ["/nothing", "/county/620922/x", "/assets/../app.py", "/export/", "/%3Cscript%3E", "/" + quote("没有")]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unknown_page_is_a_sentence(client, path, lang):
    answer = client.get(f"{path}?lang={lang}")
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"
    assert ("没有这个页面" if lang == "zh" else "There is no page") in answer.text


@pytest.mark.parametrize(
    "path", ["/county/620922x", "/county/110000", "/prefecture/620922", "/county/" + quote("没有")]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_of_no_such_place_is_missing_and_says_so(client, path, lang):
    """The atlas opens around it, so that the place that was meant can be found."""
    answer = client.get(f"{path}?lang={lang}")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html" and "Content-Security-Policy" in answer.headers
    first = answer.text.partition('<div id="first-sheet"')[2].partition("<script")[0]
    assert "<h2" in first and unquote(path.split("/")[2]) in first, "what was asked for is named"
    assert answer.text.count('class="county"') == 87
    assert client.get(f"/county/620922?lang={lang}").status_code == 200
    assert client.get(f"/prefecture/620900?lang={lang}").status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/plain, */*"])
def test_a_program_that_asks_for_json_gets_its_sentence_in_json(client, accept):
    answer = client.get("/nothing?lang=en", headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.json == {"error": word("page_missing", "en", path="/nothing")}


@pytest.mark.parametrize(
    ("path", "body", "more"),
    [
        (UPDATE, b"junk", {}),
        (UPDATE, b"", JSON),
        (UPDATE, b"{", JSON),
        (UPDATE, b"\xff\xfe\x00", JSON),
        (UPDATE, b"{}", JSON),
        (UPDATE, b"[]", JSON),
        (UPDATE, b"null", JSON),
        (UPDATE, b'"x"', JSON),
        (UPDATE, b"[" * 100_000, JSON),
        (UPDATE, NOBODY, JSON),
        (UPDATE, NOBODY.replace(b"nobody.children", b"..nobody.children.."), JSON),
        (UPDATE, b'{"output":5,"outputs":[],"inputs":{},"changedPropIds":7}', JSON),
        (
            UPDATE,
            json.dumps({"output": FOLLOW, "inputs": [{"id": "view", "property": "data", "value": 5}]}).encode(),
            JSON,
        ),
        ("/_dash-component-suites/dash/../../app.py", None, {}),
        ("/_dash-component-suites/nobody/x.js", None, {}),
    ],
)
def test_nonsense_gets_a_sentence_and_no_traceback(client, caplog, path, body, more):
    with caplog.at_level(logging.CRITICAL, "atlas"):
        answer = client.get(path) if body is None else client.post(path, data=body, **more)
    assert 400 <= answer.status_code < 600
    sentences = {word(key, "zh", PLAN) for key in ("bad_request", "too_large", "method")}
    assert answer.json.keys() == {"error"}
    assert answer.json["error"] in sentences | {word("page_missing", "zh", path=path)}


def test_a_malformed_request_is_the_senders_fault(client, caplog):
    """A 500 tells the official that the server failed, fills the log, and lights the page's "offline" mark."""
    with caplog.at_level(logging.CRITICAL, "atlas"):
        answers = [client.post(UPDATE, data=body, **JSON).status_code for body in (b"{}", b"[]", b"null", NOBODY)]
    assert [status for status in answers if status >= 500] == []


def test_too_much_is_refused_with_a_sentence(client):
    answer = client.post(UPDATE, data=b"x" * ((1 << 20) + 1), **JSON)
    assert (answer.status_code, answer.json) == (413, {"error": word("too_large", "zh")})


@pytest.mark.parametrize(("path", "method"), [("/healthz", "POST"), ("/", "PUT"), ("/export/counties.csv", "DELETE")])
def test_a_wrong_method_is_a_sentence(client, path, method):
    answer = client.open(f"{path}?lang=en", method=method)
    assert (answer.status_code, answer.text.strip()) == (405, word("method", "en"))


@pytest.mark.parametrize("query", ["", "cluster=C1,C4&cluster_op=all", "band=B1&road=2025", "layer=heat&band=B1,B9"])
def test_an_export_is_of_the_filter_in_its_address(client, query):
    text = client.get(f"/export/counties.csv?{query}")
    book = client.get(f"/export/counties.xlsx?{query}")
    for answer, kind in ((text, "csv"), (book, "xlsx")):
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="gansu-counties.{kind}"'
        assert answer.headers["Cache-Control"] == "no-store"
    table = list(csv.reader(io.StringIO(text.data.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(book.data)).worksheets[0]
    assert [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)] == table
    assert len(table) - 1 == {"": 86, "cluster=C1,C4&cluster_op=all": 2}.get(query, 1)


def test_an_export_speaks_the_language_of_its_address(client):
    header, row = csv.reader(
        io.StringIO(client.get("/export/counties.csv?lang=en&band=B1").data.decode("utf-8-sig"), newline="")
    )
    assert header[:3] == ["adcode", "county", "name_zh"]
    assert row[:3] == ["620102", "Chengguan District", "城关区"]


@pytest.mark.parametrize(
    ("query", "name"), [("", "gansu-missing-2025"), ("?prefecture=620900&lang=en", "gansu-missing-2025")]
)
def test_the_workbook_that_asks_takes_filter_and_language(client, query, name):
    answer = client.get(f"/template/missing.xlsx{query}")
    assert answer.status_code == 200 and f'filename="{name}.xlsx"' in answer.headers["Content-Disposition"]
    first, *asked = load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)
    assert first[0] == ("code" if query else "县代码") and asked
    assert all(row[0].startswith("6209") for row in asked) == bool(query)
    assert {row[4] for row in asked} == {"2025"} and {row[5] for row in asked} == {None}


def test_the_workbook_of_a_filter_that_leaves_nobody_asks_nothing(client):
    sheet = load_workbook(io.BytesIO(client.get("/template/missing.xlsx?prefecture=620200").data)).active
    assert sheet.max_row == 1
