"""A meeting: the deck that an address names, with all that its scenes show, in one piece."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output
from dash.exceptions import PreventUpdate
from flask import Response, request

from callbacks.pages import sheet, standing_of
from layouts import meeting_page, progress_page
from layouts.atlas import Atlas
from layouts.county_map import data_lines
from layouts.deck import Deck, DeckError, Scene, read_deck, stamp, unapproved, write_deck
from layouts.view import SHEETS, View, read_page
from layouts.wording import word
from targets.decks import DeckStore, DeckVersion, StaleDeck
from targets.observations import Store, StoreError
from targets.selection import sentence

READY = "ready"
LONGEST = {"zh": 60, "en": 160}  # characters of a line that stands beside the last scene's map
KEPT = 4  # decks written out; the store's last event and the deck's version are part of the key

_written: OrderedDict[tuple[Any, ...], dict[str, Any]] = OrderedDict()
_ready: OrderedDict[tuple[Any, ...], Deck] = OrderedDict()


def find_deck(atlas: Atlas, store: Store, decks: DeckStore, slug: str, view: View) -> tuple[Deck, int] | None:
    """Return a deck and its version: a kept one, or the ready deck of the view's period; None when there is none."""
    if slug == READY:
        return _ready_deck(atlas, store, view, view.lang), 0
    kept = decks.load(slug)
    return None if kept is None else (read_deck(kept.text, atlas.known), kept.version)


def _ready_deck(atlas: Atlas, store: Store, view: View, lang: str) -> Deck:
    """Return the ready deck of a view's period; it is made once for what the store holds."""
    from layouts.ready_deck import ready_deck

    key = (id(atlas), id(store), store.last(), view.period, lang)
    if key not in _ready:
        _ready[key] = ready_deck(atlas, standing_of(atlas, store, view.period), view.period, lang)
        while len(_ready) > KEPT:
            _ready.popitem(last=False)
    return _ready[key]


def deck_data(atlas: Atlas, store: Store, decks: DeckStore, slug: str, view: View) -> dict[str, Any] | None:
    """Return a deck as the browser shows it without the server: scenes, and the pages they need as HTML text.

    Raises
    ------
    layouts.deck.DeckError
        When a kept deck cannot be read, as after a county has left the boundary file.
    """
    found = find_deck(atlas, store, decks, slug, view)
    if found is None:
        return None
    deck, version = found
    key = (id(atlas), id(store), store.last(), slug, version, view.period, view.lang)
    if key not in _written:
        _written[key] = _write(atlas, store, slug, deck, view.lang)
        while len(_written) > KEPT:
            _written.popitem(last=False)
    # The day goes on while the scenes are kept.
    return _written[key] | {"stamp": stamp(atlas, view.lang), "unapproved": unapproved(atlas, view.lang)}


def _write(atlas: Atlas, store: Store, slug: str, deck: Deck, lang: str) -> dict[str, Any]:
    sheets: dict[str, str] = {}
    scenes = []
    for scene in deck.scenes:
        view = replace(scene.view, lang=lang, theme="light")
        name, _ = read_page(scene.path) or ("map", "")
        key = f"{scene.path}|{lang}|{view.period or ''}"
        if name in SHEETS and key not in sheets:
            sheets[key] = sheet(atlas, store, scene.path, view) or ""
        scenes.append(_scene(atlas, store, scene, view, name))
    if slug == READY:
        scenes[-1]["listed"] = _limits(atlas, deck.scenes[-1], lang)
    return {"slug": slug, "title": deck.title, "scenes": scenes, "sheets": sheets}


def _limits(atlas: Atlas, scene: Scene, lang: str) -> list[list[str]]:
    """Return the sources and what is not known, as the last scene's note has them, to stand beside its map.

    The sources under every scene are left out, and so are long lists of names: the title counts those.
    """
    always = set(data_lines(atlas, lang))
    parts = {head: lines for head, *lines in (part.splitlines() for part in scene.note.split("\n\n"))}
    sources, unknown = word("deck_sources", lang), word("deck_unknown", lang)
    # Titles alone: who published them is in the note.
    titles = [line.partition("（")[0] for line in parts.get(sources, []) if line not in always]
    return [
        [sources, *titles],
        [unknown, *(line for line in parts.get(unknown, []) if len(line) <= LONGEST[lang])],
    ]


def _scene(atlas: Atlas, store: Store, scene: Scene, view: View, name: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "title": scene.title,
        "path": scene.path,
        "query": replace(view, lang="zh").query(),
        "note": scene.note,
        "said": sentence(view.filter, len(atlas.select(view.filter)), view.lang),
        "highlight": list(scene.highlight),
    }
    if name == "progress":
        standing = standing_of(atlas, store, view.period)
        data["counted"] = progress_page.counted(atlas, standing.observations, view, standing.assessment)
    return data


# ---- keeping decks --------------------------------------------------------------------------------------------------


def register(app: Dash, atlas: Atlas, store: Store, decks: DeckStore) -> None:
    """Attach the one callback by which the editor, and the capture key of any page, change kept decks."""

    @app.server.get("/export/meeting.yaml")
    def meeting_yaml() -> Response:
        view, _ = atlas.read(request.query_string.decode("utf-8", "replace"))
        slug = request.args.get("deck") or READY
        if slug == READY:
            text = write_deck(_ready_deck(atlas, store, view, view.lang))
        else:
            # As it was kept, even if it can no longer be read: such a deck is mended in its file.
            kept = decks.load(slug)
            if kept is None:
                said = word("slide_deck_missing", view.lang, slug=slug)
                return Response(said + "\n", 404, content_type="text/plain; charset=utf-8")
            text = kept.text
        headers = {
            "Content-Disposition": f'attachment; filename="gansu-meeting-{slug}.yaml"',
            "Cache-Control": "no-store",
        }
        return Response(text, content_type="application/yaml; charset=utf-8", headers=headers)

    @app.callback(Output("deck-answer", "data"), Input("deck-ask", "data"), prevent_initial_call=True)
    def change(asked: Any) -> dict[str, Any]:
        if not isinstance(asked, dict):
            raise PreventUpdate
        lang = "en" if asked.get("lang") == "en" else "zh"
        answer: dict[str, Any] = {"op": asked.get("op"), "at": asked.get("at")}
        try:
            answer["deck"] = _change(atlas, store, decks, asked, lang)
        except DeckError as error:
            between = "：" if lang == "zh" else ": "
            answer["faults"] = [f"{one.line}{between}{one.zh if lang == 'zh' else one.en}" for one in error.problems]
        except StoreError as error:
            zh, _, en = str(error).partition(" / ")
            answer["faults"] = [en if lang == "en" and en else zh]
            answer["stale"] = isinstance(error, StaleDeck)
        return answer | meeting_page.summary(decks.decks(), decks.decks(deleted=True))


def _change(atlas: Atlas, store: Store, decks: DeckStore, asked: dict[str, Any], lang: str) -> dict[str, Any] | None:
    """Carry out one change and return the deck as it then stands; None where it is gone."""
    op, slug = asked.get("op"), str(asked.get("slug") or "")
    given = asked.get("version")
    base = given if isinstance(given, int) else 0
    who = str(asked.get("who") or "").strip()[:60] or word("nobody", lang)
    if op == "list":
        return None
    if op == "open":
        kept = _kept(decks, slug)
    elif op == "ready":
        view, _ = atlas.read(str(asked.get("query") or ""))
        kept = _create(decks, _ready_deck(atlas, store, view, lang), who)
    elif op == "file":
        kept = _create(decks, read_deck(str(asked.get("text") or ""), atlas.known), who)
    elif op == "create":
        kept = _create(decks, _given(asked.get("deck"), atlas), who)
    elif op == "save":
        deck = _given(asked.get("deck"), atlas)
        kept = decks.save(slug, base, deck.title, write_deck(deck), who)
    elif op == "append":
        now = _kept(decks, slug)
        scene = _given({"deck": "x", "scenes": [asked.get("scene")]}, atlas).scenes
        deck = read_deck(now.text, atlas.known)
        deck = replace(deck, scenes=(*deck.scenes, *scene))
        kept = decks.save(slug, now.version, deck.title, write_deck(deck), who)
    elif op == "undo":
        kept = decks.undo(slug, base, who)
    elif op == "delete":
        decks.delete(slug, base, who)
        return None
    else:
        raise PreventUpdate
    if kept.deleted:
        return None
    return meeting_page.deck_json(read_deck(kept.text, atlas.known), kept.slug, kept.version)


def _kept(decks: DeckStore, slug: str) -> DeckVersion:
    kept = decks.load(slug)
    if kept is None:
        raise StoreError(word("deck_no_such", "zh", slug=slug), word("deck_no_such", "en", slug=slug))
    return kept


def _create(decks: DeckStore, deck: Deck, who: str) -> DeckVersion:
    return decks.create(deck.title, write_deck(deck), who)


def _given(given: Any, atlas: Atlas) -> Deck:
    """Read a deck as the browser sends it, with the checks of a file."""
    return read_deck(json.dumps(given, ensure_ascii=False), atlas.known)
