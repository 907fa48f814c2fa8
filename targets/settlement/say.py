"""How the parts of the settlement that a file speaks of are said, before anything of it is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from targets.indicators import Indicator
from targets.settlement.forms import asked as forms_asked
from targets.settlement.forms import say_choice
from targets.settlement.records import CountyType, Record, Records, SchemeRow, Setting, in_force
from targets.speech import Speech


class Changes(Protocol):
    """What of a difference is asked here."""

    @property
    def records(self) -> tuple[Record, ...]:
        """The records that a file holds."""

    @property
    def records_before(self) -> Records:
        """What was in force."""

    @property
    def record_changes(self) -> Mapping[tuple[str, int, str], bool]:
        """Whether each part is another than before."""


def say_part(part: tuple[str, int, str], records: Sequence[Record], lang: str) -> str:
    """Say one part: of what, of which year, how many rows."""
    kind, year, award = part
    about = {"award": say_choice("award", award, lang)} if award else {}
    return Speech.of(lang).word(f"part_{kind}", year=year, n=len(records), **about)


def say_record(
    one: Record,
    indicators: Mapping[str, Indicator],
    places: Mapping[str, str],
    types: Mapping[str, str],
    lang: str,
) -> tuple[str, str]:
    """Say one record: what it is of, and what it says of that."""
    speech = Speech.of(lang)

    def type_name(type: str) -> str:
        return speech.pick(type, types.get(type, type))

    def indicator(id: str) -> str:
        return speech.pick(indicators[id].zh, indicators[id].en) if id in indicators else id

    if isinstance(one, SchemeRow):
        of = type_name(one.type) if one.type else speech.word("form_overall")
        ends = "" if one.zero_at is None or one.full_at is None else f"{one.zero_at:f} → {one.full_at:f}"
        said = [f"{one.weight:f}", *(say_choice(name, getattr(one, name), lang) for name in ("direction", "form"))]
        said += [indicator(one.per)] if one.per else []
        said += [say_choice("scoring", one.scoring, lang), ends, say_choice("missing", one.missing, lang)]
        return f"{one.year} · {of} · {indicator(one.indicator)}", " · ".join(filter(None, said))
    if isinstance(one, Setting):
        asked = forms_asked()[one.setting]
        name = speech.pick(asked.zh, asked.en)
        value = indicator(one.value) if one.value in indicators else say_choice(one.setting, one.value, lang)
        return f"{one.year} · {name}", value
    place = places.get(one.adcode, one.adcode)
    if isinstance(one, CountyType):
        return f"{one.year} · {place}", speech.list(map(type_name, one.types))
    said = [say_choice("award", one.award, lang), type_name(one.type) if one.type else "", str(one.rank or "")]
    return f"{one.year} · {place}", " · ".join(filter(None, said))


def say_parts(difference: Changes, lang: str) -> list[str]:
    """Say each part of the settlement that a file speaks of, and what becomes of the one in force."""
    speech, said = Speech.of(lang), []
    held = in_force({0: difference.records}, ()).held
    for part, (_, records) in held.items():
        before = difference.records_before.held.get(part)
        key = "part_new" if before is None else "part_replaces" if difference.record_changes[part] else "part_same"
        about = {"batch": before[0]} if before else {}
        said.append(say_part(part, records, lang) + speech.brackets(speech.word(key, **about)))
    return said
