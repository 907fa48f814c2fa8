"""How far a figure may be relied on: its grade, its comparator as printed, and whether it may judge a county.

Only figures of the first four grades judge. A lead (线索) is shown apart, marked 待核, and enters no state, count, sum,
title, slide or colour. Two figures that cannot both be right judge neither; both are shown, marked 互相矛盾.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FINAL, BULLETIN, PRELIMINARY, REPORT, LEAD = "final", "bulletin", "preliminary", "report", "lead"
# From the firmest down; the order is the rank.
GRADES: Mapping[str, tuple[str, str]] = {
    FINAL: ("核定", "final"),
    BULLETIN: ("公报", "bulletin"),
    PRELIMINARY: ("初步", "preliminary"),
    REPORT: ("报告、报道", "report"),
    LEAD: ("线索", "lead"),
}
JUDGING = (FINAL, BULLETIN, PRELIMINARY, REPORT)
RANK: Mapping[str, int] = {grade: n for n, grade in enumerate(GRADES)}

# What a status says of a figure's grade. A user's figure without a status is a report that says 未注明.
STATUS_GRADES: Mapping[str, str] = {
    "核定": FINAL,
    "公报": BULLETIN,
    "初步": PRELIMINARY,
    "报告": REPORT,
    "报道": REPORT,
    "未注明": REPORT,
    "百科": LEAD,
    "简介": LEAD,
    "网文": LEAD,
    "预计": LEAD,
    "目标": LEAD,
}

EQUAL, ABOUT, AT_LEAST, EXPECTED = "eq", "about", "at_least", "expected"
COMPARATORS: Mapping[str, tuple[str, str]] = {
    EQUAL: ("", ""),
    ABOUT: ("约", "about "),
    AT_LEAST: ("至少", "at least "),
    EXPECTED: ("预计", "expected "),
}
_WORDS: tuple[tuple[str, str], ...] = (
    (EXPECTED, r"预计|预期|有望|估计|力争"),
    (AT_LEAST, r"突破|以上|超过|超|首破|迈上|跨上|站上|跃上|不低于|至少|逾|多于|≥|大于"),
    (ABOUT, r"约|近|左右|上下|大致|接近|≈"),
)


def grade_of(status: str, publisher: str | None = None) -> str:
    """Return the grade of a figure.

    Parameters
    ----------
    status : str
        What kind of text it stands in, such as 公报; a status that is not known counts as a lead.
    publisher : str, optional
        Who stands behind it. A press report that nobody has signed (``""``) is a lead; None where the figure is a
        user's own, who stands behind it by importing it.

    Examples
    --------
    >>> grade_of("公报", "华池县统计局"), grade_of("报道", ""), grade_of("未注明"), grade_of("百科", "词条")
    ('bulletin', 'lead', 'report', 'lead')
    """
    grade = STATUS_GRADES.get(status, LEAD)
    return LEAD if grade == REPORT and publisher is not None and not publisher.strip() else grade


def comparator_of(printed: str, status: str = "") -> str:
    """Return how a figure as printed compares with the true one.

    Examples
    --------
    >>> [comparator_of(text) for text in ("314.7亿元", "约64.26亿元", "突破128.03亿元", "预计154.22亿元", "40个以上")]
    ['eq', 'about', 'at_least', 'expected', 'at_least']
    """
    if status == "预计":
        return EXPECTED
    return next((id for id, words in _WORDS if re.search(words, printed)), EQUAL)


def say_grade(grade: str, lang: str = "zh") -> str:
    """Return the name of a grade."""
    return GRADES[grade][0 if lang == "zh" else 1]
