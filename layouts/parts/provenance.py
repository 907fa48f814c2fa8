"""The mark beside a datum that, pressed, says where it stands: its clause and departments, or its source."""

from __future__ import annotations

import json
import re
from dataclasses import fields

from dash import html

from layouts.facts.view import LANGUAGES
from layouts.words import word
from targets.plan import Plan
from targets.provenance import Source, of_option, of_park, of_task
from targets.speech import Speech

GRADE_PARTS = re.compile(r" ?[\uff08\uff09()]")
CHINESE = re.compile(r"[\u3400-\u9fff]")
NOT_LISTED = ("what", "url", "key", "gloss", "duty", "imported")
ORDER = tuple(field.name for field in fields(Source) if field.name not in NOT_LISTED)


def source_mark(source: Source, lang: str, text: str | None = None) -> html.Button:
    """Return the mark: a small button with the clause, or the source's status and period, as its text.

    Parameters
    ----------
    source : Source
    lang : str
    text : str, optional
        In place of that text.
    """
    label = text or source.label or word("card_source", lang)
    # What is the same for every county of an option is in the browser already, by the option's id.
    data = source.key or json.dumps(source_lines(source, lang), ensure_ascii=False, separators=(",", ":"))
    return html.Button(
        label,
        type="button",
        className="source-mark",
        title=word("source_tip", lang),
        **{"data-source": data, "aria-haspopup": "dialog", **spoken_property(label, lang)},
    )


def source_lines(source: Source, lang: str) -> dict[str, object]:
    """Return what the mark's panel shows: ``title``, and ``lines`` of heading, text and the text's language, with
    the plan's verb also what it says in English.

    An address is given as ``url``; the panel shows it as text, for the product opens nothing outside by itself.
    """
    between = Speech.of(lang).pick("、", "; ")
    lines = []
    for name in ORDER:
        value = getattr(source, name)
        text = between.join(value) if isinstance(value, tuple) else value
        if name == "status" and text in (source.grade, *GRADE_PARTS.split(source.grade)):
            continue  # said already
        if text:
            lines.append([word(f"source_{name}", lang), text, _language(text, lang)])
            if name == "comparator" and source.gloss:
                lines[-1].append(f" ({source.gloss})")  # apart from the verb, for it is in the page's language
        if text and name == "departments":
            lines.append([word("source_duty", lang), source.duty, ""])
    if source.url:
        lines.append([word("source_url", lang), source.url, ""])
    return {"title": source.what, "lang": _language(source.what, lang), "lines": lines}


def shared_sources(plan: Plan) -> dict[str, dict[str, object]]:
    """Return `source_lines` of every option, park and task behind them by language and id, which the browser keeps."""
    options = [id for id in plan.options.index if plan.option(id).group != "prefecture"]
    shared: dict[str, dict[str, object]] = {}
    for lang in LANGUAGES:
        found = {id: of_option(plan, id, None, lang) for id in options}
        found |= {id: of_park(plan, id, lang) for id in plan.parks["id"]}
        found |= {
            f"task-{task}": of_task(plan, task, lang)
            for task in dict.fromkeys(g.task for g in plan.groups.values() if g.task)
        }
        shared[lang] = {id: source_lines(source, lang) for id, source in found.items()}
    return shared


def _language(text: str, lang: str) -> str:
    return "zh-CN" if lang == "en" and CHINESE.search(text) else ""


def spoken_property(text: str, lang: str) -> dict[str, str]:
    """Return the ``lang`` of a text that holds Chinese on an English page: titles of sources, names as printed."""
    return {"lang": language} if (language := _language(text, lang)) else {}


def in_chinese(text: str, lang: str) -> str | dict[str, str]:
    """Return a cell's text; on an English page one that holds Chinese says so."""
    spoken = spoken_property(text, lang)
    return {"text": text, **spoken} if spoken else text
