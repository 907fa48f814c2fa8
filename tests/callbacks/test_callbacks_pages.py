"""Who may change the store, what comes of a file from its choosing to its undoing, template and command line."""

from __future__ import annotations

import base64
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import warm
from days import TODAY
from import_corpus import plain
from openpyxl import load_workbook
from plan_files import PUBLISHED, rows
from shipped import PLAN

import app as program
from app import AtlasApp
from layouts.facts.atlas import open_atlas
from layouts.words import word
from targets import progress
from targets.evidence import settle
from targets.intake import read_file
from targets.observations import Store, open_store
from targets.selection import empty_sentence
from targets.today import known_by

ROOT = Path(program.__file__).parent
GUAZHOU = ("620922", "gdp", "2023")  # plain() says 131.7, and so does what is published
HERE = {"environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
ELSEWHERE: dict[str, dict[str, Any]] = {
    "another machine": {"environ_base": {"REMOTE_ADDR": "10.0.0.5"}},
    "another machine by IPv6": {"environ_base": {"REMOTE_ADDR": "fe80::1"}},
    "another machine mapped": {"environ_base": {"REMOTE_ADDR": "::ffff:10.0.0.5"}},
    "a socket without address": {"environ_base": {"REMOTE_ADDR": ""}},
    "a proxy": {**HERE, "headers": {"X-Forwarded-For": "10.0.0.5"}},
    "a proxy that says itself": {**HERE, "headers": {"X-Forwarded-For": "127.0.0.1"}},
    "a proxy by the standard": {**HERE, "headers": {"Forwarded": "for=10.0.0.5"}},
    "a proxy by another name": {**HERE, "headers": {"X-Real-IP": "127.0.0.1"}},
}
UNDO = re.compile(r'"undo\W*":')
PROGRAMMERS = re.compile(
    r"Traceback|Error\b|argument|invalid literal|codec|NoneType|object has no|\bint\(\)|expected str"
)


@pytest.fixture(scope="module")
def atlas():
    return open_atlas(today=TODAY)


@pytest.fixture(scope="module")
def made() -> Iterator[list[AtlasApp]]:
    apps: list[AtlasApp] = []
    yield apps
    for one in apps:
        one.store.close()


@pytest.fixture
def app(atlas, made, tmp_path_factory, monkeypatch) -> AtlasApp:
    """Return an app whose store is empty: that of the test before, if it stored nothing."""
    if not made or made[-1].store.last():
        monkeypatch.setattr(program, "open_atlas", lambda *given: atlas)
        made.append(program.create_app(data_folder=str(tmp_path_factory.mktemp("store") / "new")))
    return made[-1]


@pytest.fixture
def store(app) -> Store:
    return app.store


@pytest.fixture
def ask(app, client) -> Callable[..., Any]:
    """Return a function that sends what the browser sends when an input changes; it gives the raw answer."""

    def send(input: str, value: Any, state: dict[str, Any] | None = None, where: dict[str, Any] = HERE) -> Any:
        id, _, name = input.partition(".")
        (output, made), *more = [
            (output, made)
            for output, made in app.callback_map.items()
            if [(i["id"], i["property"]) for i in made["inputs"]] == [(id, name)] and "callback" in made
        ]
        assert not more
        names = output.strip(".").split("...") if output.startswith("..") else [output]
        outputs = [dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in names]
        known = {"page.data-lang": "zh", **(state or {})}
        states = [{"id": s["id"], "property": s["property"]} for s in made["state"]]
        body = {
            "output": output,
            "outputs": outputs if output.startswith("..") else outputs[0],
            "inputs": [{"id": id, "property": name, "value": value}],
            "state": [{**s, "value": known.get(f"{s['id']}.{s['property']}")} for s in states],
            "changedPropIds": [input],
        }
        return client.post("/_dash-update-component", json=body, **where)

    return send


def said(answer: Any) -> str:
    """Return all that an answer would show."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return "".join(texts(properties) for properties in answer.json["response"].values())


def texts(node: Any) -> str:
    if isinstance(node, list):
        return "".join(texts(child) for child in node)
    if isinstance(node, dict) and "props" in node:
        # The cells of a table travel as data.
        table = json.loads(node["props"].get("data-table", "{}"))
        return texts(table.get("heads")) + texts(table.get("rows")) + texts(node["props"].get("children"))
    if isinstance(node, dict):
        return "".join(texts(child) for child in node.values())
    return "" if node is None else str(node)


class Parts(HTMLParser):
    """Reads a page's HTML: `whole` is all of its text and what its attributes say, `mine` the same by county.

    What is of no county stands under the empty adcode: text, a table's cells, a chart's lists.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.mine: dict[str, str] = {}
        self._open: list[str] = [""]
        self._named = 0  # how deep the open span is that is left out with the county's link in it
        self.feed(text)
        self.close()

    @property
    def whole(self) -> str:
        return "".join(self.mine.values())

    def _keep(self, adcode: str, *said: Any) -> None:
        self.mine[adcode] = self.mine.get(adcode, "") + "".join(f"{one}\n" for one in said if one is not None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ("br", "col", "hr", "input", "img", "link", "meta", "path", "rect", "use", "circle"):
            self._open.append(given.get("data-adcode") or self._open[-1])
            if "named" in (given.get("class") or "").split():
                self._named = len(self._open)
            elif self._named == len(self._open) - 1:
                self._open[-2] = self._open[-1]
        if table := json.loads(given.pop("data-table", None) or "{}"):
            self._keep("", *table["heads"])
            for row in table["rows"]:
                cells = [cell["text"] if isinstance(cell, dict) else cell for cell in row]
                self._keep(row[0]["county"] if isinstance(row[0], dict) else "", *cells)
        if figure := json.loads(given.pop("data-figure", None) or "{}"):
            for trace in figure.pop("data"):
                rows = [trace.pop(key) for key in ("x", "y", "text", "hovertext") if isinstance(trace.get(key), list)]
                for at, adcode in enumerate(trace.pop("customdata", None) or [""] * len(rows[0])):
                    self._keep(adcode, *(row[at] for row in rows))
                self._keep("", trace)
            figure["layout"]["yaxis"].pop("categoryarray", None)  # the names of the bars once more
            self._keep("", figure)
        self._keep(given.get("data-adcode") or self._open[-1], *given.values())  # what stands in a row is its county's

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()
        if len(self._open) < self._named:
            self._named = 0

    def handle_data(self, text: str) -> None:
        self._keep(self._open[-1], text)


def piece(answer: Any) -> str:
    """Return the text that an answer brings."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def url_of(data: bytes) -> str:
    return "data:application/octet-stream;base64," + base64.b64encode(data).decode()


def chosen(data: bytes, name: str = "表.xlsx", **more: str) -> dict[str, Any]:
    """Return what stands in the import's fields."""
    given = {"period": "", "source": "测试", "who": "张三", "note": "试一试"} | more
    return {
        "import-file.contents": url_of(data),
        "import-file.filename": name,
        **{f"import-{field}.value": text for field, text in given.items()},
    }


def token_of(answer: Any) -> str:
    return re.search(r'"data-token": ?"([0-9a-f]{64})"', json.dumps(answer.json))[1]


@pytest.fixture
def load(ask) -> Callable[..., str]:
    """Return a function that imports a file through the page, and gives what is said."""

    def imported(data: bytes, name: str = "表.xlsx") -> str:
        fields = chosen(data, name)
        look = ask("import-file.contents", fields["import-file.contents"], fields)
        return said(ask("import-accept.n_clicks", 1, {**fields, "import-token.data": token_of(look)}))

    return imported


def value(store: Store, key: tuple[str, str, str] = GUAZHOU) -> tuple[float, str] | None:
    frame = store.observations()
    mine = frame[(frame["place"] == key[0]) & (frame["indicator"] == key[1]) & (frame["period"] == key[2])]
    return None if mine.empty else (float(mine["value"].iloc[0]), str(mine["origin"].iloc[0]))


# ---- who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("where", "lang"), [*((name, "zh") for name in ELSEWHERE), ("a proxy", "en")])
def test_only_the_machine_itself_may_look_accept_and_undo(ask, load, store, where, lang):
    load(plain(140.5))
    assert (store.last(), value(store)) == (1, (140.5, "import"))
    frame = store.observations()
    refusal = word("key_wanted", lang)
    spoken = {"page.data-lang": lang}
    fields = chosen(plain(150.5), "二.xlsx") | spoken
    contents = fields["import-file.contents"]
    token = token_of(ask("import-file.contents", contents, fields))
    there = ELSEWHERE[where] | {"query_string": {"lang": lang}}

    for refused in (
        ask("import-file.contents", contents, fields, there),
        ask("import-accept.n_clicks", 1, {**fields, "import-token.data": token}, there),
        ask("undo-ask.data", {"batch": 1, "at": 1}, fields, there),
    ):
        assert (refused.status_code, refused.json) == (403, {"error": refusal})
    assert store.last() == 1
    assert store.observations().equals(frame)

    page = ask("data-ask.data", lang, spoken, ELSEWHERE[where])
    assert word("key_text", lang) in said(page) and "/sign-in" in json.dumps(page.json)
    assert not UNDO.search(json.dumps(page.json)) and '"Upload"' not in json.dumps(page.json)
    here = ask("data-ask.data", lang, spoken)
    assert "/sign-in" not in json.dumps(here.json)
    assert UNDO.search(json.dumps(here.json)) and '"Upload"' in json.dumps(here.json)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_the_machine_itself_may(ask, store, address):
    where = {"environ_base": {"REMOTE_ADDR": address}}
    fields = chosen(plain(140.5))
    look = ask("import-file.contents", fields["import-file.contents"], fields, where)
    ask("import-accept.n_clicks", 1, {**fields, "import-token.data": token_of(look)}, where)
    assert value(store) == (140.5, "import")


# ---- what is no file ------------------------------------------------------------------------------------------------

JUNK: dict[str, dict[str, Any]] = {
    "no address": {"import-file.contents": "nonsense"},
    "an address without content": {"import-file.contents": "data:;base64,"},
    "no base 64": {"import-file.contents": "data:;base64,####"},
    "cut off": {"import-file.contents": url_of(plain())[:-3]},
    "not even ASCII": {"import-file.contents": "data:;base64,中文"},
    "text named xlsx": {"import-file.contents": url_of("你好".encode())},
    "half a workbook": {"import-file.contents": url_of(plain()[:-200])},
    "a program": {"import-file.contents": url_of(b"MZ" + bytes(500)), "import-file.filename": "a.exe"},
    "no name": {"import-file.filename": None},
    "a name without ending": {"import-file.filename": "表"},
    "a path for a name": {"import-file.filename": "../../etc/passwd"},
    "a page for a name": {
        "import-file.contents": url_of(b"<html>"),
        "import-file.filename": "<script>alert(1)</script>",
    },
    "no such period": {"import-period.value": "昨天"},
    "a period before all": {"import-period.value": "0001"},
}


@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_answered_with_a_sentence_and_not_stored(ask, store, caplog, junk):
    fields = chosen(plain()) | JUNK[junk]
    before = store.observations()
    for input, pressed in (("import-file.contents", fields["import-file.contents"]), ("import-accept.n_clicks", 1)):
        answer = ask(input, pressed, fields | {"import-token.data": "0" * 64})
        text = said(answer)
        assert re.search(r"[\u4e00-\u9fff]", text), text
        assert not PROGRAMMERS.search(text), text
        assert "data-token" not in json.dumps(answer.json)
    assert store.last() == 0 and store.observations().equals(before)
    assert not caplog.records


def test_a_refusal_is_in_english_on_the_english_page(ask):
    mixed = []
    for junk, more in JUNK.items():
        fields = chosen(plain(), "a.xlsx") | {"page.data-lang": "en"} | more
        for input, pressed in (("import-file.contents", fields["import-file.contents"]), ("import-accept.n_clicks", 1)):
            text = said(ask(input, pressed, fields | {"import-token.data": "0" * 64}))
            own = text.replace(str(fields["import-file.filename"]), "").replace("昨天", "")
            mixed += [f"{junk}: {text}"] if re.search(r"[\u4e00-\u9fff]", own) else []
    mixed += [text for text in [said(ask("undo-ask.data", {"batch": 99}, {"page.data-lang": "en"}))] if "没有" in text]
    assert not mixed, "\n".join(mixed)


# What no page of ours sends: the sender's fault, and never the server's.
MADE_UP = [
    ("import-file.contents", ["a"], {}),
    ("import-file.contents", 5, {}),
    ("import-file.contents", {"a": 1}, {}),
    ("import-file.contents", url_of(plain()), {"import-period.value": 5}),
    ("undo-ask.data", {"batch": "x"}, {}),
    ("undo-ask.data", {"batch": 1e400}, {}),
    ("undo-ask.data", {"batch": None}, {}),
    ("undo-ask.data", {}, {}),
    ("undo-ask.data", [1], {}),
    ("undo-ask.data", {"batch": 99}, {}),
    ("data-ask.data", "fr", {}),
]


@pytest.mark.parametrize(("input", "sent", "state"), MADE_UP)
def test_what_no_page_sends_is_not_the_servers_fault(ask, store, caplog, input, sent, state):
    answer = ask(input, sent, chosen(plain()) | state)
    assert answer.status_code in (200, 204, 400), answer.get_data(as_text=True)
    assert not PROGRAMMERS.search(answer.get_data(as_text=True)) or answer.status_code == 204
    assert store.last() == 0
    assert not caplog.records


@pytest.mark.parametrize(
    "path", ["", "data", "nothing", "../app.py", "/", "county/", "county/<script>", "prefecture/0"]
)
@pytest.mark.parametrize(
    "query", ["", "period=1800", "period=2025Q4&band=B9&lang=fr", "period=3000", "%00", "lang=en&lang"]
)
def test_a_piece_is_given_or_said_to_be_none(client, caplog, path, query):
    for address in (f"/fragment/page/{path}", "/fragment/counted", "/fragment/layer"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code in (200, 308, 404), address
        assert not PROGRAMMERS.search(answer.get_data(as_text=True)) or answer.status_code == 308
    assert not caplog.records


@pytest.mark.parametrize("path", ["/", "/progress", "/overlap", "/compare", "/plan", "/data"])
@pytest.mark.parametrize("period", ["1800", "3000", "2025Q4", "2019", "2025-13", "abc"])
def test_a_page_opens_whatever_its_period(client, path, period):
    answer = client.get(f"{path}?period={period}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"


# ---- look, accept, undo ---------------------------------------------------------------------------------------------


def test_nothing_is_stored_by_looking(ask, store):
    fields = chosen(plain(140.5))
    file = Path(store.url.database)
    before = file.read_bytes() if file.exists() else None
    text = said(ask("import-file.contents", fields["import-file.contents"], fields))
    assert (file.read_bytes() if file.exists() else None) == before
    assert "140.5" in text and "131.7" in text and "瓜州县" in text, "old and new stand side by side"
    assert store.last() == 0 and value(store) == (131.7, "published")


def test_what_is_accepted_is_kept_with_who_and_why(load, store):
    text = load(plain(140.5))
    assert word("accepted", "zh", batch=1, n=1) in text
    assert value(store) == (140.5, "import")
    (batch,) = store.batches().to_dict("records")
    assert (batch["kind"], batch["file"], batch["who"], batch["note"], batch["rows"]) == (
        "import", "表.xlsx", "张三", "试一试", 1,
    )  # fmt: skip
    for part in ("表.xlsx", "张三", "试一试", batch["sha256"][:10], word("undo", "zh")):
        assert part in text, part


def test_without_a_press_nothing_is_accepted(ask, store):
    fields = chosen(plain(140.5))
    token = token_of(ask("import-file.contents", fields["import-file.contents"], fields))
    assert ask("import-accept.n_clicks", 0, {**fields, "import-token.data": token}).status_code == 204
    assert ask("import-file.contents", None, fields).status_code == 204
    assert ask("undo-ask.data", None, fields).status_code == 204
    assert store.last() == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_store_that_changed_meanwhile_is_looked_at_again(ask, load, store, lang):
    fields = chosen(plain(140.5)) | {"page.data-lang": lang}
    token = token_of(ask("import-file.contents", fields["import-file.contents"], fields))
    load(plain(150.5), "二.xlsx")
    answer = ask("import-accept.n_clicks", 1, {**fields, "import-token.data": token})
    assert word("look_again", lang) in said(answer)
    assert "150.5" in said(answer), "the new difference starts from what is there now"
    assert store.last() == 1 and value(store) == (150.5, "import")
    again = ask("import-accept.n_clicks", 1, {**fields, "import-token.data": token_of(answer)})
    assert word("accepted", lang, batch=2, n=1) in said(again)
    assert value(store) == (140.5, "import")


@pytest.mark.parametrize("token", [None, "", "0" * 64, 5])
def test_what_was_not_looked_at_is_not_accepted(ask, store, token):
    fields = chosen(plain(140.5))
    answer = ask("import-accept.n_clicks", 1, {**fields, "import-token.data": token})
    assert word("look_again", "zh") in said(answer)
    assert store.last() == 0


def test_another_file_than_the_one_looked_at_is_not_accepted(ask, store):
    fields = chosen(plain(140.5))
    token = token_of(ask("import-file.contents", fields["import-file.contents"], fields))
    for other in (chosen(plain(140.6)), chosen(plain("约140")), chosen(plain(140.5), source="别处")):
        answer = ask("import-accept.n_clicks", 1, {**other, "import-token.data": token})
        assert said(answer) and word("accepted", "zh", batch=1, n=1) not in said(answer)
        assert store.last() == 0


def test_the_same_file_again_has_nothing_to_accept(ask, load, store):
    data = plain(140.5)
    load(data)
    fields = chosen(data)
    answer = ask("import-file.contents", fields["import-file.contents"], fields)
    assert word("repeat_text", "zh", batch=1) in said(answer)
    assert word("difference_none", "zh") in said(answer)
    assert "data-token" not in json.dumps(answer.json)
    assert store.last() == 1


def test_undo_and_undo_of_the_undo(ask, load, client, store):
    def health() -> int:
        return client.get("/healthz").json["observations"]

    def undo(batch: int, lang: str = "zh") -> str:
        fields = {"import-who.value": "李四", "page.data-lang": lang}
        return said(ask("undo-ask.data", {"batch": batch, "at": 1}, fields))

    published = len(store.published)
    assert health() == published >= len(rows("county_observations", PUBLISHED))
    load(plain(140.5))
    assert health() == published, "a value in place of a published one"
    load(b"\xef\xbb\xbf" + "2016年,\r\n县区,GDP（亿元）\r\n瓜州县,99.5\r\n玉门市,98.5\r\n".encode(), "二.csv")
    assert health() == published + 2
    assert word("undone", "zh", batch=2) in undo(2)
    assert health() == published and value(store, ("620922", "gdp", "2016")) is None
    assert value(store) == (140.5, "import"), "another batch stays"
    text = undo(1, "en")
    assert word("undone", "en", batch=1) in text and "李四" in text
    assert value(store) == (131.7, "published")
    assert word("undone", "zh", batch=4) in undo(4)
    assert value(store) == (140.5, "import"), "an undo can be undone"
    undo(3)
    assert health() == published + 2 and value(store, ("620981", "gdp", "2016")) == (98.5, "import")
    frame = store.batches()
    assert list(frame["kind"]) == ["import", "import", "undo", "undo", "undo", "undo"]
    assert list(frame["live"]) == [True, True, False, False, True, True]
    before = store.last()
    for batch in (3, 99, 0, -1):
        text = undo(batch)
        assert re.search(r"[\u4e00-\u9fff]", text) and not PROGRAMMERS.search(text)
    assert store.last() == before


def test_an_import_is_on_the_page_and_on_the_map_at_once(ask, client, load):
    def counted(query: str) -> str:
        return piece(client.get(f"/fragment/counted?{query}"))

    before = piece(client.get("/fragment/page/progress?prefecture=620900"))
    counted_before = {query: counted(f"prefecture={query}") for query in ("620900", "620100")}
    load(b"\xef\xbb\xbf" + "2024年,\r\n县区,GDP（亿元）\r\n玉门市,512.3\r\n".encode(), "二.csv")
    after = piece(client.get("/fragment/page/progress?prefecture=620900"))
    assert "512.3" in after and "512.3" not in before
    assert "512.3" in client.get("/progress?prefecture=620900").text, "and a page opened from its address has it too"
    assert "512.3亿元" in piece(client.get("/fragment/layer"))
    # Of 2022 there is no figure: that of 2024 is named as another year's, with its year, and nothing is measured by it.
    other = piece(client.get("/fragment/page/progress?prefecture=620900&period=2022"))
    assert set(re.findall(r"(\d{4})年512\.3亿元", other)) == {"2024"}
    # All counties travel; what the browser leaves out where the county does not match is marked as that county's.
    for html in (after, piece(client.get("/fragment/page/progress?prefecture=620100"))):
        parts = Parts(html).mine
        assert len(parts) == 88, "86 counties, the tile of the city that is none, and what is of none"
        assert [adcode for adcode, text in parts.items() if "512.3" in text] == ["620981"]
    assert counted("prefecture=620900") != counted_before["620900"]
    assert counted("prefecture=620100") == counted_before["620100"], "what is said of others is as it was"


# ---- the pages as one text ------------------------------------------------------------------------------------------

ADDRESSES = [
    "",
    "prefecture=620400",
    "band=B4&not=620100&lang=en",
    "period=2022",
    "lang=en&theme=dark",
    "band=B1&energy=WIND",
]


@pytest.fixture(scope="module")
def finding(atlas) -> Callable[[str], list[str]]:
    """Return a function from a query to the sentences found for it, as the published figures have them."""

    def found(query: str) -> list[str]:
        view, ignored = atlas.read(query)
        assert ignored == ()
        observations = settle(known_by(atlas.published.observations, TODAY))
        rules, plan = atlas.rules_of(TODAY), atlas.plan
        everyone = progress.assess(atlas.counties, observations, view.period, rules, plan)
        mine = everyone[everyone.index.isin(atlas.select(view.filter))]
        if mine.empty:
            return [empty_sentence(view.filter, atlas.members, PLAN, view.lang)]
        chosen = not view.filter.is_empty
        return progress.headline(mine, observations, view.lang, rules, plan, chosen=chosen, period=view.period)

    return found


@pytest.mark.parametrize("query", ADDRESSES)
def test_the_first_answer_already_says_the_finding(client, store, finding, query):
    """Whoever opens a link reads the page before a script has run, in the language, for the filter and the period."""
    answer = client.get(f"/progress?{query}")
    assert answer.status_code == 200 and answer.mimetype == "text/html"
    assert '<html lang="en"' in answer.text if "lang=en" in query else '<html lang="zh-CN"' in answer.text
    assert re.search(r'<html[^>]* data-page="progress"', answer.text)
    (first,) = re.findall(
        r'<div id="first-sheet" class="page-room"><div class="sheet"[^>]*>(.*?)</div></div>\n', answer.text
    )
    for number, sentence in enumerate(finding(query)):
        assert f'<p class="{"quiet" if number else "finding"}">{escape(sentence, quote=False)}</p>' in first
    assert len(finding(query)) >= 1
    assert answer.text.index("first-sheet") < answer.text.index("<script", answer.text.index("<body")), (
        "before all that takes time"
    )
    # The text that is asked for later is the same.
    assert piece(client.get(f"/fragment/page/progress?{query}")) == first


@pytest.mark.parametrize("path", ["/", "/data"])
def test_the_map_and_the_data_page_carry_no_sheet(client, path):
    assert "first-sheet" not in client.get(path).text.partition("<body")[2].split("<script")[0]
    assert client.get(f"/fragment/page{path}").status_code == 404


@pytest.mark.parametrize("query", ADDRESSES)
def test_a_press_on_the_filter_is_answered_by_its_sentences_alone(client, finding, query):
    answer = client.get(f"/fragment/counted?{query}")
    assert answer.json["headline"] == finding(query)
    assert len(answer.get_data()) < 4 * 1024, "even before it is compressed"


def test_a_piece_that_still_holds_is_not_sent_again(client, load):
    for address in ("/fragment/page/progress", "/fragment/counted?band=B1", "/fragment/layer"):
        first = client.get(address)
        assert re.match(r'W/"0\.', first.headers["ETag"]), "the store's last event"
        assert first.headers["Cache-Control"] == "no-cache"
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
    load(plain(140.5))
    for address in ("/fragment/page/progress", "/fragment/layer"):
        after = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert after.status_code == 200 and re.match(r'W/"1\.', after.headers["ETag"])
        assert after.headers["Cache-Control"] == "no-store", "a user's own figures are kept by no browser"


def test_what_a_file_says_stays_text_on_every_page(ask, client, load):
    """A file's source is set by the browser as part of a page's HTML: it must come as text."""
    hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\"'>"
    data = plain(140.5)
    fields = chosen(data) | {"import-source.value": hostile}
    look = ask("import-file.contents", fields["import-file.contents"], fields)
    assert word("accepted", "zh", batch=1, n=1) in said(
        ask("import-accept.n_clicks", 1, {**fields, "import-token.data": token_of(look)})
    )
    for html in (
        piece(client.get(f"/fragment/page/progress?{query}")) for query in ("period=2023", "period=2023&lang=en")
    ):
        assert json.dumps(hostile)[1:-1] in Parts(html).mine["620922"], "it is said, whole, behind its figure"
        assert "<img" not in html and "<script" not in html and "onerror=alert(1)>" not in html
    page = client.get("/progress?period=2023").text
    assert "alert(1)" in page
    assert "<img" not in page and "<script>alert" not in page and "onerror=alert(1)>" not in page


# ---- template and command line --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_opens_and_reads_back_when_filled(client, lang):
    answer = client.get(f"/template/observations.xlsx?lang={lang}")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    long, wide = book.worksheets[:2]
    assert all(bool(re.search(r"[\u4e00-\u9fff]", sheet.title)) == (lang == "zh") for sheet in book.worksheets)
    codes = [str(wide.cell(row, 1).value) for row in range(3, wide.max_row + 1)]
    assert sorted(codes) == sorted(r["adcode"] for r in rows("counties"))
    wide["B1"] = "2024"
    for n, row in enumerate(range(3, wide.max_row + 1)):
        wide.cell(row, 4, 100.25 + n)
        wide.cell(row, 5, 5.5)
    long.append(["620922", "瓜州县", "gdp", "2023", 1_317_000, "万元", "核定", "年鉴"])
    stream = io.BytesIO()
    book.save(stream)
    reading = read_file(stream.getvalue(), "observations-template.xlsx")
    assert reading.faults == () and reading.ok
    found = {row.key: row.value for row in reading.rows}
    stated = {(code, "gdp", "2024"): 100.25 + n for n, code in enumerate(codes)}
    stated |= {(code, "gdp_growth", "2024"): 5.5 for code in codes} | {GUAZHOU: 131.7}
    assert found == stated


def test_the_empty_template_holds_no_value(client, ask, store):
    data = client.get("/template/observations.xlsx").data
    fields = chosen(data, "observations-template.xlsx")
    answer = ask("import-file.contents", fields["import-file.contents"], fields)
    assert said(answer) and "data-token" not in json.dumps(answer.json)
    assert store.last() == 0


def start(folder: Path, *given: str) -> tuple[str, int]:
    """Run the command in a process of its own; return what it said and its exit status."""
    settings = {key: value for key, value in os.environ.items() if not key.startswith("ATLAS_")}
    done = warm.run(["import", *given, "--data-folder", str(folder)], settings)
    return done.stdout + done.stderr, done.returncode


def outcome(text: str, status: int, folder: Path) -> tuple[int, int]:
    """Return exit status and number of events stored, having held what is said against the house rules."""
    assert "Traceback" not in text, text
    assert re.search(r"[\u4e00-\u9fff]", text) and re.search(r"[a-z]{3} [a-z]", text), text
    store = open_store(folder=folder)
    last = store.last()
    store.close()
    return status, last


def test_the_command_reads_shows_and_stores_only_when_told(tmp_path, capsys, monkeypatch):
    for name in [name for name in os.environ if name.startswith("ATLAS_")]:
        monkeypatch.delenv(name)
    sound, faulty, torn = tmp_path / "好.xlsx", tmp_path / "坏.xlsx", tmp_path / "撕.xlsx"
    sound.write_bytes(plain(1234.5678))
    faulty.write_bytes(plain("约140"))
    torn.write_bytes(b"hello")
    look, keep, none = (tmp_path / name for name in ("look", "keep", "none"))
    looked, status = start(look, str(sound))
    assert outcome(looked, status, look) == (0, 0)
    kept, status = start(keep, str(sound), "--accept", "--who", "张三", "--note", "试")
    assert outcome(kept, status, keep) == (0, 1)
    store = open_store(folder=keep)
    assert value(store) == (1234.5678, "import")
    (batch,) = store.batches().to_dict("records")
    assert (batch["file"], batch["who"], batch["note"], batch["rows"]) == ("好.xlsx", "张三", "试", 1)
    store.close()

    def run(folder: Path, *given: str) -> tuple[str, int]:
        status = program.main(["import", *given, "--data-folder", str(folder)])
        return "".join(capsys.readouterr()), status

    text, status = run(keep, str(sound), "--accept")
    assert outcome(text, status, keep) == (0, 1), "the same again is nothing new"
    for file, told in ((faulty, ("B3", "约140")), (torn, ("撕.xlsx",)), (tmp_path / "无.xlsx", ("无.xlsx",))):
        text, status = run(none, str(file), "--accept")
        status, last = outcome(text, status, none)
        assert status != 0 and last == 0
        assert all(part in text for part in told), text
    assert "131.7 → 1234.5678" in looked, "the difference shows what the file says"
