"""A deck as PowerPoint slides: native and editable, one scene after another, drawn from what the pages say.

County shapes are freeforms in groups, charts and tables are PowerPoint's own. What does not fit one slide goes on, and
says so in the title.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu

from layouts.facts.atlas import Atlas
from layouts.facts.deck import Deck, Scene
from layouts.facts.exports import File, Unavailable, Wanted
from layouts.facts.layers import say
from layouts.facts.pages import PAGES
from layouts.facts.prefecture import SECOND, TURN
from layouts.facts.scene import StandingOf, Told, scenes_of
from layouts.parts.colours import colour
from layouts.parts.slide import FOOT_TOP, HIGH, MARGIN, ROOM, TITLE, TITLE_TOP, WIDE, SceneSlides
from layouts.parts.slide_parts import (
    FALLBACK,
    FONT,
    Box,
    emu,
    fill_xml,
    fonts_xml,
)
from layouts.words import both, word
from targets.cells import clean
from targets.plan import Plan
from targets.speech import Speech


def slides(
    deck: Deck, atlas: Atlas, standing_of: StandingOf, lang: str, now: datetime, told: Told = lambda scene, of: None
) -> bytes:
    """Return the deck as a PowerPoint file.

    Parameters
    ----------
    deck : Deck
    atlas : Atlas
    standing_of : callable
        From a view to the `Standing` of its period.
    lang : str
        Of the file, whatever the scenes' own.
    now : datetime
        Time of export, kept with the file.
    told : callable, optional
        Told which scene is begun, of how many.
    """
    shown = _blank(deck, atlas.plan, lang, now)
    names: dict[tuple[str, str, str], str] = {}
    for number, facts in enumerate(scenes_of(deck, atlas, standing_of, lang), start=1):
        told(number, len(deck.scenes))
        _draw(SceneSlides(shown, facts, names))
    _name_notes_master(shown)
    stream = io.BytesIO()
    shown.save(stream)
    return stream.getvalue()


def _draw(scene: SceneSlides) -> None:
    """Draw a scene as its page does."""
    page = scene.facts.of
    if page and page.slide and (scene.facts.inside or not page.code):
        page.slide(scene)
        return
    scene.begin()
    scene.say(word("slide_no_picture", scene.lang, path=scene.facts.scene.path))


# ---- the empty presentation -----------------------------------------------------------------------------------------


def _blank(deck: Deck, plan: Plan, lang: str, now: datetime) -> Any:
    """Return an empty 16:9 presentation in the atlas's colours and fonts, with one layout: a title, and room."""
    shown = Presentation()
    shown.slide_width, shown.slide_height = Emu(emu(WIDE)), Emu(emu(HIGH))
    master = shown.slide_master
    keep = shown.slide_layouts[5]
    for layout in list(shown.slide_layouts):
        if layout is not keep:
            shown.slide_layouts.remove(layout)
    for holder in (master, keep):
        for shape in list(holder.placeholders):
            kind = shape.element.xpath(".//p:nvPr/p:ph/@type")
            place = {
                "title": Box(MARGIN, TITLE_TOP, ROOM, 0.6),
                "body": Box(MARGIN, 1.3, ROOM, 5.3),
                "sldNum": Box(WIDE - MARGIN - 0.8, FOOT_TOP, 0.8, 0.3),
            }.get(kind[0] if kind else "body")
            if place is None:
                shape.element.getparent().remove(shape.element)
                continue
            shape.left, shape.top, shape.width, shape.height = map(emu, (place.x, place.y, place.wide, place.high))
    _style(master)
    _theme(master)
    # The template's own picture shows no slide of this deck.
    for id in [id for id, one in shown.part.package._rels.items() if one.reltype == RT.THUMBNAIL]:
        shown.part.package._rels.pop(id)
    about = shown.core_properties
    about.title, about.author, about.last_modified_by = (
        clean(deck.title),
        word("brand", lang, plan),
        word("brand", lang, plan),
    )
    about.created = about.modified = now
    about.language = Speech.of(lang).pick("zh-CN", "en-US")
    about.comments = about.subject = plan.said[lang]["plan_title"]
    return shown


def _name_notes_master(shown: Any) -> None:
    """List the notes' master where the standard wants it: python-pptx only relates it."""
    for id, related in shown.part.rels.items():
        if related.reltype == RT.NOTES_MASTER:
            listed = f'<p:notesMasterIdLst {nsdecls("p", "r")}><p:notesMasterId r:id="{id}"/></p:notesMasterIdLst>'
            shown.element.find(qn("p:sldMasterIdLst")).addnext(parse_xml(listed))


def _style(master: Any) -> None:
    """Left-aligned titles in ink, no automatic bullets."""
    size, ink = TITLE * 100, fill_xml(colour("ink"))
    for level in master.element.xpath(".//p:titleStyle/a:lvl1pPr"):
        level.set("algn", "l")
        for run in level.findall(qn("a:defRPr")):
            run.set("sz", str(size))
            run.set("b", "1")
            for old in list(run):
                run.remove(old)
            for new in parse_xml(f"<a:x {nsdecls('a')}>{ink}{fonts_xml()}</a:x>"):
                run.append(new)


def _theme(master: Any) -> None:
    """Write fonts and colours into the theme, so that what a user adds looks alike."""
    part = master.part.part_related_by(RT.THEME)
    theme = parse_xml(part.blob)
    for scheme in theme.xpath(".//*[local-name()='majorFont' or local-name()='minorFont']"):
        for old in list(scheme):
            scheme.remove(old)
        fonts = (
            f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/><a:cs typeface=""/>'
            f'<a:font script="Hans" typeface="{FALLBACK}"/><a:font script="Hant" typeface="{FALLBACK}"/>'
        )
        for new in parse_xml(f"<a:x {nsdecls('a')}>{fonts}</a:x>"):
            scheme.append(new)
    names = {
        **{"dk1": "ink", "lt1": "panel", "dk2": "quiet", "lt2": "paper"},
        **{
            "accent1": "r5",
            "accent2": "r3",
            "accent3": "short",
            "accent4": "teal",
            "accent5": "slate",
            "accent6": "r6",
        },
        **{"hlink": "r5", "folHlink": "slate"},
    }
    for name, variable in names.items():
        for slot in theme.xpath(f".//*[local-name()='clrScheme']/*[local-name()='{name}']"):
            for old in list(slot):
                slot.remove(old)
            slot.append(parse_xml(f'<a:srgbClr {nsdecls("a")} val="{colour(variable)}"/>'))
    part._blob = serialize_part_xml(theme)


# ---- a page by itself ------------------------------------------------------------------------------------------------

# Pages that offer their own slides, each with the query's key that says of which place they are.
ALONE = {"map": "", "progress": "", "compare": "", "county": "county", "prefecture": "prefecture", "settlement": "year"}


def page_slides(page: str, wanted: Wanted) -> bytes:
    """Return what a page shows as slides, titled with what it finds, to be put among one's own.

    Raises
    ------
    Unavailable
        When the page is of one place, and the query names none that is known.
    """
    atlas, view, of = wanted.atlas, wanted.view, PAGES[page]
    path = of.path
    if key := ALONE[page]:
        code = wanted.given.get(key, "")
        if code not in (of.codes(atlas.known) or ()):
            raise Unavailable(word("page_missing", view.lang, path=f"{path}/{code}"), 404)
        path = f"{path}/{code}"
        if key == "prefecture":  # here it names the page, and leaves no county out
            view = replace(view, filter=replace(view.filter, prefecture=()))
    # A prefecture's turn has a second scene.
    views = [replace(view, layer=layer) for layer in (TURN[0], SECOND)] if page == "prefecture" else [view]
    standing = wanted.standing
    shown = scenes_of(Deck("", tuple(Scene("", path, one) for one in views)), atlas, lambda _: standing, view.lang)
    end = Speech.of(view.lang).pick("。", ". ")
    titles = [
        (next(iter(facts.findings), "") or say(of.name or ("", ""), view.lang)).partition(end)[0].rstrip(end)
        for facts in shown
    ]  # the first sentence of each
    scenes = [replace(facts.scene, title=title) for facts, title in zip(shown, titles, strict=True)]
    if page == "prefecture" and titles[0] == titles[-1]:  # without counties there is one thing to say
        scenes = scenes[:1]
    return slides(Deck(titles[0], tuple(scenes)), atlas, lambda _: standing, view.lang, atlas.now)


def _called(page: str, wanted: Wanted) -> str:
    place = wanted.given.get(ALONE[page], "")
    return "-".join(filter(None, (wanted.atlas.plan.region.slug, page, place)))


FILES = (
    File(id="pptx", path="/export/meeting.pptx", write=slides, name=both("deck_pptx"), of_deck=True, slow=True),
    *(
        File(
            id=f"{page}-pptx",
            path=f"/export/{page}.pptx",
            write=partial(page_slides, page),
            name=both("take_map_pptx" if page == "map" else "take_pptx"),
            offered=("map", "palette") if page == "map" else (page,),
            also="幻灯片|slides" if page == "map" else "",
            pinyin={"幻灯片": "huan deng pian"} if page == "map" else {},
            called=partial(_called, page),
        )
        for page in ALONE
    ),
)
