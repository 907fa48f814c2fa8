"""陇原县图 · Gansu County Atlas: the command line, and the Dash app wired from its rooms.

``python app.py`` serves the atlas; ``python app.py --help`` lists every option with its environment name.
"""

from __future__ import annotations

import argparse
import getpass
import io
import json
import os
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import dash._callback
from dash import Dash
from flask import Flask, Request, g, request
from flask.json.provider import DefaultJSONProvider
from flask_compress import Compress
from plotly.utils import PlotlyJSONEncoder

import commands
from callbacks import addresses, ahead, doors, follow, fragments, meeting, pages
from callbacks.exports import Exporter
from callbacks.gate import Gate, networks
from callbacks.modules import Modules, scripts, unversioned
from callbacks.standings import Standings, UnknownPeriod
from geodata.boundaries import BoundaryError
from layouts.facts.atlas import Atlas, open_atlas
from layouts.facts.deck import DeckError, write_deck
from layouts.facts.pages import PAGES, read_page
from layouts.facts.ready_deck import ready_deck
from layouts.facts.view import LANGUAGES, PERIOD, View
from layouts.pages import map as page
from layouts.pages import meeting as meeting_page
from layouts.parts.county_map import browser_data, data_element, scaffold
from layouts.parts.markup import write
from layouts.parts.styles import version
from layouts.words import word
from targets.checks import DataError
from targets.decks import MOST, MOST_BYTES, DeckStore
from targets.desk import Desk
from targets.importing import command
from targets.journal import LIMIT, Journal
from targets.observations import FOLDER, Store, StoreError, open_store
from targets.periods import canonical
from targets.plan import Plan, load_plan
from targets.published import load_published
from targets.today import read_day

HERE = Path(__file__).parent
FLOOR = (HERE / "assets" / "floor.js").read_text("utf-8")  # within the page: no request before the map's
# In the order in which they are needed: the map paints before Dash's own scripts arrive.
STYLES = (
    "vendor/bootstrap.min.css",
    "vendor/accessible-autocomplete.min.css",
    "classes.css",
    "style.css",
    "standing.css",
    "meeting.css",
    "map.css",
    "settlement.css",
)
BEFORE = ("vendor/d3-zoom.js",)  # what the modules use, and Dash's rooms
AFTER = ("vendor/accessible-autocomplete.min.js",)
MEETING = "meeting/meeting.js"  # asked for by main.js, where there is a deck

FIRST_SHEET = '<div id="first-sheet" class="page-room"><div class="sheet" data-event="{}">{}</div></div>\n'
INDEX = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}" data-page="{page}" data-layer="{layer}" class="is-starting">
<head>
<meta charset="utf-8"><meta name="renderer" content="webkit"><script>{floor}</script>
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="{icon}">
{styles}
{modules}
</head>
<body data-plotly="{plotly}" data-plotly-locale="{locale}">
{too_old}{banner}<div id="cradle">{scaffold}</div>
{sheet}{data}
{before}
{own}
{app_entry}
<footer>{config}{scripts}{after}{renderer}</footer>
</body>
</html>"""


class AtlasApp(Dash):
    """A Dash app whose first answer already holds the map, painted for the address that was asked for."""

    atlas: Atlas
    store: Store
    standings: Standings
    gate: Gate
    journal: Journal
    exporter: Exporter
    modules: Modules
    data: str

    def interpolate_index(self, **parts: str) -> str:
        """Return the page's HTML: the map and the page asked for first, then Dash."""
        view, ignored = self.standings.read(request.query_string.decode("utf-8", "replace"))
        standing = pages.progress_data(self.standings, view.period, view.lang)
        name, code = read_page(request.path) or ("map", "")
        deck, sheet = None, pages.sheet(self.standings, request.path, view, self.gate.who(self.gate.caller()))
        if name == "meeting" and code:
            try:
                deck = meeting.deck_data(self.standings, DeckStore(self.store), code, view)
            except DeckError as error:
                sheet = write(meeting_page.broken(error, view.lang))
            sheet, g.is_missing = (None if deck else sheet), deck is None and not self.store.ill
        # On a stage nothing asks Python what it left out: the deck says it.
        said = {"ignored": pages.say_ignored(ignored, view.lang)} if ignored else {}
        url, own = self.get_asset_url_with_time, self.modules.urls()
        return INDEX.format(
            lang="en" if view.lang == "en" else "zh-CN",
            theme=view.theme,
            title=page.document_title(self.atlas, view),
            icon=url("icon.svg"),
            styles="".join(f'<link rel="stylesheet" href="{url(name)}">' for name in STYLES),
            plotly=url("vendor/plotly-basic.min.js"),
            locale=url("vendor/plotly-locale-zh-cn.js"),
            page=name,
            layer=view.layer,
            floor=FLOOR,
            too_old=page.too_old(),
            banner=page.store_banner(view.lang, "store-banner") if self.store.ill else "",
            sheet="" if sheet is None else FIRST_SHEET.format(self.store.last(), sheet),
            scaffold=scaffold(self.atlas, view, standing["layers"], standing["roads"]),
            data=self.data
            + data_element(standing, "progress-data")
            + (data_element(deck | said, "deck-data") if deck else ""),
            modules="".join(
                f'<link rel="modulepreload" href="{at}">' for name, at in own.items() if deck or name != MEETING
            ),
            before="".join(f'<script src="{url(name)}"></script>' for name in BEFORE),
            # Not before the data, and not after Dash: main.js starts it.
            own="".join(f'<script type="module" async src="{own[name]}"></script>' for name in scripts()),
            after="".join(f'<script src="{url(name)}"></script>' for name in AFTER),
            **{key: parts.get(key, "") for key in ("app_entry", "config", "scripts", "renderer")},
        )

    def get_asset_url_with_time(self, name: str) -> str:
        """Return an asset's address with the time of its last change, so that it may be cached for ever.

        The sheet that is made of the layers has its sum in the time's place.
        """
        made = name == "classes.css"
        changed = version(self.atlas) if made else int((HERE / "assets" / name).stat().st_mtime)
        return f"{self.get_asset_url(name)}?m={changed}"


def create_app(
    boundaries: str | None = None,
    approval: str = "",
    database_url: str | None = None,
    data_folder: str | None = None,
    today: date | None = None,
    office: str = "",
    host: str = "127.0.0.1",
    allowed_host: str = "",
    behind_proxy: str = "",
    key: str = "",
    most_decks: int = MOST,
    most_deck_bytes: int = MOST_BYTES,
    log_bytes: int = LIMIT,
    say: Callable[[str], None] | None = None,
    plan: Plan | str | Path | None = None,
) -> AtlasApp:
    """Return the app, ready to be served.

    Parameters
    ----------
    boundaries : str, optional
        A boundary file in place of the shipped one.
    approval : str
        Map approval number (审图号), printed beside every map.
    database_url : str, optional
        Where imported observations are kept; by default a SQLite file in ``data_folder``.
    data_folder : str, optional
        The folder of that file; by default ``data`` beside the program.
    today : date, optional
        The day on which the atlas speaks; by default the machine's.
    office : str
        The office that convenes the meetings, named on every scene and slide.
    host : str
        The address that the server listens on.
    allowed_host, behind_proxy : str
        More names under which the atlas is reached, and who forwards; parted by commas, as of `Gate`.
    key : str
        The operator's key, in place of the one that is kept hashed in the data folder.
    most_decks, most_deck_bytes : int
        How many decks are kept, and how many bytes all their versions may have.
    log_bytes : int
        The size at which a new log file is begun.
    say : callable, optional
        Is told, in one line, what is being done with a large boundary file.
    plan : Plan or path, optional
        Another plan, or its folder; by default the shipped one.

    Raises
    ------
    BoundaryError, DataError, StoreError
        With one message that lists every fault of the files.
    """
    with closing(open_store(database_url, folder=data_folder)) as store:
        store.check()  # first, since it is quickly said
        is_there = store.exists()
    atlas = open_atlas(boundaries, approval, today, office, say, plan)
    server = Flask("atlas")
    server.json = Json(server)
    dash._callback.to_json = as_it_is  # Dash knows no setting of how an answer is written
    compress(server)
    app = AtlasApp(
        "atlas",
        server=server,
        assets_folder=str(HERE / "assets"),
        assets_ignore=r".*",  # the index names them itself, in order
        title="",
        update_title=None,
        suppress_callback_exceptions=True,  # the charts' room is filled after the map
    )
    app.renderer = ""  # main.js starts Dash, when what Dash calls by name is there
    app.atlas = atlas
    app.store = open_store(database_url, atlas.published.observations, data_folder)
    app.store.serving = True
    app.standings = Standings(atlas, app.store)
    if is_there:
        app.store.remember()  # every worker is made of this process, and misses it from its first request on
    app.modules = Modules(HERE / "assets" / "js")
    app.modules.register(server)
    folder = Path(data_folder or FOLDER)
    app.gate, app.journal = Gate(Desk(folder, key), host, allowed_host, behind_proxy), Journal(folder, log_bytes)
    decks = DeckStore(app.store, most_decks, most_deck_bytes)
    app.data = data_element(browser_data(atlas))
    app.layout = page.layout(atlas)
    app.enable_dev_tools(debug=False, dev_tools_disable_version_check=True)
    follow.register(app, app.standings)
    pages.register(app, app.standings, app.gate, app.journal, lambda: ahead.begin(app.standings))
    fragments.register(app, app.standings, app.gate)
    meeting.register(app, app.standings, decks, app.gate, app.journal)
    app.exporter = Exporter(atlas, app.store, folder, app.journal)
    addresses.register(app, app.standings, app.exporter)
    codes = {page.id: page.codes(atlas.known) for page in PAGES.values()}
    places = {id: frozenset(known) for id, known in codes.items() if known is not None}
    doors.register(app, app.gate, app.journal, app.store, places, FLOOR)
    return app


def compress(server: Flask) -> None:
    """Compress every answer, and keep the compressed form of files that never change."""

    def key(asked: Request) -> str:
        if not doors.static_answer(asked.path):
            return ""
        path, version = unversioned(asked.path)
        return f"{path}?{version or asked.args.get('m', '')}"

    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=7,
        COMPRESS_MIMETYPES=[
            "text/html", "text/css", "text/csv", "text/javascript", "application/javascript", "application/json",
            "image/svg+xml",
        ],
        COMPRESS_CACHE_KEY=key,
        COMPRESS_CACHE_BACKEND=StaticCache,
    )  # fmt: skip
    Compress(server)


class Json(DefaultJSONProvider):
    """Flask's JSON, with its words as they are."""

    ensure_ascii = False


def as_it_is(value: Any) -> str:
    """Write JSON with its words as they are: as escapes Chinese takes a tenth more or so, compressed."""
    # Sorted: Dash keeps attributes in a set, so that an answer would be of another length in every process.
    text = json.dumps(value, cls=PlotlyJSONEncoder, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode(errors="replace").decode()  # half a character, which a browser may send, is no UTF-8


class StaticCache:
    """Keeps the compressed form of static files, one a file: a newer time under the same path takes its place.

    Keys are ``algorithm;path?time``; answers that are no files have no path and are not kept.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, bytes]] = {}

    def get(self, key: str) -> bytes | None:
        """Return what is kept under ``key``, or None."""
        path, _, time = key.partition("?")
        kept = self._kept.get(path)
        return kept[1] if kept and kept[0] == time else None

    def set(self, key: str, value: bytes) -> None:
        """Keep ``value`` if ``key`` names a file."""
        path, _, time = key.partition("?")
        if not path.endswith(";"):
            self._kept[path] = (time, value)


PLAN_HELP = "方案所在的文件夹 folder of the plan, with its plan.toml and tables"
LIMITS = ("most-decks", "most-deck-bytes", "log-bytes")
TODAY_HELP = "今天的日期，此后才结束的时期不用 today's date; figures of periods that end later are not used"


def _day(text: str) -> date | None:
    """Read the value of ``--today``; nothing is the machine's date."""
    try:
        return read_day(text) if text else None
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; each option also has an environment name."""
    parser = argparse.ArgumentParser(
        prog="app.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )

    def option(name: str, default: str, text: str, **more: Any) -> None:
        variable = "ATLAS_" + name.strip("-").replace("-", "_").upper()
        parser.add_argument(
            name,
            default=os.environ.get(variable, default),
            help=f"{text} [{variable}; 默认 default: {default or '—'}]",
            **more,
        )

    option("--host", "127.0.0.1", "监听地址 address to listen on")
    option("--port", "8050", "端口 port")
    option("--threads", "8", "线程数 worker threads")
    option(
        "--boundaries",
        "",
        "自备边界文件 your own boundary file: shapefile, GeoPackage, GeoJSON, TopoJSON, .gdb, or a .zip of one",
        metavar="FILE",
    )
    option("--plan", "", PLAN_HELP, metavar="FOLDER")
    option(
        "--database-url",
        "",
        "观测值数据库 where imported figures are kept: postgresql://… or sqlite:///…",
        metavar="URL",
    )
    option("--data-folder", "", "SQLite 文件所在的文件夹 folder of the SQLite file", metavar="FOLDER")
    option("--map-approval", "", "审图号 map approval number, printed beside every map", metavar="'GS(…)…号'")
    option("--today", "", TODAY_HELP, type=_day, metavar="2026-11-30")
    option("--office", "", "召集会议的单位 office that convenes the meetings, on every slide", metavar="NAME")
    option("--allowed-host", "", "另许的访问名称 more names under which the atlas is reached", metavar="NAME,…")
    option("--behind-proxy", "", "哪些代理的转发可信 whose forwarding is believed", metavar="ADDRESS,…")
    option("--most-decks", str(MOST), "至多保存几个演示 how many decks are kept")
    option("--most-deck-bytes", str(MOST_BYTES), "演示各版本共几字节 how many bytes all their versions may have")
    option("--log-bytes", str(LIMIT), "日志文件多大时另起 size at which a new log file is begun")
    found = parser.parse_args(given)
    for name, most in (("port", 65535), ("threads", 65535), *((n, 2**40) for n in LIMITS)):
        text = getattr(found, name.replace("-", "_"))
        if not text.isdecimal() or not 0 < int(text) <= most:
            parser.error(
                f"--{name} 应是 1—{most} 的整数，现为 {text!r} / must be a whole number from 1 to {most}, not {text!r}"
            )
        setattr(found, name.replace("-", "_"), int(text))
    try:
        networks(found.behind_proxy)
    except ValueError:
        parser.error(
            f"--behind-proxy 应是地址或网段，以逗号分开，现为 {found.behind_proxy!r} / "
            f"must be addresses or networks, parted by commas, not {found.behind_proxy!r}"
        )
    return found


def speak_anyhow() -> None:
    """Let no sentence be lost, and nothing end, because a terminal's encoding lacks a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def main(given: list[str] | None = None) -> int:
    """Serve the atlas, or do what a command says; return the exit status."""
    speak_anyhow()
    try:
        status = _main(given)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # who reads has read enough, as in … | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _main(given: list[str] | None) -> int:
    given = sys.argv[1:] if given is None else given
    if given and given[0] in COMMANDS:
        return COMMANDS[given[0]](given[1:])
    chosen = arguments(given)
    try:
        app = _chosen_app(chosen)
    except (BoundaryError, DataError, StoreError) as error:
        print(error, file=sys.stderr)
        return 2
    for notice in app.atlas.notices:
        print(notice)
    from serving import Service

    try:
        service = Service(app.server, app.gate, app.journal, chosen.host, chosen.port, chosen.threads)
    except (OSError, ValueError) as error:  # in use, not allowed, or no such host
        print(
            f"不能监听 {chosen.host}:{chosen.port}（{error}），请换一个 --host 或 --port / "
            f"Cannot listen on {chosen.host}:{chosen.port} ({error}); choose another --host or --port",
            file=sys.stderr,
        )
        return 2
    brands = " · ".join(word("brand", lang, app.atlas.plan) for lang in LANGUAGES)
    print(f"{brands}  http://{chosen.host}:{chosen.port}", flush=True)
    app.journal.say("start", "command", f"{chosen.host}:{chosen.port}", "waitress")
    service.run(lambda: app.journal.say("stop", "command", f"{chosen.host}:{chosen.port}", "ok"))
    return 0


def import_figures(given: list[str]) -> int:
    """Read a file of figures, say every error and the difference, and with ``--accept`` store it."""
    parser = argparse.ArgumentParser(
        prog="app.py import", description="导入观测值 import figures from a file (xlsx, csv)"
    )
    parser.add_argument("file", metavar="FILE")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--accept", action="store_true", help="无误时存入 store it when all is well")
    what.add_argument(
        "--json", action="store_true", help="只输出所读内容，不存入 print what is read as JSON, store nothing"
    )
    for name, text in (
        ("who", "经手人 who imports"),
        ("note", "备注 a note"),
        ("period", "文件没写时的时期 period where the file is silent: 2024, 2025Q3, 2025-09"),
        ("source", "文件没写时的来源 source where the file is silent"),
        ("status", "文件没写时的状态 status where the file is silent: 初步、核定"),
    ):
        parser.add_argument(f"--{name}", default="", help=text)
    parser.add_argument("--plan", default=os.environ.get("ATLAS_PLAN", ""), help=f"{PLAN_HELP} [ATLAS_PLAN]")
    parser.add_argument("--database-url", default=os.environ.get("ATLAS_DATABASE_URL", ""), help="[ATLAS_DATABASE_URL]")
    parser.add_argument("--data-folder", default=os.environ.get("ATLAS_DATA_FOLDER", ""), help="[ATLAS_DATA_FOLDER]")
    parser.add_argument(
        "--today", type=_day, default=os.environ.get("ATLAS_TODAY", ""), help=f"{TODAY_HELP} [ATLAS_TODAY]"
    )
    chosen = parser.parse_args(given)
    try:
        plan = load_plan(chosen.plan)
        store = open_store(chosen.database_url or None, load_published().observations, chosen.data_folder or None)
        store.check()
    except (StoreError, DataError) as error:
        print(error, file=sys.stderr)
        return 2
    try:
        return _imported(chosen, store, plan)
    except BrokenPipeError:  # … | head: whoever listened has heard enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _imported(chosen: argparse.Namespace, store: Store, plan: Plan) -> int:
    status = command(
        chosen.file,
        chosen.accept,
        who=chosen.who or getpass.getuser(),
        note=chosen.note,
        period=chosen.period,
        source=chosen.source,
        status=chosen.status,
        store=store,
        today=chosen.today,
        json_only=chosen.json,
        plan=plan,
    )
    if chosen.accept and status == 0:
        journal = Journal(Path(chosen.data_folder or FOLDER), aloud=False)
        journal.say("import", "command", Path(chosen.file).name, f"ok, {chosen.who or getpass.getuser()}")
    sys.stdout.flush()
    return status


def make_deck(given: list[str]) -> int:
    """Write the ready deck of a period to a file, or to the standard output."""
    parser = argparse.ArgumentParser(
        prog="app.py deck", description="写出现成的会议文件 write the ready deck of a meeting (YAML)"
    )
    parser.add_argument(
        "--period", default="", help="时期 2024, 2025Q3, 2025-09；默认各县最近全年 by default the latest"
    )
    parser.add_argument("-o", "--output", default="", metavar="FILE", help="写到文件 to a file, not to the screen")
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help="标题与讲稿的语言 of titles and notes")
    parser.add_argument("--boundaries", default=os.environ.get("ATLAS_BOUNDARIES", ""), help="[ATLAS_BOUNDARIES]")
    parser.add_argument("--map-approval", default=os.environ.get("ATLAS_MAP_APPROVAL", ""), help="[ATLAS_MAP_APPROVAL]")
    parser.add_argument("--plan", default=os.environ.get("ATLAS_PLAN", ""), help=f"{PLAN_HELP} [ATLAS_PLAN]")
    parser.add_argument("--database-url", default=os.environ.get("ATLAS_DATABASE_URL", ""), help="[ATLAS_DATABASE_URL]")
    parser.add_argument("--data-folder", default=os.environ.get("ATLAS_DATA_FOLDER", ""), help="[ATLAS_DATA_FOLDER]")
    parser.add_argument(
        "--today", type=_day, default=os.environ.get("ATLAS_TODAY", ""), help=f"{TODAY_HELP} [ATLAS_TODAY]"
    )
    chosen = parser.parse_args(given)
    if chosen.period and not PERIOD.fullmatch(chosen.period):
        print(
            f"--period 应写成 2024、2025Q3 或 2025-09，现为 {chosen.period!r} / "
            f"--period must be like 2024, 2025Q3 or 2025-09, not {chosen.period!r}",
            file=sys.stderr,
        )
        return 2
    try:
        atlas = open_atlas(chosen.boundaries or None, chosen.map_approval, chosen.today, plan=chosen.plan)
        store = open_store(chosen.database_url or None, atlas.published.observations, chosen.data_folder or None)
        store.check()
        view = View(period=canonical(chosen.period) or None, lang=chosen.lang)
        deck = ready_deck(atlas, Standings(atlas, store).of(view.period), view.period, view.lang)
    except (BoundaryError, DataError, StoreError, UnknownPeriod) as error:
        print(error, file=sys.stderr)
        return 2
    # In UTF-8 and with plain line ends, whatever the system's own.
    text = write_deck(deck).encode("utf-8")
    if not chosen.output:
        sys.stdout.flush()
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
        return 0
    try:
        Path(chosen.output).write_bytes(text)
    except OSError as error:
        print(f"不能写入 {chosen.output}：{error} / cannot write {chosen.output}: {error}", file=sys.stderr)
        return 2
    n = len(deck.scenes)
    print(f"已写入 {chosen.output}，{n} 个场景 / wrote {chosen.output}, {n} scenes")
    return 0


def server() -> Flask:
    """Return the WSGI application for another server, as in ``gunicorn 'app:server()'``; options by ``ATLAS_…``."""
    speak_anyhow()
    try:
        app = _chosen_app(arguments([]))
    except (BoundaryError, DataError, StoreError) as error:
        print(error, file=sys.stderr)
        # The one status at which gunicorn ends, and does not start worker after worker.
        raise SystemExit(3) from None
    app.journal.say("start", "command", "", "app:server()")
    return app.server


def _chosen_app(chosen: argparse.Namespace) -> AtlasApp:
    return create_app(
        chosen.boundaries or None,
        chosen.map_approval,
        chosen.database_url or None,
        chosen.data_folder or None,
        chosen.today,
        chosen.office,
        chosen.host,
        chosen.allowed_host,
        chosen.behind_proxy,
        os.environ.get("ATLAS_KEY", ""),  # no option: every user of the machine can read those
        chosen.most_decks,
        chosen.most_deck_bytes,
        chosen.log_bytes,
        partial(print, flush=True),
        chosen.plan,
    )


COMMANDS = {"import": import_figures, "deck": make_deck, "key": commands.make_key, "purge": commands.purge}
COMMANDS |= {"backup": commands.make_backup, "restore": commands.restore}


if __name__ == "__main__":
    sys.exit(main())
