"""Keeping decks, and the deck that is presented: one answer a change, a sentence for every refusal."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from days import TODAY

import callbacks.meeting as meeting
from app import create_app
from layouts.facts.view import View
from targets.decks import DeckStore


@pytest.fixture
def ask(client):
    """Return a function that sends one change, as the editor does, and gives Python's answer."""

    def send(op: str, **more: Any) -> dict[str, Any]:
        if op == "list":
            return client.get("/decks").get_json()
        return client.post("/decks", json={"op": op, **more}).get_json()

    return send


def scene(title: str = "一景", view: str = "/", **more: Any) -> dict[str, Any]:
    return {"title": title, "view": view, **more}


def test_a_deck_is_made_changed_undone_deleted_and_brought_back(ask, client):
    made = ask("create", deck={"deck": "例会", "scenes": [scene(view="/?layer=cluster&cluster=C1")]}, who="张三")
    slug, version = made["deck"]["slug"], made["deck"]["version"]
    row = next(one for one in made["kept"] if one["slug"] == slug)
    assert (row["title"], row["who"], row["version"]) == ("例会", "张三", version)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", row["when"])

    more = ask("append", slug=slug, scene=scene("落后", "/progress", note="两行\n讲稿", highlight=["620922"]))
    assert [one["title"] for one in more["deck"]["scenes"]] == ["一景", "落后"]
    given = {"deck": "例会二", "scenes": more["deck"]["scenes"][::-1]}
    saved = ask("save", slug=slug, version=more["deck"]["version"], deck=given)
    assert saved["deck"]["deck"] == "例会二"
    assert saved["deck"]["scenes"][0] == {
        "title": "落后",
        "view": "/progress",
        "note": "两行\n讲稿",
        "highlight": ["620922"],
    }

    stale = ask("save", slug=slug, version=version, deck=given | {"deck": "晚了"})
    assert stale["stale"] and "没有存入" in stale["faults"][0] and "deck" not in stale
    assert "not kept" in ask("save", slug=slug, version=version, deck=given | {"deck": "late"}, lang="en")["faults"][0]

    text = client.get(f"/export/meeting.yaml?deck={slug}")
    assert text.mimetype == "application/yaml" and slug in text.headers["Content-Disposition"]
    assert yaml.safe_load(text.text)["deck"] == "例会二"
    back = ask("file", text=text.text)
    assert back["deck"]["scenes"] == saved["deck"]["scenes"] and back["deck"]["slug"] != slug

    undone = ask("undo", slug=slug, version=saved["deck"]["version"])
    assert undone["deck"]["deck"] == "例会"
    gone = ask("delete", slug=slug, version=undone["deck"]["version"])
    assert slug not in {one["slug"] for one in gone["kept"]} and gone["deck"] is None
    assert client.get(f"/meeting/{slug}").status_code == 404
    deleted = next(one for one in gone["deleted"] if one["slug"] == slug)
    again = ask("undo", slug=slug, version=deleted["version"])
    assert slug in {one["slug"] for one in again["kept"]} and again["deck"]["deck"] == "例会"
    assert client.get(f"/meeting/{slug}").status_code == 200


def test_every_fault_of_a_file_is_told_by_its_line(ask):
    text = "deck: 例会\nscenes:\n- title: 一\n  view: /?cluster=C9\n- view: /nowhere\n"
    faults = ask("file", text=text)["faults"]
    assert [fault.partition("：")[0] for fault in faults] == ["4", "5", "5"]  # no such cluster; no title, no such page
    english = ask("file", text=text, lang="en")["faults"]
    assert [fault.partition(": ")[0] for fault in english] == ["4", "5", "5"]
    assert not re.search("[一-鿿]", "".join(english))


def test_what_is_not_there_is_a_sentence(ask, client):
    assert ask("open", slug="d999")["faults"] == ["没有名为“d999”的演示"]
    for lang, said in (("", "d999"), ("&lang=en", "There is no deck “d999”.")):
        answer = client.get(f"/export/meeting.yaml?deck=d999{lang}")
        assert (answer.status_code, answer.mimetype) == (404, "text/plain") and said in answer.text


def test_the_ready_deck_is_made_once_for_what_the_store_holds(tmp_path, monkeypatch):
    app = create_app(data_folder=str(tmp_path), today=TODAY)
    decks = DeckStore(app.store)
    made = []
    own = app.standings.of
    monkeypatch.setattr(app.standings, "of", lambda period: made.append(period) or own(period))
    first = meeting.find_deck(app.standings, decks, "ready", View())
    assert meeting.find_deck(app.standings, decks, "ready", View(layer="road"))[0] is first[0]
    assert made == [None]
    meeting.find_deck(app.standings, decks, "ready", View(period="2023"))
    meeting.find_deck(app.standings, decks, "ready", View(lang="en"))
    assert made == [None, "2023", None]
    assert yaml.safe_load(app.server.test_client().get("/export/meeting.yaml").text)["deck"] == first[0].title
    assert made == [None, "2023", None]


def test_a_deck_comes_whole(client):
    page = client.get("/meeting/ready").text
    data = json.loads(re.search(r'<script id="deck-data"[^>]*>(.*?)</script>', page, re.S)[1])
    assert len(data["scenes"]) == 47
    for one in data["scenes"]:
        name = one["path"].split("/")[1]
        if name:
            assert f"{one['path']}|zh|" in data["sheets"], one["path"]
            assert ("counted" in one) == (name == "progress")
        assert one.get("seconds") == (180 if name == "prefecture" else None), "a turn is three minutes"
    assert sum(path.startswith("/prefecture/") for path in data["sheets"]) == 14
