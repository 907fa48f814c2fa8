"""From a user's file to the store: read, list every error, compare, accept.

`read_file` (of `targets.intake`) says what the file holds, `compare` what it would change, `Store.accept` stores it;
`command` is all three for the command line. Nothing is stored before `accept`.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from targets.indicators import Indicator
from targets.intake import Column, Fault, Reading, Remark, read_file
from targets.observations import KEY, Change, Difference, Flag, Key, Row, Store, StoreError, open_store
from targets.places import areas, here, members, name_of, reading_for
from targets.plan import Plan
from targets.settlement.records import Records
from targets.settlement.say import say_parts
from targets.speech import Speech, exact
from targets.sweeping import seldom_swept
from targets.template import template_csv, template_xlsx

__all__ = [
    "Fault",
    "Reading",
    "Remark",
    "as_json",
    "command",
    "compare",
    "read_file",
    "samples",
    "say_flags",
    "template_csv",
    "template_xlsx",
]

SHARE = 0.5  # a larger change than this is flagged
UNIT_FACTOR = (3_000, 30_000)  # about 10,000: 万元 against 亿元
FIRM = ("核定", "公报")  # statuses that a preliminary figure should not take the place of
SUM_SHARE = 0.005
JUMP, NEAR = 0.3, 3  # a larger change than this against the nearest year known, of so many before and after
GROWTH_APART = 15  # points between a growth at constant prices and that of the amounts, above which both are shown


@seldom_swept()
def compare(reading: Reading, store: Store, share: float = SHARE, plan: Plan | None = None) -> Difference:
    """Compare what was read with what the store shows. Nothing is stored.

    Parameters
    ----------
    reading : Reading
    store : Store
    share : float
        Changes by more than this share of the old value are flagged.
    plan : Plan, optional
        Whose places the rows are of; by default the shipped one.

    Raises
    ------
    ValueError
        When the reading has faults.
    """
    if reading.faults:
        raise ValueError("文件还有错误\uff0c不能比对 / the file has errors and cannot be compared")
    state = store.last()
    now = store.shown(state)
    told = zip(*(now[n] for n in ("value", "status", "source", "origin")), strict=True)
    shown = dict(zip(zip(*(now[n] for n in KEY), strict=True), told, strict=True))
    known = {**store.indicators(state), **{i.id: i for i in reading.indicators}}
    keys: list[Key] = [row[:3] for row in reading.rows]
    changes = []
    for key, row in zip(keys, reading.rows, strict=True):
        if (old := shown.get(key)) is None:
            changes.append(Change(row, "new"))
            continue
        restated = old[1:3] != (row.status, row.source)
        kind = "changed" if old[0] != row.value else "restated" if restated else "unchanged"
        changes.append(Change(row, kind, *old))
    values = {key: old[0] for key, old in shown.items()}
    values.update(zip(keys, (row.value for row in reading.rows), strict=True))
    with reading_for(plan):
        flags = list(_each(changes, known, _series_apart(values), share))
        odd = {(flag.place, flag.indicator, flag.period) for flag in flags}
        flags += _jumps([row for row in reading.rows if row.key not in odd], known, values)
        flags += _parts(reading.rows, known, values)
        flags += _sums({(indicator, period) for _, indicator, period in keys}, known, values)
    repeat = store.repeated(reading.sha256)
    made = tuple(changes)
    before = store.records(state) if reading.records else Records()
    about = reading.indicators, tuple(flags), repeat, reading.records, before
    return Difference(reading.name, reading.sha256, made, state, *about)


def _series_apart(values: Mapping[Key, float]) -> dict[tuple[str, str], dict[str, float]]:
    """Return by place and indicator the values by period, where some two are as far apart as two units may be."""
    series: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for (place, id, period), value in values.items():
        series[place, id][period] = value
    found = {}
    for key, held in series.items():
        above = [value for value in held.values() if value and value > 0]
        if above and max(above) / min(above) >= UNIT_FACTOR[0]:
            found[key] = held
    return found


def _each(
    changes: Iterable[Change],
    known: Mapping[str, Indicator],
    series: Mapping[tuple[str, str], Mapping[str, float]],
    share: float,
) -> Iterable[Flag]:
    """Yield what is odd about each value. Of most there is nothing that it could be set against, nor out of bounds."""
    bounds = {id: (-math.inf if one.kind == "date" else one.low, one.high) for id, one in known.items()}
    for change in changes:
        row = change.row
        low, high = bounds[row.indicator]
        if change.kind != "new" or not low <= row.value <= high or (row.place, row.indicator) in series:
            yield from _flags(change, known[row.indicator], series.get((row.place, row.indicator), {}), share)


def _jumps(rows: Sequence[Row], known: Mapping[str, Indicator], values: Mapping[Key, float]) -> Iterable[Flag]:
    """Flag a whole year's amount that is far from that of the nearest year known, the one before among equals."""
    measured = {id for id, one in known.items() if one.kind in ("cumulative", "level")}
    for row in rows:
        if row.indicator not in measured or not row.period.isdecimal():
            continue
        year = int(row.period)
        years = (str(year + way * n) for n in range(1, NEAR + 1) for way in (-1, 1))
        near = next((one for one in years if (row.place, row.indicator, one) in values), None)
        old = values[row.place, row.indicator, near] if near else 0
        if not near or old <= 0 or abs(row.value / old - 1) <= JUMP or row.value / old >= UNIT_FACTOR[0]:
            continue
        new, grown = shown(row.value), f"{row.value / old - 1:+.0%}"
        what = f"{known[row.indicator].zh} {row.period}", f"{known[row.indicator].en} {row.period}"
        zh = f"{name_of(row.place)} {what[0]}\uff1a{new}\uff0c较{near}年的{shown(old)}{grown}"
        en = f"{row.place} {what[1]}: {new}, {grown} against {shown(old)} of {near}"
        yield Flag("jump", *row.key, zh, en)


def _flags(change: Change, indicator: Indicator, series: Mapping[str, float], share: float) -> Iterable[Flag]:
    """Yield what is odd about one value, beside its old one and those of other periods."""
    row, old = change.row, change.old

    def flag(kind: str, zh: str, en: str) -> Flag:
        what = f"{name_of(row.place)} {indicator.zh} {row.period}"
        return Flag(kind, *row.key, f"{what}\uff1a{zh}", f"{row.place} {indicator.en} {row.period}: {en}")

    if indicator.kind in ("cumulative", "level"):
        others = {row.period: old} if change.kind == "changed" else {}
        for period, other in {**series, **others}.items():
            if other is None or other <= 0 or row.value <= 0 or (period == row.period and period not in others):
                continue
            if UNIT_FACTOR[0] <= max(row.value / other, other / row.value) <= UNIT_FACTOR[1]:
                zh = f"{shown(row.value)}与{period}的{shown(other)}相差约一万倍\uff0c是否万元与亿元之误\uff1f"
                en = f"{shown(row.value)} and {shown(other)} of {period} are 10,000 times apart: 万元 taken for 亿元?"
                yield flag("unit", zh, en)
                return
        if change.kind == "changed" and old is not None and change.share is not None and abs(change.share) > share:
            zh = f"由{shown(old)}变为{shown(row.value)}\uff0c变动{change.share:+.0%}"
            yield flag("share", zh, f"from {shown(old)} to {shown(row.value)}, {change.share:+.0%}")
    back = change.old_status in FIRM and row.status == "初步"
    if back or (change.old_status == "核定" and row.status not in FIRM):
        zh = f"状态由{change.old_status}退为{row.status}\uff0c请核对是否旧文件"
        en = f"the status goes back from {change.old_status} to {row.status}: is the file an old one?"
        yield flag("status", zh, en)
    # A county's bounds say nothing of a prefecture; one without counties is as large as one of its kind of county.
    small = here().is_county(row.place) or not row.place.endswith("00")
    if (row.value < indicator.low and indicator.kind != "date") or (small and row.value > indicator.high):
        zh = f"{shown(row.value)}{indicator.unit}不合常理\uff0c请核对数字和单位"
        yield flag("range", zh, f"{shown(row.value)} {indicator.unit} is implausible: check the number and the unit")


def shown(value: float) -> str:
    """Return a value with every digit that it has, thousands apart, so that a reader's own sum comes out."""
    return f"{exact(value).normalize():,f}"


def _sum(parts: Iterable[float | None]) -> float:
    """Add in decimals, as with a pencil."""
    return float(sum((exact(part) for part in parts if part is not None), Decimal(0)))


def _sums(asked: set[tuple[str, str]], known: Mapping[str, Indicator], values: Mapping[Key, float]) -> Iterable[Flag]:
    """Flag a prefecture or the province whose value is not that of its counties, where all are known."""
    apart = list(here().region.apart.values())
    without = "、".join(one.name for one in apart), ", ".join(one.name_en for one in apart)
    but = (f"\uff08县区不含{without[0]}\uff09", f" (without {without[1]})") if apart else ("", "")
    for indicator, period in sorted(asked):
        if known[indicator].adds_up != "sum":
            continue
        for place, counties in members().items():
            if (total := values.get((place, indicator, period))) is None:
                continue
            parts = [values.get((county, indicator, period)) for county in counties]
            if any(part is None for part in parts):
                continue
            added = _sum(parts)
            if abs(added - total) > SUM_SHARE * abs(total):
                what = f"{name_of(place)} {known[indicator].zh} {period}"
                zh = f"{what}\uff1a{shown(total)}\uff0c而所辖县区合计{shown(added)}{but[0]}"
                en = f"{place} {known[indicator].en} {period}: {shown(total)}, its counties together {shown(added)}"
                yield Flag("sum", place, indicator, period, zh, f"{en}{but[1]}")


def _parts(rows: Sequence[Row], known: Mapping[str, Indicator], values: Mapping[Key, float]) -> Iterable[Flag]:
    """Flag a GDP that the three industries do not make up, and a growth that the level of the year before belies."""
    made_up = {"gdp", "va1", "va2", "va3"}
    for place, period in sorted({(r.place, r.period) for r in rows if r.indicator in made_up}):
        parts = [values.get((place, id, period)) for id in ("va1", "va2", "va3")]
        total = values.get((place, "gdp", period))
        if total is None or any(part is None for part in parts):
            continue
        added = _sum(parts)
        if abs(added - total) > max(0.03, SUM_SHARE * abs(total)):
            what = f"{name_of(place)} {known['gdp'].zh} {period}"
            zh = f"{what}\uff1a{shown(total)}\uff0c而三次产业合计{shown(added)}"
            en = f"{place} {known['gdp'].en} {period}: {shown(total)}, the three industries together {shown(added)}"
            yield Flag("parts", place, "gdp", period, zh, en)
    before = {period: f"{int(period[:4]) - 1}{period[4:]}" for period in {row.period for row in rows}}
    levels = {id: base for id in known if (base := id.removesuffix("_growth")) != id and base in known}
    for row in rows:
        if row.indicator not in levels:
            continue
        level = levels[row.indicator]
        new, old = values.get((row.place, level, row.period)), values.get((row.place, level, before[row.period]))
        if new is None or not old or old <= 0:
            continue
        grown = (new / old - 1) * 100
        if abs(grown - row.value) > GROWTH_APART:
            what = f"{name_of(row.place)} {known[row.indicator].zh} {row.period}"
            zh = f"{what}\uff1a{row.value:g}%\uff0c而由{before[row.period]}的{shown(old)}到{shown(new)}是{grown:+.1f}%"
            en = (
                f"{row.place} {known[row.indicator].en} {row.period}: {row.value:g} %, but {shown(old)} to {shown(new)}"
            )
            yield Flag("growth", *row.key, zh, f"{en} is {grown:+.1f} %")


MANY = 5  # flags of one kind from which on they are one line with a count
KINDS = {
    "unit": ("与别的时期相差约一万倍", "differ about 10,000 times from another period"),
    "share": ("变动过大", "change much"),
    "jump": ("与最近一年相差三成以上", "are more than 30 % from the nearest year"),
    "status": ("状态后退", "go back in status"),
    "range": ("不合常理", "are implausible"),
    "sum": ("与所辖县区合计不符", "are not the sum of their counties"),
    "parts": ("与三次产业之和不符", "are not the sum of the three industries"),
    "growth": ("与上年总量推算的增速相差过大", "do not fit the level of the year before"),
}


def say_flags(flags: Sequence[Flag], known: Mapping[str, Indicator], lang: str = "zh") -> list[str]:
    """Return what is odd, a line each; many flags of one kind are one line: how many, of what, the first."""
    speech = Speech.of(lang)
    groups: dict[str, list[Flag]] = {}
    for flag in flags:
        groups.setdefault(flag.kind, []).append(flag)
    lines = []
    for kind, group in groups.items():
        said = [speech.pick(flag.zh, flag.en) for flag in group]
        if len(group) < MANY:
            lines += said
            continue
        counted: dict[str, int] = {}
        for flag in group:
            one = known.get(flag.indicator)
            name = flag.indicator if one is None else speech.pick(one.zh, one.en)
            counted[f"{name} {flag.period}"] = counted.get(f"{name} {flag.period}", 0) + 1
        what = [speech.word("flags_of", name=name, n=n) for name, n in counted.items()]
        of = speech.list([*what[:3], *(["…"] if len(what) > 3 else [])])
        about = {"n": len(group), "kind": speech.pick(*KINDS[kind]), "of": of, "said": speech.clauses(said[:3])}
        lines.append(speech.word("flags_many", **about))
    return lines


def samples(column: Column, difference: Difference, most: int = 3) -> list[Change]:
    """Return the first values that a column gives, as changes: old beside new."""
    if column.indicator is None:
        return []
    found = []
    for change in difference.changes:
        row = change.row
        mine = row.indicator == column.indicator.id and column.period in ("", row.period)
        if mine and row.cell.rpartition("!")[0] == column.sheet:
            found.append(change)
            if len(found) == most:
                break
    return found


def as_json(reading: Reading) -> dict[str, Any]:
    """Return what was read, and how, as plain values."""

    def at(sheet: str, cell: str) -> str:
        return "!".join(part for part in (sheet, cell) if part)

    columns = [
        {
            "cell": at(column.sheet, column.cell),
            "header": column.header,
            "indicator": column.indicator.id if column.indicator else "",
            "period": column.period,
            "unit": column.unit,
            "status": column.status,
            "verdict": column.verdict,
            "evidence": [
                {"part": one.part, "says": one.says, "cell": one.cell, "text": one.text, "how": one.how}
                for one in column.evidence
            ],
        }
        for column in reading.columns
    ]
    rows = [
        {"place": row.place, "place_name": name_of(row.place)}
        | {name: getattr(row, name) for name in ("indicator", "period", "value", "unit", "status", "cell", "printed")}
        for row in reading.rows
    ]
    faults = [
        {"cell": at(one.sheet, one.cell), "value": one.value, "zh": one.zh, "en": one.en}
        | {"mend_zh": one.mend_zh, "mend_en": one.mend_en}
        for one in reading.faults
    ]
    remarks = [{"sheet": one.sheet, "cell": one.cell, "zh": one.zh, "en": one.en} for one in reading.remarks]
    return {"rows": rows, "columns": columns, "faults": faults, "remarks": remarks}


def command(
    file: str,
    accept: bool = False,
    database_url: str | None = None,
    who: str = "",
    note: str = "",
    period: str = "",
    source: str = "",
    status: str = "",
    out: Callable[[str], object] = print,
    store: Store | None = None,
    today: date | None = None,
    json_only: bool = False,
    plan: Plan | None = None,
) -> int:
    """Read a file, say what was read, every error and the difference; store it with `accept`.

    Parameters
    ----------
    file : str
    accept : bool
        Store it, if there is no error.
    database_url : str, optional
        As of `open_store`; not used when a `store` is given.
    who, note : str
        Kept with the batch.
    period, source, status : str
        Taken where the file does not say.
    out : callable
        Takes each line.
    store : Store, optional
    today : date, optional
        The day by which a period must have ended; by default the machine's.
    json_only : bool
        Say what was read as JSON (`as_json`) and nothing else; nothing is stored.
    plan : Plan, optional
        Whose places the rows are of; by default the shipped one.

    Returns
    -------
    int
        0 when the file was read without an error and, with `accept`, stored; else 1; 2 for wrong options.
    """
    with reading_for(plan):
        return _command(file, accept, database_url, who, note, period, source, status, out, store, today, json_only)


def _command(
    file: str,
    accept: bool,
    database_url: str | None,
    who: str,
    note: str,
    period: str,
    source: str,
    status: str,
    out: Callable[[str], object],
    store: Store | None,
    today: date | None,
    json_only: bool,
) -> int:
    try:
        store = store or open_store(database_url)
        reading = read_file(
            file,
            Path(file).name,
            indicators=store.indicators(),
            period=period,
            citation=source,
            status=status,
            today=today,
        )
    except (StoreError, ValueError) as error:
        out(str(error))
        return 2
    if json_only:
        out(json.dumps(as_json(reading), ensure_ascii=False, indent=1))
        return 0 if reading.ok else 1
    found = {(r.place, r.indicator, r.period) for r in reading.rows}
    counties = {place for place, _, _ in found if place in areas() and place[4:] != "00"}
    out(
        f"{reading.name}：读到 {len(found)} 个数值，{len(counties)} 个县，"
        f"{len({i for _, i, _ in found})} 个指标，时期 {'、'.join(sorted({p for _, _, p in found})) or '—'} / "
        f"{len(found)} values of {len(counties)} counties, {len({i for _, i, _ in found})} indicators"
    )
    difference = None if reading.faults else compare(reading, store)
    for column in reading.columns:
        out(f"  = {column.say()}")
        if difference is not None:
            for change in samples(column, difference):
                row = change.row
                old, new = _plain(change.old), _plain(row.value)
                out(f"      {row.cell} {name_of(row.place)} {row.period}：{old} → {new} {row.unit}")
    for remark in reading.remarks:
        out(f"  · {remark}")
    for fault in reading.faults:
        out(f"  ✗ {fault}")
    if reading.faults:
        out(f"有 {len(reading.faults)} 处错误，未存入 / {len(reading.faults)} errors, nothing stored")
        return 1
    assert difference is not None
    try:
        _say(difference, store.indicators(), out)
        if not accept:
            out("尚未存入；确认无误后加 --accept / not stored; add --accept when all is well")
            return 0
        if difference.empty:
            out("没有新的或变化的数值，无需存入 / nothing new or changed, nothing to store")
            return 0
        batch = store.accept(difference, who, note)
    except StoreError as error:
        out(str(error))
        return 1
    out(f"已存入第 {batch} 批 / stored as batch {batch}")
    return 0


def _plain(value: float | None) -> str:
    """Return a value with every digit that it has."""
    return "—" if value is None else f"{Decimal(repr(value)).normalize():f}"


def _say(difference: Difference, known: Mapping[str, Indicator], out: Callable[[str], object]) -> None:
    n = difference.counts
    out(
        f"变动超过原值 {SHARE:.0%} 的、与别的时期相差约一万倍的、由核定或公报退为初步的，以 ! 标出 / "
        f"marked with !: changes of more than {SHARE:.0%}, factors of about 10,000, statuses that go back"
    )
    out(
        f"新增 {n['new']}，变化 {n['changed']}，只改状态或来源 {n['restated']}，不变 {n['unchanged']} / "
        f"{n['new']} new, {n['changed']} changed, {n['restated']} restated, {n['unchanged']} unchanged"
    )
    if difference.repeat_of is not None:
        said = difference.repeat_of
        out(f"这个文件已作为第 {said} 批存入过 / this very file was stored as batch {said}")
    for indicator in difference.indicators:
        out(f"  + 新指标 {indicator.id} {indicator.zh}（{indicator.unit}） / new indicator")
    for zh, en in zip(say_parts(difference, "zh"), say_parts(difference, "en"), strict=True):
        out(f"  + {zh} / {en}")
    for change in difference.changes:
        if change.kind in ("changed", "restated"):
            row = change.row
            out(
                f"  ~ {name_of(row.place)} {row.indicator} {row.period}："
                f"{_plain(change.old)} → {_plain(row.value)} {row.unit}（{change.old_status} → {row.status}）"
            )
    known = {**known, **{one.id: one for one in difference.indicators}}
    both = (say_flags(difference.flags, known, lang) for lang in ("zh", "en"))
    for zh, en in zip(*both, strict=True):
        out(f"  ! {zh} / {en}")
