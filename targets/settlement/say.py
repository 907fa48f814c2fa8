"""How the parts of the settlement that a file speaks of are said, before anything of it is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from targets.settlement.forms import say_choice
from targets.settlement.records import Record, Records, in_force
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
