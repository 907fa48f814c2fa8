"""What a written page says: its texts with the language each is in, and its elements with their attributes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"br", "hr", "img", "wbr", "col", "input"}
SPOKEN = ("title", "aria-label", "placeholder")


@dataclass
class Element:
    """An element: its tag, attributes, and the text in it."""

    tag: str
    attributes: dict[str, str]
    lang: str
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def source(self) -> Any:
        """What a source mark carries: its lines, or the id of the option or park that the browser knows."""
        given = self.attributes["data-source"]
        return json.loads(given) if given.startswith("{") else given


class PageText(HTMLParser):
    """Reads a page; every element that is opened must be closed."""

    def __init__(self, html: str, lang: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lang = "zh-CN" if lang == "zh" else "en"
        self.elements: list[Element] = []
        self.said: list[tuple[str, str]] = []  # (language, text)
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, f"not closed: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        lang = given.get("lang") or (self._open[-1].lang if self._open else self.lang)
        element = Element(tag, given, lang)
        if self._open:
            self._open[-1].inside.append(element)
        self.elements.append(element)
        self.said += [(lang, given[name]) for name in SPOKEN if name in given]
        if "data-table" in given:
            table = json.loads(given["data-table"])
            cells = [*table["heads"], *(cell for row in table["rows"] for cell in row)]
            for cell in cells:
                text = cell["text"] if isinstance(cell, dict) else cell
                self.said.append((cell.get("lang", lang) if isinstance(cell, dict) else lang, text))
                for one in [*self._open, element]:
                    one.text += f" {text}"
        if given.get("data-source", "").startswith("{"):
            lines = element.source
            self.said.append((lines["lang"] or lang, lines["title"]))
            self.said += [
                part for heading, text, own, *_ in lines["lines"] for part in ((lang, heading), (own or lang, text))
            ]
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1].tag == tag, f"</{tag}> closes {self._open[-1].tag if self._open else None}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data
        self.said.append((self._open[-1].lang if self._open else self.lang, data))

    def find(self, tag: str = "", cls: str = "", **attributes: str) -> list[Element]:
        """Return the elements of a tag and class, with these attributes (``data_adcode`` for data-adcode)."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if (not tag or element.tag == tag)
            and (not cls or cls in element.classes)
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]
