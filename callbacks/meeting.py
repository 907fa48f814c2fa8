"""A meeting: the deck that an address names, with all that its scenes show, in one piece."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from dash import Dash
from flask import Response, abort, request

from callbacks.gate import Gate
from callbacks.pages import counted, sheet
from callbacks.presses import DECKS, language
from callbacks.standings import Standings, keep
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.deck import READY, Deck, DeckError, Scene, read_deck, stamp, unapproved, write_deck
from layouts.facts.exports import FILES, MEDIA
from layouts.facts.layers import LAYERS
from layouts.facts.pages import PAGES, Page, read_page
from layouts.facts.sources import data_lines
from layouts.facts.view import View
from layouts.pages import meeting as meeting_page
from layouts.words import word
from targets.decks import DeckStore, DeckVersion, StaleDeck
from targets.journal import Journal
from targets.observations import StoreError
from targets.selection import sentence
from targets.speech import Speech

LONGEST = {"zh": 60, "en": 160}  # characters of a line that stands beside the last scene's map
FEW_IMPORTS = 2  # more are counted under a scene, not named
KEPT = 4  # decks written out; the store's last event, the day and the deck itself are part of the key


def find_deck(standings: Standings, decks: DeckStore, slug: str, view: View) -> tuple[Deck, int] | None:
    """Return a deck and its version: a kept one, or the ready deck of the view's period; None when there is none."""
    if slug == READY:
        return _ready_deck(standings, view, view.lang), 0
    found = decks.load(slug)
    if found is None:
        return None
    deck = read_deck(found.text, standings.atlas.known)
    return _of_known_periods(deck, standings.periods(), view.lang), found.version


def _of_known_periods(deck: Deck, known: Collection[str], lang: str) -> Deck:
    """Return a deck whose scenes are of periods that are known; a scene that was of another says so in its note.

    A figure may have been undone since the deck was kept; the deck itself stays as it is.
    """
    scenes = []
    for scene in deck.scenes:
        if (period := scene.view.period) and period not in known:
            note = "\n\n".join(filter(None, [word("deck_period_unknown", lang, period=period), scene.note]))
            scene = replace(scene, view=replace(scene.view, period=None), note=note)
        scenes.append(scene)
    return replace(deck, scenes=tuple(scenes))


def _ready_deck(standings: Standings, view: View, lang: str) -> Deck:
    """Return the ready deck of a view's period; it is made once for what the store holds."""
    return standings.now(_made_ready, view.period, lang)


@keep(KEPT)
def _made_ready(standings: Standings, event: int, today: date, period: str | None, lang: str) -> Deck:
    from layouts.facts.ready_deck import ready_deck

    return ready_deck(standings.atlas, standings.of(period), period, lang)


def deck_data(standings: Standings, decks: DeckStore, slug: str, view: View) -> dict[str, Any] | None:
    """Return a deck as the browser shows it without the server: scenes, and the pages they need as HTML text.

    Raises
    ------
    layouts.facts.deck.DeckError
        When a kept deck cannot be read, as after a county has left the boundary file.
    """
    found = find_deck(standings, decks, slug, view)
    if found is None:
        return None
    written, atlas = standings.now(_written, slug, found[0], view.lang), standings.atlas
    return written | {"stamp": stamp(atlas, view.lang), "unapproved": unapproved(atlas, view.lang)}


@keep(KEPT)
def _written(standings: Standings, event: int, today: date, slug: str, deck: Deck, lang: str) -> dict[str, Any]:
    atlas = standings.atlas
    sheets: dict[str, str] = {}
    scenes = []
    for scene in deck.scenes:
        view = replace(scene.view, lang=lang, theme="light")
        id, code = read_page(scene.path) or ("map", "")
        key = f"{scene.path}|{lang}|{view.period or ''}"
        if PAGES[id].markup and key not in sheets:
            sheets[key] = sheet(standings, scene.path, view) or ""
        scenes.append(_scene(standings, scene, view, PAGES[id], code))
    if slug == READY:
        scenes[-1]["listed"] = _limits(atlas, deck.scenes[-1], lang)
    # For a page that the presenter goes to in the midst of a scene.
    observed = _observed(standings.of(None), list(atlas.counties.index), lang, False)
    return {"slug": slug, "title": deck.title, "scenes": scenes, "sheets": sheets, "observed": observed}


def _observed(standing: Standing, adcodes: Collection[str], lang: str, judging: bool) -> list[str]:
    """Return where the figures come from by which some counties are assessed, for the line under a scene."""
    published, imports = standing.assessed_from(adcodes, lang, judging=judging)
    if len(imports) > FEW_IMPORTS:  # the note names each
        imports = [word("imports_many", lang, n=len(imports))]
    return [*([word("meeting_observed", lang)] if published else []), *imports]


def _about(atlas: Atlas, view: View, page: Page, code: str) -> Collection[str]:
    """Return the counties whose figures a scene shows."""
    shows = page.observed or (page.id == "map" and LAYERS[view.layer].of_store)
    return page.about(atlas, view, code) if shows else ()


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


def _scene(standings: Standings, scene: Scene, view: View, page: Page, code: str) -> dict[str, Any]:
    atlas = standings.atlas
    data: dict[str, Any] = {
        "title": scene.title,
        "path": scene.path,
        "query": replace(view, lang="zh").query(),
        "note": scene.note,
        "said": sentence(view.filter, len(atlas.select(view.filter)), atlas.plan, view.lang),
        "highlight": list(scene.highlight),
        # A map shows states alone; a page says growth rates and parts of a year beside.
        "observed": _observed(standings.of(view.period), _about(atlas, view, page, code), view.lang, page.id == "map"),
    }
    if page.seconds:
        data["seconds"] = page.seconds
    if page.counted:
        data["counted"] = counted(standings, view)
    return data


# ---- keeping decks --------------------------------------------------------------------------------------------------


def register(app: Dash, standings: Standings, decks: DeckStore, gate: Gate, journal: Journal) -> None:
    """Attach the addresses by which the editor, and the capture key of any page, read and change kept decks."""
    atlas, file = standings.atlas, FILES["deck"]

    @app.server.get(file.path)
    def meeting_yaml() -> Response:
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        slug = request.args.get("deck") or READY
        if slug == READY:
            content = file.write(_ready_deck(standings, view, view.lang))
        else:
            # As it was kept, even if it can no longer be read: such a deck is mended in its file.
            kept = decks.load(slug)
            if kept is None:
                said = word("slide_deck_missing", view.lang, slug=slug)
                return Response(said + "\n", 404, content_type="text/plain; charset=utf-8")
            content = kept.text.encode(errors="replace")
        headers = {
            "Content-Disposition": f'attachment; filename="{atlas.plan.region.slug}-meeting-{slug}.yaml"',
            "Cache-Control": "no-store",
        }
        return Response(content, content_type=MEDIA[file.kind], headers=headers)

    @app.server.get(DECKS)
    def kept() -> Response:
        return told(meeting_page.summary(decks.decks(), decks.decks(deleted=True)))

    @app.server.get(f"{DECKS}/<slug>")
    def one(slug: str) -> Response:
        return answered({"op": "open", "slug": slug, "lang": request.args.get("lang")})

    @app.server.post(DECKS)  # the doors have judged who asks, and whether it is an object
    def change() -> Response:
        return answered(request.get_json())

    def answered(asked: dict[str, Any]) -> Response:
        lang = language(asked.get("lang"))
        speech = Speech.of(lang)
        answer: dict[str, Any] = {"op": asked.get("op")}
        try:
            answer["deck"] = made = _change(standings, decks, asked, lang)
            if asked.get("op") != "open":
                slug = made["slug"] if made else str(asked.get("slug") or "")
                who = str(asked.get("who") or "-")
                journal.say("deck", gate.caller().address, f"{slug} {asked.get('op')}", f"ok, {who}")
        except DeckError as error:
            answer["faults"] = [speech.named(str(one.line), speech.pick(one.zh, one.en)) for one in error.problems]
        except StoreError as error:
            zh, _, en = str(error).partition(" / ")
            answer["faults"] = [speech.pick(zh, en or zh)]
            answer["stale"] = isinstance(error, StaleDeck)
        return told(answer | meeting_page.summary(decks.decks(), decks.decks(deleted=True)))

    def told(answer: dict[str, Any]) -> Response:
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        headers = {"Cache-Control": "no-store"}
        return Response(text.encode(errors="replace"), content_type="application/json", headers=headers)


def _change(standings: Standings, decks: DeckStore, asked: dict[str, Any], lang: str) -> dict[str, Any] | None:
    """Carry out one change and return the deck as it then stands; None where it is gone."""
    atlas = standings.atlas
    op, slug = asked.get("op"), str(asked.get("slug") or "")
    given = asked.get("version")
    base = given if isinstance(given, int) else 0
    who = str(asked.get("who") or "").strip()[:60] or word("nobody", lang)
    if op == "open":
        kept = _kept(decks, slug)
    elif op == "ready":
        view, _ = standings.read(str(asked.get("query") or ""))
        kept = _create(decks, _ready_deck(standings, view, lang), who)
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
        abort(400)
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
