"""The oldest browsers, Chromium 88 and Firefox 102: scripts and style sheets use nothing that came later.

Each row says what came later and with which Chromium, or with which Firefox where that was the later one. A real
Chromium 88 shows the pages in tests/browser/test_browser_floor.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from shipped import PLAN

import layouts
from layouts.facts.atlas import open_atlas
from layouts.parts.styles import sheet

ASSETS = Path(layouts.__file__).parents[1] / "assets"
SCRIPTS = {
    r"\bstructuredClone\(": 98,
    r"\bObject\.hasOwn\b": 93,
    r"\.at\(": 92,
    r"\.findLast(Index)?\(": 97,
    r"\.to(Sorted|Reversed|Spliced)\(|\.with\(": 110,
    r"\b(Object|Map)\.groupBy\b": 117,
    r"\bAbortSignal\.\w": 103,
    r"\.checkVisibility\(": 105,
    r"\bPromise\.(withResolvers|try)\b": 119,
    r"\bArray\.fromAsync\b": 121,
    r"\.(union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(": 122,
    r"\brandomUUID\b": 92,
    r"\bURL\.(canParse|parse)\b": 120,
    r"\b(is|to)WellFormed\b": 111,
    r"\bIntl\.(Segmenter|DurationFormat)\b": "Firefox 125",
    r"\bOffscreenCanvas\b": "Firefox 105",
    r"\.aria[A-Z]\w+ =[^=]": "Firefox 119",
    r"\b(show|hide|toggle)Popover\b|\bpopover\b": 114,
    r"\bshowPicker\b": 99,
    r"\bstartViewTransition\b": 111,
    r"\bscrollend\b": 114,
    r"\bscheduler\.": 94,
    r"\bIterator\.|\.(keys|values|entries)\(\)\.(map|filter|some|every|find|reduce|forEach|toArray)\b": 122,
    r"\bnew Error\([^;]*\bcause\b": 93,
    r"\bstatic \{": 94,
    r"#\w+ in \w": 91,
    r"[=(,:&|!?] ?/(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\n*])+/[a-z]*[dv][a-z]*[.,;)]": 90,  # flags d and v
    r":has\(": 105,
    r"\binert\b": 102,
    r"(?m)^(?!.*\basync\b)(?:\w.*[ (=])?await\b": 89,  # outside of any function
    r"\bimport\.meta\.resolve\b|\bimportmap\b": 105,
    r"\b(import|export)\b[^;\n]* (with|assert) \{": 123,
    r"\bfrom \"[^.]|\bexport \* as \w+ from \"[^.]": "import maps",
}
SHEETS = {
    r":has\(": 105,
    r"\d[dsl]v(h|w|i|b|min|max)\b": 108,
    r"\bcolor-mix\(|\b(ok)?l(ab|ch)\(|\bcolor\(": 111,
    r"\blight-dark\(": 123,
    r"@container|\bcontainer(-type|-name)?:|\dcq(w|h|i|b|min|max)\b": 105,
    r"@layer": 99,
    r"@scope|@starting-style|@position-try|@view-transition": 118,
    r"@property": "Firefox 128",
    r"[{;,}]\s*&": 112,
    r"\boverflow(-[xy])?: [^;}]*clip": 90,
    r"(?<![\w-])(translate|scale|rotate):": 104,
    r"@media[^{]*[<>]": 104,
    r"\b(round|mod|rem|sin|cos|tan|atan2?|sqrt|pow|hypot|exp|sign|abs)\(": 111,
    r"(?<![\w-])linear\(": 113,
    r"\d(lh|rlh|cap|ic)\b": 109,
    r":nth-(last-)?child\([^)]* of ": 111,
    r":(user-valid|user-invalid|popover-open|modal|open|dir)\b": 105,
    r"\b(field-sizing|interpolate-size|anchor-name|position-(area|anchor)|text-box)\b": 123,
    r"\bsubgrid\b": 117,
    r"\bimage-set\(": 113,
    r"(?<![\w-])mask(-\w+)?:": 120,
    r"\bbackdrop-filter\b": "Firefox 103",
    r"::backdrop \{[^}]*var\(": 122,
    r"(?<!contain-intrinsic-size: 50px; )contain-intrinsic-size: auto": 98,
    r"\btext-wrap\b": 114,
    r"\baccent-color\b": 93,
    r"\btext-decoration-thickness\b": 89,
    r"\bscrollbar-(width|color|gutter)\b": 121,
    r"(?<![\w-])zoom:": "Firefox 126",
}
# What may be missing, and why nobody misses it.
FINE = {
    r"\binert\b": "what is inert can be neither seen nor focused besides",
    r"\btext-wrap\b": "lines are then of unlike length",
    r"\baccent-color\b": "a bar is then of the browser's colour",
    r"\btext-decoration-thickness\b": "a line is then as thick as the browser has it",
    r"\bscrollbar-(width|color|gutter)\b": "bars are then wider; on a stage ::-webkit-scrollbar hides them",
    r"(?<![\w-])zoom:": "a meeting's stage is then enlarged by transform, and the rest is smaller",
}
GUARDED = re.compile(r"@supports \(height: 1dvh\) \{[^}]*\} \}")


def code(text: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<=[\s;{,])// [^\n]*", "", text, flags=re.S)


def sources() -> dict[str, str]:
    found = {
        str(path.relative_to(ASSETS)): code(path.read_text("utf-8"))
        for path in sorted(ASSETS.rglob("*"))
        if path.suffix in (".js", ".css") and path.parent.name != "vendor"
    }
    return found | {"classes.css": sheet(open_atlas(plan=PLAN))}


@pytest.mark.parametrize("suffix", [".js", ".css"])
def test_nothing_came_after_the_oldest_browsers(suffix):
    missed: list[str] = []
    fine = set()
    for name, text in sources().items():
        if not name.endswith(suffix):
            continue
        text = GUARDED.sub("", text)
        for pattern, since in (SCRIPTS if suffix == ".js" else SHEETS).items():
            if not (hit := re.search(pattern, text)):
                continue
            if pattern in FINE:
                fine.add(pattern)
            else:
                near = text[max(0, hit.start() - 40) : hit.end() + 20]
                missed.append(f"{name}: {near!r} came with {since if isinstance(since, str) else f'Chromium {since}'}")
    assert not missed, "\n".join(missed)
    assert fine == FINE.keys() & (SCRIPTS if suffix == ".js" else SHEETS).keys(), "a reason for what nothing uses"


def test_a_height_of_the_window_is_in_every_browser():
    """Where dvh is not known, the whole declaration would be dropped."""
    text = code((ASSETS / "style.css").read_text("utf-8"))
    assert "--screen: 100vh;" in text and len(GUARDED.findall(text)) == 1


def test_the_script_that_speaks_to_older_browsers_is_written_for_them():
    """Before 2015 (ES5) there was none of this, and one word of it would leave the reader without the sentence."""
    text = code((ASSETS / "floor.js").read_text("utf-8"))
    assert not re.search(r"=>|\b(let|const|class|async|await|of)\b|`|\?\.|\?\?|\.\.\.|,\s*[)\]}]", text)
