"""The plain HTTP addresses: health, exports, templates."""

from __future__ import annotations

import json
from functools import partial

from dash import Dash
from flask import Response, abort, jsonify, request

from callbacks import steps
from callbacks.doors import told
from callbacks.exports import BUSY, FAILED, MOVED, WRITERS, Exporter, Job, State
from callbacks.exports import READY as READY_FILE
from callbacks.meeting import find_deck
from callbacks.standings import Standings
from layouts.facts.deck import READY, DeckError
from layouts.facts.exports import FILES, MEDIA, File, Unavailable, Wanted
from layouts.facts.view import View
from layouts.pages import compare as compare_page
from layouts.parts import styles
from layouts.words import word
from targets.decks import DeckStore
from targets.speech import Speech

VERSION = "1.0.0"


def register(app: Dash, standings: Standings, exporter: Exporter) -> None:
    """Attach the addresses to the app's server."""
    atlas, store = standings.atlas, standings.store
    server, decks, place = app.server, DeckStore(store), atlas.plan.region.slug

    @server.get("/healthz")
    def healthz() -> tuple[Response, int]:
        health = store.health()
        answer = jsonify(
            status="ok" if health == "ok" else "ill",
            store=health,
            counties=int(atlas.counties["is_county"].sum()),
            version=VERSION,
            last=store.last(),
            observations=len(store.observations()),
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer, 200 if health == "ok" else 503

    @server.get("/assets/classes.css")
    def class_styles() -> Response:
        return Response(styles.sheet(atlas), content_type="text/css; charset=utf-8")

    def asked() -> View:
        return standings.read(request.query_string.decode("utf-8", "replace"))[0]

    def serve(file: File, **more: str) -> Response | tuple[Response, int]:
        wanted = Wanted(atlas, asked(), standings.of, store, {**request.args, **more})
        try:
            return _download(file.write(wanted), file, file.file_name(wanted))
        except Unavailable as error:
            return told(str(error), error.code) if str(error) else abort(error.code)

    for one in FILES.values():
        if not one.of_deck:
            server.add_url_rule(one.path, one.path, partial(serve, one))

    server.add_url_rule("/export/settlement-<year>.xlsx", "settlement", partial(serve, FILES["settlement"]))

    @server.get("/export/compare.json")
    def compare_json() -> Response:
        # What an open compare page lacks when a county is added: `have` names the counties whose columns it has.
        view = asked()
        have = [adcode for adcode in request.args.get("have", "").split(",") if adcode in atlas.known.adcodes]
        found = compare_page.data(atlas, standings.of(view.period), view.compare, view, tuple(dict.fromkeys(have)))
        if not view.compare:
            found |= compare_page.set_data(atlas, view)
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        return Response(text, content_type="application/json", headers={"Cache-Control": "no-store"})

    def deck_job(kind: str) -> Job | tuple[Response, int]:
        """Return the job of the deck that ``deck`` names, else of the ready one; or why there is none."""
        view = asked()
        slug, version = request.args.get("deck") or READY, 0
        if slug != READY:
            try:
                found = find_deck(standings, decks, slug, view)
            except DeckError as error:
                why = Speech.of(view.lang).pick(error.problems[0].zh, error.problems[0].en)
                return told(word("slide_deck_broken", view.lang, slug=slug, why=why), 422)
            if found is None:
                return told(word("slide_deck_missing", view.lang, slug=slug), 404)
            version = found[1]
        return exporter.job(kind, slug, version, view)

    def why_not(state: State, lang: str) -> tuple[Response, int]:
        if state.name == FAILED:
            return told(word("export_failed", lang, id=state.why), 503)
        answer, code = told(word("export_busy", lang), 503)
        answer.headers["Retry-After"] = "20"
        return answer, code

    @server.get(f"/export/job/<any({', '.join(WRITERS)}):kind>")
    def export_job(kind: str) -> Response | tuple[Response, int]:
        # Begins the file, and says how far it is: what a page asks before it follows the link.
        job = deck_job(kind)
        if not isinstance(job, Job):
            return job
        state = exporter.ask(job)
        if state.name in (FAILED, BUSY):
            return why_not(state, job.lang)
        answer = jsonify(state=state.name, ahead=state.ahead, scene=state.scene, of=state.of)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @server.get(f"/export/meeting.<any({', '.join(WRITERS)}):kind>")
    def meeting_file(kind: str) -> Response | tuple[Response, int]:
        state = State(MOVED)
        for _ in range(3):  # an import meanwhile: once more, of what is known now
            job = deck_job(kind)
            if not isinstance(job, Job):
                return job
            state, content = exporter.content(job)
            if state.name == READY_FILE:
                return _download(content, WRITERS[kind], f"{place}-meeting.{kind}")
            if state.name != MOVED:
                break
        return why_not(state, "en" if request.args.get("lang") == "en" else "zh")

    @server.get("/import/step")
    def step() -> Response:
        answer = jsonify(step=steps.now(request.args.get("job", "")))
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _download(content: bytes, file: File, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=MEDIA[file.kind], headers=headers)
