"""The plain HTTP addresses: health, exports, errors as sentences, and the headers of every answer."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable

from dash import Dash
from flask import Response, abort, g, jsonify, request
from werkzeug.exceptions import HTTPException

from callbacks import steps
from callbacks.meeting import READY, find_deck
from callbacks.pages import read, standing_of
from layouts import compare_page, documents, progress_page
from layouts.annex import annex
from layouts.atlas import Atlas, Standing
from layouts.data_page import place_names
from layouts.deck import DeckError
from layouts.slides import slides
from layouts.view import View, read_page
from layouts.wording import word
from targets.decks import DeckStore
from targets.observations import Store
from targets.periods import FORM
from targets.template import missing_xlsx, template_csv, template_xlsx
from targets.today import known_by

LARGEST_REQUEST = 32 << 20  # bytes: a file of 20 MB as the browser sends it
LARGEST_PRESS = 1 << 20  # a press sends some hundred
ERRORS = {400: "bad_request", 404: "page_missing", 405: "method", 413: "too_large"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
YEAR = 31_536_000  # seconds
log = logging.getLogger("atlas")


def register(app: Dash, atlas: Atlas, store: Store) -> None:
    """Attach the addresses, the error answers and the headers to the app's server."""
    server, decks = app.server, DeckStore(store)
    places = {"county": frozenset(atlas.counties.index), "prefecture": frozenset(atlas.plan.prefectures["adcode"])}
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    policy = (
        f"default-src 'self'; script-src 'self' {' '.join(app.csp_hashes())}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )

    @server.get("/healthz")
    def healthz() -> Response:
        counties = int(atlas.counties["is_county"].sum())
        return jsonify(status="ok", counties=counties, observations=len(store.observations()))

    @server.get("/export/counties.csv")
    def counties_csv() -> Response:
        view, _ = read(atlas, store, request.query_string.decode("utf-8", "replace"))
        return _download(
            documents.counties_csv(atlas, view, standing(view).roads(atlas)), "text/csv; charset=utf-8", "csv"
        )

    @server.get("/export/counties.xlsx")
    def counties_xlsx() -> Response:
        view, _ = read(atlas, store, request.query_string.decode("utf-8", "replace"))
        return _download(documents.counties_xlsx(atlas, view, atlas.now, standing(view).roads(atlas)), XLSX, "xlsx")

    def standing(view: View) -> Standing:
        return standing_of(atlas, store, view.period)

    @server.get("/export/compare.csv")
    def compare_csv() -> Response:
        view, _ = read(atlas, store, request.query_string.decode("utf-8", "replace"))
        content = documents.compare_csv(atlas, standing(view), view, atlas.now)
        return _download(content, "text/csv; charset=utf-8", "csv", "gansu-compare")

    @server.get("/export/compare.xlsx")
    def compare_xlsx() -> Response:
        view, _ = read(atlas, store, request.query_string.decode("utf-8", "replace"))
        content = documents.compare_xlsx(atlas, standing(view), view, atlas.now)
        return _download(content, XLSX, "xlsx", "gansu-compare")

    @server.get("/export/compare.json")
    def compare_json() -> Response:
        # What an open compare page lacks when a county is added: `have` names the counties whose columns it has.
        view, _ = read(atlas, store, request.query_string.decode("utf-8", "replace"))
        have = [adcode for adcode in request.args.get("have", "").split(",") if adcode in atlas.known.adcodes]
        found = compare_page.data(atlas, standing(view), view.compare, view, tuple(dict.fromkeys(have)))
        if not view.compare:
            found |= compare_page.set_data(atlas, view)
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        return Response(text, content_type="application/json", headers={"Cache-Control": "no-store"})

    def deck_file(ending: str, mimetype: str, write: Callable[..., bytes]) -> Response | tuple[Response, int]:
        """Return a deck as a file: the kept one that ``deck`` names, else the ready deck of the period."""
        view, _ = read(atlas, store, request.query_string.decode("utf-8", "replace"))
        slug = request.args.get("deck") or READY
        try:
            found = find_deck(atlas, store, decks, slug, view)
        except DeckError as error:
            why = error.problems[0].zh if view.lang == "zh" else error.problems[0].en
            return _told(word("slide_deck_broken", view.lang, slug=slug, why=why), 422)
        if found is None:
            return _told(word("slide_deck_missing", view.lang, slug=slug), 404)
        content = write(found[0], atlas, standing, view.lang, atlas.now)
        return _download(content, mimetype, ending, "gansu-meeting")

    @server.get("/export/meeting.pptx")
    def meeting_pptx() -> Response | tuple[Response, int]:
        return deck_file("pptx", PPTX, slides)

    @server.get("/export/meeting.xlsx")
    def meeting_xlsx() -> Response | tuple[Response, int]:
        return deck_file("xlsx", XLSX, annex)

    @server.get("/export/progress.csv")
    def progress_csv() -> Response:
        view, _ = read(atlas, store, request.query_string.decode("utf-8", "replace"))
        content = documents.progress_csv(atlas, standing(view), view)
        return _download(content, "text/csv; charset=utf-8", "csv", "gansu-progress")

    @server.get("/export/observations.csv")
    def observations_csv() -> Response:
        lang = "en" if request.args.get("lang") == "en" else "zh"
        as_of, batch = (_event(request.args.get(key)) for key in ("as_of", "batch"))
        known = store.indicators(as_of if batch is None else batch)
        names = {id: one.zh if lang == "zh" else one.en for id, one in known.items()}
        if batch is not None:
            rows = store.batch_rows(batch)
            content = documents.observations_csv(rows, names, lang, place_names(lang), list(rows.columns))
            return _download(content, "text/csv; charset=utf-8", "csv", f"gansu-observations-batch-{batch}")
        rows = known_by(store.observations(as_of), atlas.today)
        content = documents.observations_csv(rows, names, lang, place_names(lang))
        name = "gansu-observations" + ("" if as_of is None else f"-as-of-{as_of}")
        return _download(content, "text/csv; charset=utf-8", "csv", name)

    @server.get("/template/observations.xlsx")
    def template() -> Response:
        lang = "en" if request.args.get("lang") == "en" else "zh"
        return _download(template_xlsx(lang, store.indicators()), XLSX, "xlsx", "observations-template")

    @server.get(progress_page.MISSING_BOOK)
    def template_of_missing() -> Response:
        # The figures of the target year that are not known yet, of the counties that the address selects.
        view, _ = read(atlas, store, request.query_string.decode("utf-8", "replace"))
        found = standing(view)
        rows = progress_page.missing_rows(atlas, found, view)
        content = missing_xlsx(rows, str(found.rules.target_year), view.lang, store.indicators())
        return _download(content, XLSX, "xlsx", f"gansu-missing-{found.rules.target_year}")

    @server.get("/template/observations.csv")
    def template_of_one() -> Response:
        lang = "en" if request.args.get("lang") == "en" else "zh"
        known = store.indicators()
        indicator = request.args.get("indicator", "gdp")
        period = request.args.get("period", "")
        if indicator not in known or not (period == "" or FORM.fullmatch(period)):
            abort(400)
        content = template_csv(lang, indicator, period, known)
        return _download(content, "text/csv; charset=utf-8", "csv", "observations-template")

    @server.get("/import/step")
    def step() -> Response:
        answer = jsonify(step=steps.now(request.args.get("job", "")))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @server.before_request
    def refuse() -> tuple[Response, int] | None:
        # Dash answers every path with the page itself; an address that does not exist must say so.
        if request.endpoint == "/<path:path>" and read_page(request.path) is None:
            return _sentence(404)
        if request.path == "/_dash-update-component" and request.method == "POST":
            size = request.content_length or 0
            if size > LARGEST_REQUEST:
                return _sentence(413)
            # Dash takes any body for one of its own page's; what no page of ours sends is the sender's fault.
            body = request.get_json(silent=True)
            if size > LARGEST_PRESS and not (isinstance(body, dict) and "import-room" in str(body.get("output"))):
                return _sentence(413)
            if not isinstance(body, dict) or body.get("output") not in app.callback_map or "inputs" not in body:
                return _sentence(400)
        return None

    @server.errorhandler(Exception)
    def failed(error: Exception) -> tuple[Response, int]:
        if isinstance(error, HTTPException) and error.code:
            return _sentence(error.code)
        log.exception("%s %s failed", request.method, request.path)
        return _sentence(500)

    @server.after_request
    def headers(response: Response) -> Response:
        page, code = read_page(request.path) or ("", "")
        is_missing = g.get("is_missing", False) or (page in places and bool(code) and code not in places[page])
        if is_missing and response.mimetype == "text/html":
            response.status_code = 404  # with the page that helps to find what was meant
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if response.mimetype == "text/html":
            response.headers["Content-Security-Policy"] = policy
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
            response.headers["Cache-Control"] = "no-cache"
        elif static_answer(request.path) and response.status_code == 200:
            if request.args.get("m"):
                response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
            response.direct_passthrough = False
            response.set_data(response.get_data())  # whole, not streamed: so its compressed form is made once and kept
        return response


def _sentence(code: int) -> tuple[Response, int]:
    """Answer an error with a sentence: JSON for a program's request, plain text for a person's."""
    lang = "en" if request.args.get("lang") == "en" else "zh"
    return _told(
        word(ERRORS.get(code, "server_error" if code >= 500 else "bad_request"), lang, path=request.path), code
    )


def _told(text: str, code: int) -> tuple[Response, int]:
    """Answer with a sentence as its reader takes it."""
    if request.path.startswith("/_dash") or request.accept_mimetypes.best == "application/json" or request.is_json:
        return jsonify(error=text), code
    return Response(text + "\n", content_type="text/plain; charset=utf-8"), code


def _event(text: str | None) -> int | None:
    """Return the number of an event that an address names; refuse what is none."""
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        abort(400)
    return int(text)


def _download(content: bytes, mimetype: str, ending: str, name: str = "gansu-counties") -> Response:
    disposition = f'attachment; filename="{name}.{ending}"'
    return Response(
        content, content_type=mimetype, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )


def static_answer(path: str) -> bool:
    """Return whether an address names a file that never changes under that address."""
    return bool(re.match(r"/(assets|_dash-component-suites)/", path))
