"""What the plan's text asks of places by name, outside its boxes, and where each part of the plan stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from targets.plan import Plan
from targets.provenance import Source, of_task, say_section
from targets.speech import Speech


@dataclass(frozen=True)
class Called:
    """The duties that concern one place.

    Attributes
    ----------
    own : DataFrame
        Rows of `Plan.duties` of the place itself.
    beside : DataFrame
        Of a county: those of its prefecture; of a prefecture: those of its counties.
    """

    own: pd.DataFrame
    beside: pd.DataFrame


def called(plan: Plan, code: str) -> Called:
    """Return the duties of a county or a prefecture by its code; a place that the text does not name has none."""
    duties, counties = plan.duties, plan.counties.set_index("adcode")
    if code in counties.index:
        prefecture = counties.at[code, "prefecture_code"]
        return Called(duties[duties["adcode"] == code], duties[duties["prefecture_code"] == prefecture])
    inside = counties.index[counties["prefecture_code"] == code]
    return Called(duties[duties["prefecture_code"] == code], duties[duties["adcode"].isin(inside)])


def of_duty(plan: Plan, duty: dict[Any, Any], lang: str = "zh") -> Source:
    """Return where a row of `Plan.duties` stands: its task and departments, and the ground for its place."""
    speech = Speech.of(lang)
    return replace(
        of_task(plan, duty["task"], lang),
        what=str(duty[speech.column("duty")]),
        clause=where(plan, duty["section"], duty["task"], lang=lang),
        comparator=str(duty["verb"]),
        gloss=speech.pick("", str(duty["verb_en"])),
        note=str(duty[speech.column("basis_note")]),
        key="",
    )


def where(plan: Plan, section: str, task: str = "", box: str = "", item: str = "", lang: str = "zh") -> str:
    """Say where a part of the plan is printed: its box, else its section and task.

    Examples
    --------
    >>> from targets.plan import load_plan
    >>> plan = load_plan()
    >>> where(plan, "三（一）", "3"), where(plan, "三（一）", "3", lang="en")
    ('三（一）·任务3', 'Section 3(1) · task 3')
    >>> where(plan, "四（四）", "M4"), where(plan, "二")
    ('四（四）', '第二部分')
    >>> where(plan, "", box="一", item="2")
    '专栏一·2'
    """
    if box:
        return plan.clause(box, item, lang)
    speech = Speech.of(lang)
    if section == "标题":
        said = speech.word("clause_title")
    else:
        said = speech.word("clause_part" if len(section) == 1 else "clause_section", section=say_section(section, lang))
    return speech.word("clause_task", clause=said, task=task) if task.isdecimal() else said
