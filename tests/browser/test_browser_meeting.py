"""A meeting: presented by keyboard, with and without its server, in two windows, on paper; and its decks, edited."""

from __future__ import annotations

import io
import json
import re
import unicodedata

import pytest
from atlas_server import AtlasServer
from axe_playwright_python.sync_playwright import Axe
from plan_files import by_option
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from test_browser_axe import RULES
from watched import settle

STAGE = (1920, 1080)
OPENING = 60_000  # ms; a ready deck is all of the atlas's findings, made at once, on a machine that may have much to do
SMALLEST = 23.9  # px; 24, less what an em is rounded by
OFFICE = "甘肃省加快县域经济高质量发展领导小组办公室"
HELD = by_option()
# How many lines each scene's title takes, and the size of its type.
TITLES = """() => Atlas.meeting.scenes.map((scene, at) => {
  Atlas.meeting.show(at);
  const title = document.getElementById("scene-title"), range = document.createRange();
  range.selectNodeContents(title);
  const tops = [...range.getClientRects()].filter((box) => box.width > 1).map((box) => Math.round(box.top));
  return [title.textContent, new Set(tops).size, parseFloat(getComputedStyle(title).fontSize)];
})"""
LOST = (
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_CONTENT_LENGTH_MISMATCH",
    "ERR_SOCKET_NOT_CONNECTED",
    "ERR_EMPTY_RESPONSE",
    "the server did not respond",
)
# Every text on the stage: its size on the screen, and whether it or its page reaches over the stage's edge.
SMALL = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let node;
  while ((node = walker.nextNode())) {
    const place = node.parentElement, text = node.textContent.trim();
    if (!text || place.closest("script, style, noscript, title, defs, .visually-hidden, #wings")) continue;
    if (!place.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 1 || box.bottom <= 0 || box.top >= innerHeight) continue;
    const matrix = place.closest("svg") && place.getScreenCTM?.();
    const times = matrix ? Math.hypot(matrix.b, matrix.d) : place.currentCSSZoom;
    const size = parseFloat(getComputedStyle(place).fontSize) * times;
    const scroller = place.closest("#scene-source");
    if (size < least) found.push(`${size.toFixed(1)} px: ${text.slice(0, 20)}`);
    if (box.right > innerWidth + 1 && !scroller) found.push(`over the edge: ${text.slice(0, 20)}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Return a server with a store of its own, where decks may be kept."""
    running = AtlasServer("--data-folder", str(tmp_path_factory.mktemp("decks")), "--office", OFFICE).wait()
    yield running
    assert "Traceback" not in running.stop()


@pytest.fixture
def mortal(tmp_path):
    """Return a server that a test may stop and start again."""
    running = AtlasServer("--data-folder", str(tmp_path)).wait()
    yield running
    assert "Traceback" not in running.stop()


def present(visit, url: str, deck: str = "ready", query: str = "", size=STAGE) -> Page:
    """Open a deck on the stage and wait until all of it is here."""
    page = visit.blank(size=size, on=url)
    page.set_default_timeout(OPENING)
    page.goto(f"{url}/meeting/{deck}{'?' + query if query else ''}", wait_until="commit")
    page.wait_for_function("() => window.Plotly && !document.documentElement.classList.contains('is-starting')")
    settle(page)
    return page


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def at(page: Page) -> int:
    return page.evaluate("Atlas.meeting.current") + 1


def matching(page: Page) -> set[str]:
    found = page.evaluate(
        "() => [...document.querySelectorAll('path.county[data-match=\"1\"]')].map((one) => one.dataset.adcode)"
    )
    return set(found)


def test_a_meeting_goes_on_by_keyboard_alone_when_the_server_stops_half_way(visit, mortal):
    page = present(visit, mortal.url)
    scenes = page.evaluate("Atlas.meeting.scenes.map(({ title, path, query }) => ({ title, path, query }))")
    assert len(scenes) == 47
    seen = []
    for number in range(1, 48):
        if number == 18:
            visit.allow(*LOST)
            assert "Traceback" not in mortal.stop()
        if number > 1:
            keys(page, ("PageDown", "ArrowRight", "Space")[number % 3])
        # No waiting: the scene is there when its key has been handled.
        state = page.evaluate(
            """() => {
              const byId = (id) => document.getElementById(id);
              return {
                title: byId("scene-title").textContent, count: byId("scene-count").textContent,
                page: document.documentElement.dataset.page, map: byId("county-map").checkVisibility(),
                sheet: byId("sheet").innerText.length, path: Atlas.path,
                query: Atlas.write({ ...Atlas.view, lang: "zh", theme: "light" }),
              };
            }"""
        )
        expected = scenes[number - 1]
        assert (state["title"], state["path"], state["query"]) == (
            expected["title"],
            expected["path"],
            expected["query"],
        )
        assert state["count"] == f"{number} / 47"
        assert state["sheet"] > 60 if state["page"] != "map" else state["map"] or "panels" in state["query"]
        seen.append(state["page"])
    assert seen.count("prefecture") == 27 and seen.count("progress") == 1
    keys(page, "PageDown")
    assert at(page) == 47
    expect(page.locator("#scene-names")).to_contain_text("不知道的")
    page.wait_for_function("() => location.hash === '#47'")

    # The progress page is one composition, whole on the screen: tiles, and beside them whom to call.
    keys(page, "1", "9", "Enter")
    expect(page.locator(".tile:visible")).to_have_count(87)
    for part in (".tiles", ".call-section"):
        box = page.locator(part).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= STAGE[1], part
    # Live inside a scene: the legend filters, a key captured brings the scene back.
    keys(page, "5", "Enter")
    assert matching(page) == HELD["C2"]
    expect(page.locator("#scene-names span")).to_have_count(len(HELD["C2"]))
    page.locator('[data-legend="C4"]').focus()
    keys(page, "Enter")
    assert matching(page) == HELD["C2"] | HELD["C4"]
    expect(page.locator("#map-sentence")).to_have_text(
        re.compile(rf"^{len(HELD['C2'] | HELD['C4'])}\b|{len(HELD['C2'] | HELD['C4'])} 个")
    )
    page.evaluate("() => { Atlas.map.zoomBy(3); Atlas.map.focusOn(Atlas.numberOf['620922']); }")
    keys(page, "Enter")
    expect(page.locator("#card")).to_contain_text("瓜州县")
    expect(page.locator("#card")).to_contain_text("连接中断")
    expect(page.locator("#scene-lost")).to_be_visible()
    keys(page, "t")
    expect(page.locator("html")).to_have_class(re.compile("in-tiles"))
    keys(page, "r")
    assert matching(page) == HELD["C2"]
    expect(page.locator("html")).not_to_have_class(re.compile("in-tiles"))
    assert page.evaluate("[Atlas.view.county, document.getElementById('zoom').getAttribute('transform')]") in (
        [None, "translate(0,0) scale(1)"],
        [None, None],
    )
    # Blank, help, and out: a page that cannot come is not gone to.
    keys(page, "b")
    expect(page.locator("#scene-blank")).to_be_visible()
    keys(page, "b", "?")
    expect(page.locator("#scene-help")).to_be_visible()
    keys(page, "Escape")
    expect(page.locator("#scene-help")).to_be_hidden()
    keys(page, "a")
    expect(page.locator("html")).to_have_class(re.compile("is-auto"))
    keys(page, "Home")
    expect(page.locator("html")).not_to_have_class(re.compile("is-auto"))
    assert at(page) == 1
    keys(page, "End", "Escape")
    expect(page.locator("#scene-toast")).to_contain_text("放映照常")
    assert at(page) == 47
    assert page.locator("._dash-error, .dash-debug-error-count, [class*=error-container]").count() == 0

    mortal.start()
    mortal.wait()
    keys(page, "Escape")
    page.wait_for_url("**/meeting")
    expect(page.locator("#sheet h2").first).to_be_visible()


def test_two_windows_keep_in_step(visit, own):
    stage = present(visit, own.url)
    with stage.context.expect_page() as opened:
        keys(stage, "p")
    notes = opened.value
    notes.wait_for_selector("#presenter h2")
    heading = notes.locator("#presenter h2")
    expect(heading).to_contain_text("1 / 47")
    scenes = stage.evaluate("Atlas.meeting.scenes.map(({ title, note }) => ({ title, note }))")

    def mirrors() -> list[int]:
        return [frame.evaluate("window.Atlas?.meeting?.current ?? -1") for frame in notes.frames[1:]]

    expect(notes.locator("#presenter-told")).to_contain_text("没有设置审图号")
    keys(stage, "PageDown")
    expect(notes.locator("#presenter-told")).to_be_empty()
    expect(heading).to_contain_text(f"2 / 47 · {scenes[1]['title']}")
    expect(notes.locator("#presenter-note")).to_have_text(scenes[1]["note"])
    expect(notes.locator("#presenter aside")).to_contain_text(scenes[2]["title"])
    notes.bring_to_front()
    keys(notes, "4", "Enter")
    expect(stage.locator("#scene-title")).to_have_text(scenes[3]["title"])
    for _ in range(50):
        if mirrors() == [3, 4]:
            break
        notes.wait_for_timeout(100)
    assert mirrors() == [3, 4]
    keys(notes, "b")
    expect(stage.locator("#scene-blank")).to_be_visible()
    keys(notes, "b", "t")
    expect(stage.locator("html")).to_have_class(re.compile("in-tiles"))
    # Many keys at once: neither window pulls the other back.
    keys(stage, *["PageDown"] * 9)
    expect(heading).to_contain_text("13 / 47")
    keys(notes, *["PageDown"] * 3)
    expect(stage.locator("#scene-count")).to_have_text("16 / 47")
    notes.wait_for_timeout(400)
    assert at(stage) == at(notes) == 16
    # The small windows in it take no key, whatever page they show.
    keys(notes, "1", "9", "Enter")
    expect(stage.locator("#scene-count")).to_have_text("19 / 47")
    notes.wait_for_timeout(400)
    keys(notes, "PageDown")
    expect(stage.locator("#scene-count")).to_have_text("20 / 47")
    assert re.fullmatch(r"\d\d:\d\d:\d\d", notes.locator(".clocks time").first.inner_text())
    notes.close()


def test_a_title_is_that_of_what_is_seen(visit, own):
    """From a prefecture's page to its turn; another view than the scene's has its own name, a scene's page is shown."""
    page = visit.blank(on=own.url)
    page.goto(f"{own.url}/prefecture/620900?lang=zh")
    page.locator(".turn-ways a", has_text="放映本市州").click()
    page.wait_for_function("() => window.Atlas?.meeting")
    settle(page)
    title = page.locator("#scene-title")
    expect(title).to_contain_text("酒泉")
    turn, number = title.inner_text(), at(page)
    assert number > 1 and page.evaluate("Atlas.path") == "/prefecture/620900"
    page.evaluate("Atlas.go('/'); Atlas.change({ layer: 'cluster' })")
    expect(title).to_have_text("工业产业集群")
    assert at(page) == number
    page.evaluate("Atlas.go('/county/620702')")
    expect(title).to_have_text("甘州区")
    page.evaluate("Atlas.go('/prefecture/620700')")
    expect(title).to_contain_text("张掖")
    assert at(page) != number, "it is a scene of the deck, and that scene is shown"
    page.evaluate("location.hash = '#/prefecture/620900'")
    expect(title).to_have_text(turn)
    assert at(page) == number


@pytest.mark.parametrize("query", ["", "lang=en&theme=dark"])
def test_the_back_row_and_a_screen_reader_can_read_it(visit, own, query):
    page = present(visit, own.url, query=query)
    page.emulate_media(reduced_motion="reduce")
    titles = page.evaluate(TITLES)
    assert len(titles) == 47
    assert not [one for one in titles if one[1] != 1 or one[2] < SMALLEST]
    found = {}
    for number in (1, 5, 17, 18, 19, 21, 36, 47):
        page.evaluate("number => Atlas.meeting.show(number - 1)", number)
        page.wait_for_timeout(250)
        wrong = page.evaluate(SMALL.replace("least", str(SMALLEST)))
        foot = page.locator("#scene-source").inner_text()
        if OFFICE not in foot or not re.search(r"(截至|As of )\d{4}-\d\d-\d\d", foot):
            wrong.append(f"no day or office: {foot}")
        if re.search("审图号|approval|frykit", page.locator("body").inner_text()):
            wrong.append("what is the presenter's alone, or the data page's")
        if wrong:
            found[number] = wrong
    assert not found
    # The county under the pointer is described beside it, however the stage is enlarged.
    page.evaluate("Atlas.meeting.show(0)")
    page.locator("#c620922").hover()
    box, shape = page.locator("#hover-card").bounding_box(), page.locator("#c620922").bounding_box()
    middle = (shape["x"] + shape["width"] / 2, shape["y"] + shape["height"] / 2)
    assert 0 < box["x"] - middle[0] < 60 and abs(box["y"] - middle[1]) < 60
    # Nothing is in the way of a screen reader either, on these scenes and in the help over them.
    serious = []
    for number in (19, 29) if not query else (4,):
        page.evaluate("number => Atlas.meeting.show(number - 1)", number)
        page.wait_for_timeout(300)
        serious += problems(page, f"scene {number}")
    keys(page, "?")
    serious += problems(page, "help")
    assert not serious, "\n".join(serious)


def test_a_view_is_captured_edited_and_presented(visit, own):
    page = visit("layer=cluster&cluster=C1", on=own.url)
    keys(page, "s")
    dialog = page.locator("#capture")
    expect(dialog).to_be_visible()
    assert "9" in dialog.locator("input").input_value()
    dialog.locator("input").fill("第一景：先进制造")
    dialog.locator("textarea").fill("记得说装备制造。")
    dialog.locator(".btn-primary").click()
    expect(page.locator("#notice")).to_contain_text("共1景")
    page.evaluate("Atlas.clear(); Atlas.change({ layer: 'band', compare: ['620922', '620923'] })")
    paths = ("/progress", "/county/620922", "/prefecture/620100", "/overlap", "/compare")
    for kept, path in enumerate(paths, 2):
        page.evaluate("(path) => Atlas.go(path)", path)
        page.locator(f"html[data-page={path.split('/')[1]}] #sheet .sheet h2").first.wait_for()
        keys(page, "s")
        expect(dialog).to_be_visible()
        assert dialog.locator("select").input_value() == "d1"
        expect(dialog.locator("input")).not_to_have_value("")
        keys(page, "Tab", "Tab", "Tab", "Enter")
        expect(page.locator("#notice")).to_contain_text(f"共{kept}景")

    page.goto(own.url + "/meeting")
    settle(page)
    page.locator('[data-focus="d1 edit"]').focus()
    keys(page, "Enter")
    titles = page.locator(".scene input")
    expect(titles).to_have_count(6)
    expect(page.locator('[data-focus="d1 edit"]')).to_be_focused()
    views = page.locator(".scene code").all_inner_texts()
    assert views[0] == "/?layer=cluster&cluster=C1" and views[-1] == "/compare?compare=620922,620923"
    # Two changes at once: the second is not lost, nor refused as stale.
    titles.nth(1).fill("第二景")
    keys(page, "Tab")
    page.keyboard.type("讲稿正在写")
    page.locator('[data-focus="scene2 down"]').click()
    expect(page.locator(".scene code").nth(3)).to_have_text(views[2])
    expect(page.locator('[data-focus="scene3 down"]')).to_be_focused()
    assert titles.nth(1).input_value() == "第二景"
    assert page.locator(".scene textarea").nth(1).input_value() == "讲稿正在写"
    page.locator('[data-focus="scene0 copy"]').click()
    expect(titles).to_have_count(7)
    page.locator('[data-focus="scene6 delete"]').click()
    expect(titles).to_have_count(6)
    page.locator('[data-focus="d1 undo"]').click()
    expect(titles).to_have_count(7)

    # Another editor of the same deck: refused with a sentence, and nothing typed is lost.
    other = visit.blank(on=own.url)
    other.goto(own.url + "/meeting")
    settle(other)
    other.locator('[data-focus="d1 edit"]').click()
    theirs = other.locator(".scene input")
    expect(theirs).to_have_count(7)
    titles.first.fill("先存的")
    keys(page, "Tab")
    expect(page.locator(".deck-head small").first).to_be_visible()
    page.wait_for_timeout(500)
    theirs.first.fill("后存的")
    keys(other, "Tab")
    expect(other.locator("#deck-said")).to_contain_text("没有存入")
    assert theirs.first.input_value() == "后存的"
    other.locator('[data-focus="save as"]').click()
    expect(other.locator(".deck")).to_have_count(2)
    other.reload()
    settle(other)
    other.locator('[data-focus="d2 edit"]').click()
    assert theirs.first.input_value() == "后存的"
    other.locator('[data-focus="d2 delete"]').click()
    expect(other.locator(".deck")).to_have_count(1)
    other.locator("#decks details summary").click()
    other.locator('[data-focus="d2 back"]').click()
    expect(other.locator(".deck")).to_have_count(2)
    other.close()

    # The file, and a file with faults.
    saved = page.request.get(own.url + "/export/meeting.yaml?deck=d1").text()
    assert "先存的" in saved and "/?layer=cluster&cluster=C1" in saved
    bad = saved.replace("cluster=C1", "cluster=C9").replace("- title: 第二景", "- titel: 第二景")
    wrong = [number for number, line in enumerate(bad.splitlines(), 1) if "C9" in line or "titel" in line]
    choose = page.locator(".deck-file input")
    choose.set_input_files({"name": "bad.yaml", "mimeType": "text/yaml", "buffer": bad.encode()})
    for line in wrong:
        expect(page.locator("#deck-said")).to_contain_text(f"{line}：")
    choose.set_input_files({"name": "good.yaml", "mimeType": "text/yaml", "buffer": saved.encode()})
    expect(page.locator("#deck-said")).to_contain_text("已读入 good.yaml")
    expect(page.locator(".deck")).to_have_count(3)

    shown = present(visit, own.url, "d1")
    assert shown.locator("#scene-title").inner_text() == "先存的"
    assert matching(shown) == HELD["C1"]
    keys(shown, "End")
    expect(shown.locator("#sheet")).to_contain_text("瓜州县")


def test_nothing_serious_for_a_screen_reader_in_the_list_of_decks(visit, own):
    found = []
    for query in ("", "lang=en&theme=dark"):
        page = visit.blank(on=own.url)
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{own.url}/meeting?{query}")
        settle(page)
        edit = page.locator('[data-focus$=" edit"]')
        if not edit.count():
            page.locator('[data-deck-op="new"]').click()
        else:
            edit.first.click()
        page.locator(".scene").first.wait_for()
        found += problems(page, f"list {query}")
    assert not found, "\n".join(found)


def problems(page: Page, where: str) -> list[str]:
    violations = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{where}: {one['id']}: {one['nodes'][0]['target']} {str(one['nodes'][0]['any'])[:300]}"
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]


def test_on_paper_each_scene_is_a_page_of_text(visit, own):
    """A map, panels, tiles, charts and a prefecture; the ready deck's thirty more are of the same kinds."""
    views = ("/", "/?layer=cluster&map=panels", "/?layer=progress&map=tile", "/progress", "/prefecture/620900")
    scenes = [{"title": f"纸上第{number}景", "view": view, "note": "讲稿"} for number, view in enumerate(views, 1)]
    page = visit.blank(on=own.url)
    page.goto(own.url + "/meeting")
    settle(page)
    kept = page.locator(".deck").count()
    page.evaluate(
        "(text) => Atlas.server.json('/decks', { op: 'file', text, lang: 'zh' }).then(() => location.reload())",
        json.dumps({"deck": "纸", "scenes": scenes}),
    )
    expect(page.locator(".deck")).to_have_count(kept + 1)
    slug = page.locator(".deck").first.get_attribute("data-deck")
    page.goto(f"{own.url}/meeting/{slug}#print")
    page.locator("html.is-paper-ready").wait_for(state="attached", timeout=OPENING)
    assert page.evaluate("printed") == 1
    sections = page.locator("#paper > section")
    assert [one.get_attribute("data-page") for one in sections.all()] == ["map"] * 3 + ["progress", "prefecture"]
    # Each copy is of its own scene: the layer and form of its map, the rows of its chart.
    maps = page.locator("#paper #county-map").evaluate_all("(maps) => maps.map((map) => map.dataset.layer)")
    assert maps == ["band", "cluster", "progress"]
    assert sections.nth(1).locator(".panel").count() == 5
    tiles = (
        sections.nth(2)
        .locator("path.county")
        .evaluate_all("(all) => new Set(all.map((one) => one.getAttribute('d').length)).size")
    )
    assert tiles < 6, "squares, and no shape on its way to one"
    assert sections.nth(3).locator(".tile").count() == 87

    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(pages) == len(scenes)
    for scene, sheet in zip(scenes, pages, strict=True):
        assert sheet.mediabox.width > sheet.mediabox.height
        text = plain(sheet.extract_text())
        assert scene["title"] in text and "讲稿" in text and OFFICE in text and re.search(r"截至\d{4}-\d\d-\d\d", text)
    assert "瓜州县" in plain(pages[4].extract_text()) and "200亿元" in plain(pages[4].extract_text())


def plain(text: str) -> str:
    """Return text without space and dashes, and with the characters that compatible ones stand for."""
    return re.sub(r"[\s‒–]", "", unicodedata.normalize("NFKC", text))
