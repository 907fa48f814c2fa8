"""A page by itself as slides: offered where it is seen, of its view, titled with what it finds."""

from __future__ import annotations

import io
import re

import pytest
from pptx import Presentation

from layouts.facts.exports import offered

PAGES = {
    "/export/map.pptx?layer=cluster&cluster=C1,C4&cluster_op=all": "先进制造 且 化工及煤电的2个：甘州区、崆峒区",
    "/export/progress.pptx?prefecture=620900": "所选的7个县（市、区）：2025年数0/6",
    "/export/compare.pptx?compare=620922,620702": "比较",
    "/export/county.pptx?county=620702": "甘州区：",
    "/export/prefecture.pptx?prefecture=620900": "酒泉市：6个有目标，2025年数0/6",
}


def shown(answer):
    assert answer.status_code == 200, answer.get_data()[:300]
    return Presentation(io.BytesIO(answer.get_data()))


def every_text(slide) -> str:
    found = []
    for shape in slide.shapes:
        for one in shape.shapes if shape.shape_type == 6 else (shape,):
            if one.has_text_frame:
                found.append(one.text_frame.text)
            if getattr(one, "has_table", False) and one.has_table:
                found += [cell.text for row in one.table.rows for cell in row.cells]
    return "\n".join(found)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_its_own_slides_titled_with_what_it_finds(client, address):
    answer = client.get(address)
    slides = list(shown(answer).slides)
    title = slides[0].shapes.title.text_frame.text
    assert PAGES[address] in title and not title.endswith("。") and len(title) < 120
    assert 1 <= len(slides) <= 8
    assert re.search(r'filename="gansu-[a-z]+(-\d{6})?\.pptx"', answer.headers["Content-Disposition"])
    english = shown(client.get(f"{address}&lang=en")).slides[0].shapes.title.text_frame.text
    assert english and not re.search(r"[\u3400-\u9fff]", english)


def test_the_turn_of_a_prefecture_leaves_none_of_its_counties_out(client):
    said = "\n".join(
        every_text(slide) for slide in shown(client.get("/export/prefecture.pptx?prefecture=620900")).slides
    )
    for county in ("肃州区", "玉门市", "敦煌市", "金塔县", "瓜州县", "肃北县", "阿克塞县"):
        assert county in said or county[:-1] in said, county


@pytest.mark.parametrize("path", ["/export/county.pptx", "/export/prefecture.pptx?prefecture=620922"])
def test_of_a_place_that_is_none_there_is_no_file(client, path):
    answer = client.get(path)
    assert answer.status_code == 404 and "没有这个页面" in answer.get_data(as_text=True)


def test_each_is_offered_where_its_page_is_seen(client):
    ids = {place: [file.id for file in offered(place)] for place in ("map", "palette", "county", "prefecture")}
    assert "map-pptx" in ids["map"] and "map-pptx" in ids["palette"]
    assert ids["county"].count("county-pptx") == ids["prefecture"].count("prefecture-pptx") == 1
    turn = client.get("/prefecture/620900").get_data(as_text=True)
    assert "/export/prefecture.pptx?" in turn and "prefecture=620900" in turn
