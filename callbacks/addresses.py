"""The plain HTTP addresses: health, exports, templates."""

from __future__ import annotations

import json

from dash import Dash
from flask import Response, abort, jsonify, request

from callbacks import steps
from callbacks.doors import told
from callbacks.exports import BUSY, FAILED, MOVED, Exporter, Job, State
from callbacks.exports import READY as READY_FILE
from callbacks.meeting import READY, find_deck
from callbacks.standings import Standings
from layouts.facts.atlas import Standing
from layouts.facts.deck import DeckError
from layouts.facts.view import View
from layouts.files import documents
from layouts.pages import compare as compare_page
from layouts.pages import progress as progress_page
from layouts.parts import styles
from layouts.words import word
from targets.decks import DeckStore
from targets.periods import FORM
from targets.template import missing_xlsx, template_csv, template_xlsx
from targets.today import known_by

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIMETYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": XLSX,
}
VERSION = "1.0.0"


def register(app: Dash, standings: Standings, exporter: Exporter) -> None:
    """Attach the addresses to the app's server."""
    atlas, store = standings.atlas, standings.store
    server, decks, place = app.server, DeckStore(store), atlas.plan.region.slug
    counties = f"{place}-counties"

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

    @server.get("/export/counties.csv")
    def counties_csv() -> Response:
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        return _download(
            documents.counties_csv(atlas, view, standing(view).roads(atlas)), "text/csv; charset=utf-8", "csv", counties
        )

    @server.get("/export/counties.xlsx")
    def counties_xlsx() -> Response:
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        return _download(
            documents.counties_xlsx(atlas, view, atlas.now, standing(view).roads(atlas)), XLSX, "xlsx", counties
        )

    def standing(view: View) -> Standing:
        return standings.of(view.period)

    @server.get("/export/compare.csv")
    def compare_csv() -> Response:
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        content = documents.compare_csv(atlas, standing(view), view, atlas.now)
        return _download(content, "text/csv; charset=utf-8", "csv", f"{place}-compare")

    @server.get("/export/compare.xlsx")
    def compare_xlsx() -> Response:
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        content = documents.compare_xlsx(atlas, standing(view), view, atlas.now)
        return _download(content, XLSX, "xlsx", f"{place}-compare")

    @server.get("/export/compare.json")
    def compare_json() -> Response:
        # What an open compare page lacks when a county is added: `have` names the counties whose columns it has.
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        have = [adcode for adcode in request.args.get("have", "").split(",") if adcode in atlas.known.adcodes]
        found = compare_page.data(atlas, standing(view), view.compare, view, tuple(dict.fromkeys(have)))
        if not view.compare:
            found |= compare_page.set_data(atlas, view)
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        return Response(text, content_type="application/json", headers={"Cache-Control": "no-store"})

    def deck_job(kind: str) -> Job | tuple[Response, int]:
        """Return the job of the deck that ``deck`` names, else of the ready one; or why there is none."""
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        slug, version = request.args.get("deck") or READY, 0
        if slug != READY:
            try:
                found = find_deck(standings, decks, slug, view)
            except DeckError as error:
                why = error.problems[0].zh if view.lang == "zh" else error.problems[0].en
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

    @server.get("/export/job/<any(pptx, xlsx):kind>")
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

    @server.get("/export/meeting.<any(pptx, xlsx):kind>")
    def meeting_file(kind: str) -> Response | tuple[Response, int]:
        state = State(MOVED)
        for _ in range(3):  # an import meanwhile: once more, of what is known now
            job = deck_job(kind)
            if not isinstance(job, Job):
                return job
            state, content = exporter.content(job)
            if state.name == READY_FILE:
                return _download(content, MIMETYPES[kind], kind, f"{place}-meeting")
            if state.name != MOVED:
                break
        return why_not(state, "en" if request.args.get("lang") == "en" else "zh")

    @server.get("/export/progress.csv")
    def progress_csv() -> Response:
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        content = documents.progress_csv(atlas, standing(view), view)
        return _download(content, "text/csv; charset=utf-8", "csv", f"{place}-progress")

    @server.get("/export/observations.csv")
    def observations_csv() -> Response | tuple[Response, int]:
        lang = "en" if request.args.get("lang") == "en" else "zh"
        as_of, batch = (_event(request.args.get(key)) for key in ("as_of", "batch"))
        asked, last = as_of if batch is None else batch, store.last()
        if asked is not None and asked > last >= 0:
            return told(word("event_missing", lang, event=asked, last=last), 404)
        known = store.indicators(asked)
        names = {id: one.zh if lang == "zh" else one.en for id, one in known.items()}
        if batch is not None:
            rows = store.batch_rows(batch)
            content = documents.observations_csv(rows, names, lang, atlas.places.names(lang), list(rows.columns))
            return _download(content, "text/csv; charset=utf-8", "csv", f"{place}-observations-batch-{batch}")
        rows = known_by(store.observations(as_of), atlas.today)
        content = documents.observations_csv(rows, names, lang, atlas.places.names(lang))
        name = f"{place}-observations" + ("" if as_of is None else f"-as-of-{as_of}")
        return _download(content, "text/csv; charset=utf-8", "csv", name)

    @server.get("/template/observations.xlsx")
    def template() -> Response:
        lang = "en" if request.args.get("lang") == "en" else "zh"
        return _download(template_xlsx(atlas.plan, lang, store.indicators()), XLSX, "xlsx", "observations-template")

    @server.get(progress_page.MISSING_BOOK)
    def template_of_missing() -> Response:
        # The figures of the target year that are not known yet, of the counties that the address selects.
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        found = standing(view)
        rows = progress_page.missing_rows(atlas, found, view)
        content = missing_xlsx(rows, str(found.rules.target_year), view.lang, store.indicators())
        return _download(content, XLSX, "xlsx", f"{place}-missing-{found.rules.target_year}")

    @server.get("/template/observations.csv")
    def template_of_one() -> Response:
        lang = "en" if request.args.get("lang") == "en" else "zh"
        known = store.indicators()
        indicator = request.args.get("indicator", "gdp")
        period = request.args.get("period", "")
        if indicator not in known or not (period == "" or FORM.fullmatch(period)):
            abort(400)
        content = template_csv(atlas.plan, lang, indicator, period, known)
        return _download(content, "text/csv; charset=utf-8", "csv", "observations-template")

    @server.get("/import/step")
    def step() -> Response:
        answer = jsonify(step=steps.now(request.args.get("job", "")))
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _event(text: str | None) -> int | None:
    """Return the number of an event that an address names; refuse what is none."""
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        abort(400)
    return int(text)


def _download(content: bytes, mimetype: str, ending: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}.{ending}"'
    return Response(
        content, content_type=mimetype, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )
