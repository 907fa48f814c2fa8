"""The command line and the served app: options, refusals, map approval, compression, caches."""

from __future__ import annotations

import ast
import gc
import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import brotli
import pytest
import warm
from days import TODAY
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import app as atlas_app
from app import AtlasApp, create_app, main
from callbacks.modules import Modules

ROOT = Path(atlas_app.__file__).parent
APPROVAL = "GS(2026)0001号"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


class Client(FlaskClient):
    """Reads every answer to its end, as a server does, so that no file stays open."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **more})


def lasting(content: bytes) -> str:
    """Return a sum of an answer without the word that Dash makes anew for each page; sums make short failures."""
    return sha256(re.sub(rb'"end_id":"[^"]*"', b"", content)).hexdigest()


def client_of(app: AtlasApp) -> Client:
    return Client(app.server, app.server.response_class)


@pytest.fixture(scope="module")
def app() -> AtlasApp:
    return create_app(approval=APPROVAL, today=TODAY)


@pytest.fixture(scope="module")
def client(app: AtlasApp) -> Client:
    return client_of(app)


@pytest.fixture
def no_settings(monkeypatch):
    """Take away what the tester's own environment may set."""
    for name in [name for name in os.environ if name.startswith("ATLAS_")]:
        monkeypatch.delenv(name)


def run(*given: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")} | settings
    return warm.run(list(given), environment)


# ---- the command line -------------------------------------------------------------------------------------------


def options() -> list[str]:
    """Return the options that app.py defines, read from its source."""
    calls = [node for node in ast.walk(ast.parse((ROOT / "app.py").read_text("utf-8"))) if isinstance(node, ast.Call)]
    return [call.args[0].value for call in calls if isinstance(call.func, ast.Name) and call.func.id == "option"]


def test_help_lists_every_option_with_its_environment_name():
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert {"--host", "--port", "--threads", "--boundaries", "--map-approval"} <= set(options())
    for name in options():
        assert name in done.stdout
        assert f"[ATLAS_{name.strip('-').replace('-', '_').upper()};" in re.sub(r"\s+", " ", done.stdout)


def test_the_office_and_the_day_stand_in_a_meetings_data_and_the_missing_approval_is_the_presenters(tmp_path):
    client = client_of(create_app(data_folder=str(tmp_path), office="某某办公室</script>"))
    page = client.get("/meeting/ready").text
    data = json.loads(re.search(r'<script id="deck-data"[^>]*>(.*?)</script>', page, re.S)[1])
    day, office = data["stamp"]
    assert re.fullmatch(r"截至\d{4}-\d\d-\d\d", day) and office == "某某办公室</script>"
    assert "审图号" in data["unapproved"]


def test_an_option_wins_over_its_environment_name(monkeypatch, no_settings):
    monkeypatch.setenv("ATLAS_PORT", "9001")
    monkeypatch.setenv("ATLAS_MAP_APPROVAL", APPROVAL)
    assert atlas_app.arguments([]).port == 9001
    assert atlas_app.arguments([]).map_approval == APPROVAL
    monkeypatch.setenv("ATLAS_OFFICE", "某某办公室")
    assert atlas_app.arguments([]).office == "某某办公室"
    assert atlas_app.arguments(["--port", "9002"]).port == 9002
    assert atlas_app.arguments([]).host == "127.0.0.1"


@pytest.mark.parametrize("option", ["--port", "--threads"])
@pytest.mark.parametrize("value", ["0", "65536", "-1", "80a", "", "8 0", "²", "1.5"])
def test_a_bad_number_is_refused_with_a_sentence(capsys, no_settings, option, value):
    with pytest.raises(SystemExit) as stopped:
        main([f"{option}={value}"])
    said = capsys.readouterr().err
    assert stopped.value.code == 2
    assert f"{option} 应是" in said
    assert "must be a whole number" in said
    assert "Traceback" not in said


def test_a_bad_number_in_the_environment_is_refused_too():
    done = run(ATLAS_PORT="http")
    assert done.returncode == 2
    assert "'http'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def leftovers():
    """Clear away what a refused server leaves open, for the process would have ended."""
    yield
    gc.collect()


unclosed = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@unclosed
@pytest.mark.usefixtures("leftovers")
def test_a_port_in_use_is_said_and_ends_with_2(capsys, no_settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert f"127.0.0.1:{port}" in said
    assert "--port" in said


@unclosed
@pytest.mark.usefixtures("leftovers")
@pytest.mark.parametrize("host", ["not-a-host.invalid", "203.0.113.9"])
def test_a_host_that_is_not_ours_is_said_and_ends_with_2(capsys, no_settings, host):
    assert main(["--host", host, "--port", "8051"]) == 2
    assert host in capsys.readouterr().err


def test_a_boundary_file_that_is_not_there_is_one_sentence_and_ends_with_2():
    done = run("--boundaries", "没有.shp")
    assert done.returncode == 2
    assert "没有.shp" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 400


@pytest.mark.parametrize(
    "content", ["not a map\n", "", "{}", '{"type":"FeatureCollection","features":[]}', "PK\x03\x04"]
)
@pytest.mark.parametrize("ending", ["txt", "shp", "zip", "geojson", "gpkg"])
def test_what_is_no_boundary_file_is_refused_with_2(tmp_path, capsys, no_settings, content, ending):
    path = tmp_path / f"边界.{ending}"
    path.write_text(content, encoding="utf-8")
    assert main(["--boundaries", str(path)]) == 2
    said = capsys.readouterr().err
    assert path.name in said
    assert re.search(r"[\u4e00-\u9fff]", said)
    assert "Traceback" not in said


def test_a_folder_is_no_boundary_file(tmp_path, capsys, no_settings):
    assert main(["--boundaries", str(tmp_path)]) == 2
    assert "Traceback" not in capsys.readouterr().err


# ---- map approval -----------------------------------------------------------------------------------------------


def test_the_approval_number_stands_on_the_page_in_its_data_and_in_the_exports(client):
    data = re.search(r'<script id="atlas-data"[^>]*>(.*?)</script>', client.get("/").text, re.S)[1]
    for lang in ("zh", "en"):
        assert json.loads(data)["sources"][lang][-1].endswith(APPROVAL)
        assert APPROVAL in client.get(f"/export/counties.csv?lang={lang}").data.decode("utf-8-sig")
    assert APPROVAL in json.dumps(client.get("/_dash-layout").json, ensure_ascii=False)


def test_an_approval_number_cannot_write_html():
    page = client_of(create_app(approval="</script><script>alert(1)</script>", today=TODAY)).get("/").text
    assert "<script>alert(1)" not in page


# ---- compression and caches -------------------------------------------------------------------------------------

MODULE = "map/county_map.js"
MODULES = Modules(ROOT / "assets" / "js").urls()
STATIC = [
    "/assets/style.css?m=1",
    MODULES[MODULE],
    "/assets/vendor/plotly-basic.min.js?m=1",
    "/assets/vendor/d3-zoom.js?m=1",
]
CHANGING = ["/", "/?lang=en&theme=dark", "/export/counties.csv", "/_dash-layout", "/_dash-dependencies"]


@pytest.mark.parametrize("encoding", UNPACK)
@pytest.mark.parametrize("path", STATIC + CHANGING)
def test_both_encodings_unpack_to_the_plain_answer_again_and_again(client, path, encoding):
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    for _ in range(2):
        packed = client.get(path, headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) * 0.6
        assert lasting(UNPACK[encoding](packed.data)) == lasting(plain.data)


def test_what_changes_is_never_answered_from_the_cache(client):
    """One address after another through the same cache: each must get its own."""
    headers = {"Accept-Encoding": "br"}
    paths = [
        "/",
        "/?lang=en",
        "/?band=B1",
        "/export/counties.csv?band=B1",
        "/export/counties.csv?band=B2",
        "/_dash-layout",
    ]
    answers = [lasting(brotli.decompress(client.get(path, headers=headers).data)) for path in paths * 2]
    assert len(set(answers)) == len(paths)
    assert answers[: len(paths)] == answers[len(paths) :]


@pytest.mark.parametrize("path", STATIC)
def test_a_static_file_is_kept_for_a_year(client, path):
    assert client.get(path).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_every_script_and_style_of_the_page_is_kept_long(client):
    named = re.findall(r'(?:src|href|data-plotly|data-plotly-locale)="(/[^"]+)"', client.get("/").text)
    for address in named:
        age = re.search(r"max-age=(\d+)", client.get(address).headers.get("Cache-Control", ""))
        assert age, address
        assert int(age[1]) >= 31_536_000, address


def test_the_page_itself_is_asked_for_each_time(client):
    assert client.get("/").headers["Cache-Control"] == "no-cache"


def test_an_address_without_the_files_time_is_not_kept_for_ever(client):
    assert "immutable" not in client.get("/assets/style.css").headers.get("Cache-Control", "")
    assert "immutable" not in client.get("/assets/nothing.css?m=1").headers.get("Cache-Control", "")


def test_a_module_of_another_version_is_answered_but_not_kept(client):
    """A page that was open during an update asks for what it names."""
    answer = client.get(f"/assets/0123456789/js/{MODULE}")
    assert answer.status_code == 200 and "immutable" not in answer.headers.get("Cache-Control", "")
    assert answer.data == (ROOT / "assets" / "js" / MODULE).read_bytes()
    assert client.get("/assets/0123456789/js/nothing.js").status_code == 404
    assert client.get("/assets/0123456789/js/../../app.py").status_code == 404


@unclosed
@pytest.mark.usefixtures("leftovers")
def test_a_part_of_a_file_does_not_spoil_the_kept_whole(app):
    client, path = client_of(app), MODULES[MODULE]
    whole = lasting((ROOT / "assets" / "js" / MODULE).read_bytes())
    client.get(path, headers={"Accept-Encoding": "br", "Range": "bytes=0-2000"})
    client.head(path, headers={"Accept-Encoding": "br"})
    assert lasting(brotli.decompress(client.get(path, headers={"Accept-Encoding": "br"}).data)) == whole


def test_a_known_file_is_not_sent_again(client):
    headers = {"Accept-Encoding": "br"}
    tag = client.get(MODULES[MODULE], headers=headers).headers["ETag"]
    answer = client.get(MODULES[MODULE], headers=headers | {"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_file_that_changed_under_a_running_server_is_not_answered_old(tmp_path, monkeypatch):
    """After an update in place the page asks for the new time; old bytes under it would be kept for a year."""
    shutil.copytree(ROOT / "assets", tmp_path / "assets", copy_function=shutil.copyfile)
    monkeypatch.setattr(atlas_app, "HERE", tmp_path)
    client = client_of(create_app(today=TODAY))
    path = tmp_path / "assets" / "js" / MODULE
    headers = {"Accept-Encoding": "br"}

    def asked() -> tuple[str, bytes]:
        address = re.search(rf'href="(/assets/\w+/js/{MODULE})"', client.get("/").text)[1]
        return address, brotli.decompress(client.get(address, headers=headers).data)

    before, old = asked()
    path.write_bytes(old + b"\n/* changed */\n")
    os.utime(path, (2_000_000_000, 2_000_000_000))
    after, new = asked()
    assert before != after
    assert lasting(new) == lasting(path.read_bytes())


def test_a_page_weighs_little_before_its_map_is_painted(client):
    """At most 600 KB over the wire: the page, and the scripts and styles that stand before Dash's."""
    headers = {"Accept-Encoding": "br"}
    answer = client.get("/", headers=headers)
    page = brotli.decompress(answer.data).decode()
    early = re.findall(r'(?:src|href)="(/[^"]+)"', page.split('id="react-entry-point"')[0])
    assert len(early) >= 8
    assert len(answer.data) + sum(len(client.get(address, headers=headers).data) for address in early) < 600_000


def test_debug_is_off(app):
    assert not app.server.debug
    assert not app.server.testing
    assert app._dev_tools.props_check is False
    assert app._dev_tools.ui is False


def test_another_server_gets_the_same_app(monkeypatch, no_settings):
    monkeypatch.setenv("ATLAS_MAP_APPROVAL", APPROVAL)
    monkeypatch.setattr(sys, "argv", ["gunicorn", "app:server()", "--bind", ":80"])
    server = atlas_app.server()
    assert APPROVAL in Client(server, server.response_class).get("/").text
