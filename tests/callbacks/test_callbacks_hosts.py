"""Every address that the product can print is on the list of hosts: pages, cards, exports, slides and annex."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from plan_files import PUBLISHED, facts, rows
from plotly.utils import PlotlyJSONEncoder

from callbacks import pages
from layouts.facts.pages import named
from layouts.facts.view import View
from layouts.pages import data as data_page

ADDRESS = re.compile(r"https?://[^\s\"'<>()（），；、|\\]+")
ALLOWED = {row["host"] for row in rows("hosts", PUBLISHED)}
# What a county page cannot be without: each county, 嘉峪关市 and the 14 prefectures.
PLACES = [f"/county/{adcode}" for adcode in (*sorted(facts()), "620200")]
PLACES += [f"/prefecture/{row['adcode']}" for row in rows("prefectures")]
COMPARED = "/compare?compare=620922,620702,622925,620924,620602,621122"


def hosts(text: str) -> set[str]:
    return {urlsplit(one).netloc for one in ADDRESS.findall(html.unescape(text))}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_of_places_and_their_cards(app, follow, lang):
    """Every one in Chinese; the addresses are the same in English, of which some are looked at."""
    found, step = set(), 1 if lang == "zh" else 8
    for path in PLACES[::step]:
        text = pages.sheet(app.standings, path, View(lang=lang))
        assert text
        found |= hosts(text)
    for adcode in sorted(facts())[::step]:
        found |= hosts(json.dumps(follow(f"county={adcode}&lang={lang}"), ensure_ascii=False))
    assert len(found) >= (8 if lang == "zh" else 1), "links of publishers are among them"
    assert found <= ALLOWED


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_other_pages(app, client, lang):
    found = set()
    for path in (*named(), COMPARED):
        mark = "&" if "?" in path else "?"
        answer = client.get(f"{path}{mark}lang={lang}")
        assert answer.status_code == 200, path
        found |= hosts(answer.text)
    shown = json.dumps(data_page.page(app.atlas, app.store, lang, True), cls=PlotlyJSONEncoder, ensure_ascii=False)
    found |= hosts(shown)
    assert found <= ALLOWED


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["counties", "observations", "progress", "compare"])
def test_the_tables(client, name, lang):
    query = COMPARED.partition("?")[2]
    text = client.get(f"/export/{name}.csv?lang={lang}&{query if name == 'compare' else ''}").data.decode("utf-8-sig")
    assert len(text) > 1000
    assert hosts(text) <= ALLOWED
    if name == "observations":
        assert len(hosts(text)) > 8


def test_the_slides(client):
    """What stands in a text, and what a click leads to; names of XML's own are no addresses."""
    found = set()
    with zipfile.ZipFile(io.BytesIO(client.get("/export/meeting.pptx").data)) as file:
        for name in file.namelist():
            if name.endswith(".rels"):
                for link in ElementTree.fromstring(file.read(name)):
                    if link.get("TargetMode") == "External":
                        found |= hosts(link.attrib["Target"])
            elif name.startswith(("ppt/slides/", "ppt/notesSlides/")) and name.endswith(".xml"):
                found |= hosts(" ".join(ElementTree.fromstring(file.read(name)).itertext()))
    assert found <= ALLOWED


def test_the_annex(client):
    book = load_workbook(io.BytesIO(client.get("/export/meeting.xlsx").data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    links = [str(cell.hyperlink.target or "") for cell in cells if cell.hyperlink]
    assert len(texts) > 1000
    assert hosts(" ".join([*texts, *links])) <= ALLOWED
