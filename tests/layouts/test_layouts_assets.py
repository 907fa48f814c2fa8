"""The files of assets/: the vendored ones are what LIST.csv says they are, and none of them calls an outside host."""

from __future__ import annotations

import csv
import re
from hashlib import sha256
from pathlib import Path

import pytest

import layouts

ASSETS = Path(layouts.__file__).parents[1] / "assets"
VENDOR = ASSETS / "vendor"
with (VENDOR / "LIST.csv").open(encoding="utf-8", newline="") as listed:
    LIST = list(csv.DictReader(listed))
# Packages that print no version in their files; the sums above stand for them.
SILENT = {"accessible-autocomplete", "plotly.js"}
# Addresses in vendored code that this app never asks for, and that the security policy would refuse: Plotly's maps
# (the basic bundle draws none), "share" button and logo (both off); the licence notice of core-js.
UNUSED = {
    "plotly-basic.min.js": {"cdn.plot.ly", "cloud.plotly.com", "plotly.com"},
    "accessible-autocomplete.min.js": {"github.com"},
}
NAMESPACES = re.compile(r"http://www\.w3\.org/(2000/svg|2000/xmlns/|1999/xlink|1999/xhtml|XML/1998/namespace)")
HOST = re.compile(r"""(?:\b(?:https?|wss?|ftp):)//([\w.-]+)|["'(=\s]//([\w-]+(?:\.[\w-]+)+)""", re.I)


def code(path: Path) -> str:
    """Return a file without its comments and without XML namespaces."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"(?m)^\s*//.*$", "", text)
    return NAMESPACES.sub("", text)


def test_every_vendored_file_is_listed_with_package_version_and_licence():
    assert {row["file"] for row in LIST} == {path.name for path in VENDOR.iterdir()} - {"LIST.csv"}
    for row in LIST:
        assert re.fullmatch(r"\d+\.\d+\.\d+", row["version"])
        assert row["licence"] in {"MIT", "ISC", "BSD-3-Clause"}
        assert row["package"]
        assert row["inner"].endswith((".js", ".css"))


@pytest.mark.parametrize("folder", ["assets/vendor", "benchmarks/vendor"])
def test_a_vendored_file_is_the_packages_own(folder):
    """LIST.csv has the sum of each file as npm packed it: those of its rows, with a line end after each."""
    home = ASSETS.parent / folder
    with (home / "LIST.csv").open(encoding="utf-8", newline="") as listed:
        sums = {(row["file"], row["sha256"]) for row in csv.DictReader(listed)}
    assert sums == {(file, sha256((home / file).read_bytes()).hexdigest()) for file, _ in sums}


@pytest.mark.parametrize("row", [row for row in LIST if row["package"] not in SILENT], ids=lambda row: row["package"])
def test_a_vendored_file_states_the_version_it_is_listed_with(row):
    text = (VENDOR / row["file"]).read_text(encoding="utf-8")
    name = {"bootstrap": r"Bootstrap\s+", "plotly.js-basic-dist-min": r"plotly\.js \(basic - minified\) "}
    before = name.get(row["package"], rf"{re.escape(row['package'])}/ ")
    assert re.search(rf"{before}v{re.escape(row['version'])}\b", text)


def test_plotlys_bundle_and_locale_are_of_the_version_that_draws_the_figures():
    from plotly.offline import get_plotlyjs_version

    versions = {row["version"] for row in LIST if row["package"].startswith("plotly.js")}
    assert versions == {get_plotlyjs_version()}


@pytest.mark.parametrize(
    "path", sorted(p for p in ASSETS.rglob("*") if p.suffix in {".js", ".css", ".svg"}), ids=lambda p: p.name
)
def test_no_file_calls_an_outside_host(path):
    hosts = {one or other for one, other in HOST.findall(code(path))}
    assert hosts <= UNUSED.get(path.name, set())
    if path.suffix == ".css":
        assert not re.search(r"@import|url\((?!\s*[\"']?(data:|#))", code(path))


@pytest.mark.parametrize(
    "path", sorted(path for path in ASSETS.rglob("*.js") if path.parent != VENDOR), ids=lambda path: path.name
)
def test_our_scripts_write_no_html_and_run_no_text(path):
    """But for one place: a page that Python wrote, where all text is escaped (see test_layouts_markup)."""
    text = path.read_text("utf-8")
    found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    assert found == (["innerHTML"] if path.name == "sheets.js" else [])
    if found:
        # A page is made of an answer of Python's or of a deck that Python wrote, and of nothing else.
        assert re.findall(r"(?<!function )\bmade\(([^,]+),", text) == ["html"] * 3
        asked = r"await \(await server\.ask\(path\)\)\.text\(\);\s+return \[\.\.\.made\(html, null\)"
        assert re.search(asked, text)
        assert re.search(r"function preload\(key, html\) \{[^}]*made\(html, null\)", text)
        assert re.search(r"function made\(html, .*\{\n.*\n  page\.innerHTML = html;", text)
