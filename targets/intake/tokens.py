"""What a header says: the indicator's name, whether it is its growth, the units, the status, and what stands against.

Every word of a header must be used up: what is left over is an unknown indicator, never a known one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from targets.indicators import FAMILIES, FAMILY, Indicator, convert, half_width, plain_name, read_unit
from targets.intake.report import Wrong
from targets.intake.spans import said
from targets.template import STATUSES

EXPECTED = "预计"
# What is to be reached, and what is only reckoned; a header that holds such a word is of no outcome.
PROMISES = re.compile(
    r"目标|计划|任务|力争|预测|规划|安排|模拟|假设|情景|摸底|拟(?!合)|"
    r"(?<!公共)(?<!一般)(?<!财政)(?<!地方)预算(?!内|外|收入|支出|执行)"
)
RECKONED = re.compile(r"预计|预期|估计|预估|估算|测算|匡算|推算|(?<!\d)(?:19|20)\d\d年?\(?[EF]\)?(?![A-Za-z])")
REACHED = re.compile(r"完成|实际|执行")
READ_STATUSES = (*STATUSES, EXPECTED)  # the last is a lead: it judges nobody, and the template does not offer it
STATUS_WORDS = {
    "初步核算": "初步",
    "初步核算数": "初步",
    "初步数": "初步",
    "快报": "初步",
    "快报数": "初步",
    "统一核算": "初步",
    "统一核算数": "初步",
    "最终核实": "核定",
    "最终核实数": "核定",
    "核实": "核定",
    "年报": "核定",
    "年报数": "核定",
    "核定数": "核定",
    "统计公报": "公报",
    "预计数": EXPECTED,
    "预期数": EXPECTED,
    "": "",
}
# Columns that are no observation of an indicator.
RANK = re.compile(r"(?:排名|位次|名次|排序|位序)$")
_ASIDE = re.compile(
    r"排名|位次|名次|排序|位序|占比|比重|占.{0,8}[%]|完成率|进度|目标|计划|任务|预期|预计|预测|(?:上|去)年(?:同期)?(?:数|值)?$|"
    r"(?:为|是|相当于|达)(?:上|去)年|"
    r"同期数|增量|增减[额量]|增加额|(?:同比|比上年|较上年)(?:净|多)?增加$|增长额|增收额|百分点|序号|备注|说明|联系|电话|贡献率|拉动|构成|年均|平均增|名义|^No\.?$|^note$|两年平均|"
    r"^上年|^去年|上年实绩"
)
# Of these the column at the left of them says what they are of: growth behind them is of that one too.
BARE_ASIDE = re.compile(
    r"(?:全[省市]|在)?(?:排名|位次|名次|排序|位序)|(?:同比|比上年|较上年|比上年同期)?(?:净|多)?(?:增减额?|增加额?|增长额|增量|增收额)|"
    r"(?:上|去)年(?:同期|同月)?(?:累计)?[数值]?"
)
_INDEX = re.compile(r"(?:上年|去年|上期|同期|基期|同月)[^=\d]{0,4}[=为]\s*1(?:00)?(?!\d)|(?<!价格)指数|发展速度")
_BASIS = re.compile(r"不变价|可比价|基期价|上年价|(?:19|20)\d\d年(?:价|不变|可比)")
# A footnote's mark is no part of a name.
_MARKS = re.compile(r"\(注?\d{0,2}\)|注\d{1,2}(?=\(|$)|[①-⑳¹²³⁰-⁹†‡]")
_BEFORE = r"(?:按?(?:可比价格?|不变价格?)(?:计算)?|实际|累计|同比|(?:比|较)(?:上|去)年(?:同期)?|同期)*"
_GROWTH = re.compile(rf"{_BEFORE}(?:增速|增长率|增长速度|增幅|增长|同比|增减率|增减|涨幅|±)[±%]*$")
_LOOSE = re.compile(rf"{_BEFORE}(?:增长|同比|增减)$")  # a rate, or an amount, as its unit says
_LEVEL = re.compile(
    r"(?:本年|本期|当年|年初以来)?(?:现价|当年价)?(?:累计)?(?:总量|绝对[值量数额]|数[值额量]|总额|总值|实际完成|完成[额数值]?|实绩|实际值|累计[值数]?|"
    r"本期数?|现价|当年价|金额|指标值)|本年"
)
_NEUTRAL = re.compile(r"(?:国民)?(?:主要)?(?:经济)?(?:社会)?(?:发展)?(?:统计)?指标(?:名称)?|项目|单位|数据|情况|其中")
_NEUTRAL_IN_BRACKETS = re.compile(
    r"按?(?:现价|当年价格?)(?:计算)?|累计|单位|按?(?:可比|不变)价格?(?:计算)?|±|本期|总量|绝对值"
)
PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南|"
    "西藏|陕西|甘肃|青海|宁夏|新疆"
)
_TITLE_WORDS = re.compile(
    rf"(?:{PROVINCES})(?:省|市|(?:壮族|回族|维吾尔)?自治区)?|全省|全[市州]|各|分|县域|县区|市州|县\(?市?[、,]?区?\)?|市县|主要|完成|情况|统计|核算|结果|一览|汇总|月报|季报|年报|表|"
    r"数据|及其?增速|和增速|附[:件]?\d*|份|[《》\s:、-]|\(\)"
)
_AMOUNT = re.compile(
    r"^(?:累计|现价|当年价)|(?:总量|绝对[值量数额]|累计[值数]?|(?:实际)?完成[额数值]?|现价|当年价|本期数?)$"
)
_NUMBERED = re.compile(r"^(?:其中[:,]?|#|\d{1,2}[.、]|[一二三四五六七八九十]、)+")
_UNIT_LAST = re.compile(r"(.+?)[:_/,-]?([亿万千百兆吉]+[元人瓦]|%|元)")


@dataclass(frozen=True)
class Known:
    """The indicators by id and by every name."""

    indicators: Mapping[str, Indicator]
    names: Mapping[str, Indicator]
    heads: dict[tuple[str, ...], Head] = field(default_factory=dict, repr=False, compare=False)  # as they were read

    def unit(self, text: str) -> str | None:
        """Return the unit that a text is."""
        plain = re.sub(r"^单位[:]?", "", half_width(text))
        return read_unit(plain) or next((i.unit for i in self.indicators.values() if i.unit == plain), None)

    def named(self, text: str, growth: bool) -> Indicator | None:
        """Return the indicator of a name, or its growth."""
        plain = plain_name(text)
        if not plain:
            return None
        for name in dict.fromkeys((plain, _AMOUNT.sub("", plain))):
            found = self.names.get(name + ("增速" if growth else ""))
            if found is not None and name:
                return found
        return None


@dataclass(frozen=True)
class Head:
    """What the texts of a header say, from its top to its foot."""

    name: str = ""
    growth: bool = False
    real: bool = False  # 实际增长: with the prices taken out
    loose: bool = False
    units: tuple[str, ...] = ()
    status: str = ""


def flat(text: str) -> str:
    """Return a text half-width and without spaces."""
    return re.sub(r"\s", "", half_width(text))


def aside(path: str) -> str:
    """Return why a column of this header is left aside: ``rank``, ``basis``, ``other`` or nothing."""
    plain = flat(path)
    rate = re.search(r"增减(?![额量])", plain) and ("%" in plain or "率" in plain)
    if RANK.search(re.sub(r"\([^()]*\)", "", plain)):
        return "rank"
    if _ASIDE.search(re.sub(r"\([^()]*\)$", "", plain)) or _ASIDE.search(plain):
        return "other"
    if "增减" in plain and not rate:
        return "other"
    if _BASIS.search(plain) and not re.search(r"增速|增长|增幅|增减|同比|涨幅|±", plain):
        return "basis"
    return ""


def is_index(text: str) -> bool:
    """Whether a text speaks of an index, of which 100 is the year before."""
    return bool(_INDEX.search(flat(text)))


def no_marks(text: str) -> str:
    """Return a heading half-width, with one kind of brackets, and without spaces and footnote marks.

    Examples
    --------
    >>> no_marks("地区生产总值①【亿元】"), no_marks("固定资产投资注1（亿元）[1]")
    ('地区生产总值(亿元)', '固定资产投资(亿元)')
    """
    return _MARKS.sub("", flat(text).translate(_BRACKETS))


_BRACKETS = str.maketrans("[]【】〔〕", "()()()")


def constant(text: str) -> bool:
    """Whether a text says that amounts are at constant prices; growth at such prices is what growth is.

    Examples
    --------
    >>> constant("2025年GDP（2020年不变价）"), constant("总量按现价、增速按不变价计算"), constant("按2020年价格计算")
    (True, False, True)
    """
    for clause in re.split(r"[,;。、()]", half_width(text)):
        if _BASIS.search(clause) and not re.search(r"增速|增长|增幅|增减|同比|涨幅|速度|指数|±", clause):
            return True
    return False


def head_of(pieces: Sequence[str], known: Known) -> Head:
    """Return what a header says, from its top to its foot."""
    key = tuple(pieces)
    if (kept := known.heads.get(key)) is None:
        kept = known.heads[key] = _head_of(pieces, known)
    return kept


def _head_of(pieces: Sequence[str], known: Known) -> Head:
    texts: list[str] = []
    units: list[str] = []
    growth, real, loose, status = False, False, False, ""
    for piece in pieces:
        whole, found, stated = brackets(_NUMBERED.sub("", no_marks(piece)), known)
        status = stated or status
        if plain_name(whole) in known.names:  # before anything is taken from it: 年末常住人口 is a name
            units = found or units
            texts.append(whole)
            continue
        rest = said(whole).rest
        rest = "" if rest in ("年初以来", "今年以来", "年初至今") else rest
        if unit := known.unit(rest):
            found, rest = [unit], ""
        elif (tail := _UNIT_LAST.fullmatch(rest)) and (
            known.named(tail[1], False) or _GROWTH.fullmatch(tail[1]) or _LEVEL.fullmatch(tail[1])
        ):
            found, rest = [known.unit(tail[2]) or tail[2]], tail[1]
        if _GROWTH.search(rest):
            growth, units = True, []  # the unit over it is that of the amounts
            loose = bool(_LOOSE.search(rest))
            real = real or "实际" in rest
            rest = _GROWTH.sub("", rest)
        units = found or units
        if _LEVEL.fullmatch(rest) or _NEUTRAL.fullmatch(rest):
            rest = ""
        if rest:
            texts.append(rest)
    return Head("".join(texts), growth, real, loose and "%" not in units, tuple(units), status)


def brackets(text: str, known: Known) -> tuple[str, list[str], str]:
    """Take from a heading the brackets that hold units or a status."""
    units: list[str] = []
    status = ""

    def one(m: re.Match[str]) -> str:
        nonlocal status
        if unit := known.unit(m[1]):
            units.append(unit)
            return ""
        parts = [p for p in re.split(r"[、,;/和及]", m[1]) if p]
        for part in parts:
            if not (
                known.unit(part)
                or _NEUTRAL_IN_BRACKETS.fullmatch(part)
                or STATUS_WORDS.get(part, part) in READ_STATUSES
            ):
                return m[0]
        units.extend(u for p in parts if (u := known.unit(p)))
        status = next((s for p in parts if (s := STATUS_WORDS.get(p, p)) in READ_STATUSES), status)
        return ""

    plain = re.sub(r"\(([^()]*)\)|\[([^\[\]]*)\]", lambda m: one(m) if m[1] is not None else m[0], text)
    return plain, units, status


def title_indicator(title: str, known: Known, growth: bool) -> Indicator | None:
    """Return the one indicator that a title names."""
    plain, _, _ = brackets(said(re.sub(r"\s", "", title)).rest, known)
    plain = re.sub(r"(?:计量)?单位:.*|\((?:19|20)?\d*年?\)", "", plain)
    plain = re.sub(r"(?:19|20)\d\d年?", "", plain)
    plain = _TITLE_WORDS.sub("", plain)
    if plain_name(plain) not in known.names and _GROWTH.search(plain):
        plain, growth = _GROWTH.sub("", plain), True
    return known.named(plain, growth)


def unknown(text: str, growth: bool, known: Known) -> Wrong:
    """Return that no indicator is known by a name."""
    if not text:
        return Wrong(
            "没有说明是什么指标",
            "no indicator is named",
            "在表头或标题写指标名",
            "name the indicator in the header or the title",
        )
    near = difflib.get_close_matches(plain_name(text), [n for n in known.names if not n.isascii()], n=2, cutoff=0.5)
    what = f"{text[:30]}{'增速' if growth else ''}"
    return Wrong(
        f"不认识指标“{what}”",
        f"the indicator {what!r} is not known",
        (f"是{'还是'.join(near)}\uff1f" if near else "") + "改用指标表里的名称\uff0c或先新增指标\uff0c或删去此列",
        "use a name of the list of indicators, or add the indicator first, or delete the column",
    )


def unit_of(
    indicator: Indicator,
    own: Sequence[str],
    said_units: Sequence[str],
    above: Sequence[str],
    formats: Sequence[str],
    known: Known,
) -> tuple[str, str]:
    """Return a column's unit, and where it is said: ``row``, ``header``, ``format``, ``unit line`` or ``kind``."""
    read = [known.unit(u) or u for u in own]
    for units, how in (
        (read, "row"),
        (list(said_units), "header"),
        (list(formats), "format"),
        (list(above), "unit line"),
    ):
        mine = how in ("row", "header")
        if how == "unit line":
            if indicator.adds_up != "sum":
                # 单位：亿元 over a table is not meant for its incomes per person.
                units = [u for u in units if u == indicator.unit]
            elif len(units) > 1:
                units = [u for u in units if u != "元"]
        fit = [
            u for u in dict.fromkeys(units) if u == indicator.unit or convert(Decimal(1), u, indicator.unit) is not None
        ]
        if len(fit) > 1 or (fit and mine and len(set(units)) > 1):
            both = list(dict.fromkeys(units))
            raise Wrong(
                f"单位不明确\uff1a{'、'.join(both)}",
                f"which unit: {' or '.join(both)}?",
                "在表头写明这一列的单位",
                "write this column's unit in its header",
            )
        if fit:
            return fit[0], how
        if units and mine:
            zh, en = f"应为{indicator.unit}一类的单位", f"it must be {indicator.unit} or what converts to it"
            if "%" in units and plain_name(indicator.zh + "增速") in known.names:
                zh, en = f"若是增速\uff0c表头写“{indicator.zh}增速（%）”", "if it is growth, say so in the header"
            raise Wrong(
                f"{indicator.zh}的单位不能是{'、'.join(units)}",
                f"{indicator.en} cannot be in {', '.join(units)}",
                zh,
                en,
            )
    family = FAMILY.get(indicator.unit)
    if family is None or len(FAMILIES[family]) == 1:
        return indicator.unit, "kind"
    raise Wrong(
        f"没有说明{indicator.zh}的单位",
        f"the unit of {indicator.en} is not given",
        f"在表头写单位\uff0c如 {indicator.zh}（{indicator.unit}）",
        f"write it in the header, as {indicator.zh}({indicator.unit})",
    )
