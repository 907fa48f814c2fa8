"""The templates that are filled in and imported: of everything, of one indicator, of the figures that are missing."""

from __future__ import annotations

from layouts.facts.exports import File, Unavailable, Wanted
from layouts.facts.missing import missing_rows
from targets.periods import FORM
from targets.settlement import forms
from targets.template import missing_xlsx, template_csv, template_xlsx


def _everything(wanted: Wanted) -> bytes:
    return template_xlsx(wanted.atlas.plan, wanted.view.lang, wanted.store.indicators())


def _one(wanted: Wanted) -> bytes:
    known, indicator = wanted.store.indicators(), wanted.given.get("indicator", "gdp")
    period = wanted.given.get("period", "")
    if indicator not in known or not (period == "" or FORM.fullmatch(period)):
        raise Unavailable("", 400)
    return template_csv(wanted.atlas.plan, wanted.view.lang, indicator, period, known)


def _missing(wanted: Wanted) -> bytes:
    """Return what asks for the target year's figures that are not known yet, of the counties that are selected."""
    rows, year = missing_rows(wanted.atlas, wanted.standing, wanted.view), wanted.standing.rules.target_year
    return missing_xlsx(rows, str(year), wanted.view.lang, wanted.store.indicators())


def _plain(wanted: Wanted) -> str:
    return "observations-template"


FILES = (
    File(id="template-xlsx", path="/template/observations.xlsx", write=_everything, called=_plain),
    File(id="template-csv", path="/template/observations.csv", write=_one, called=_plain),
    File(
        id="scheme",
        path="/template/scheme.xlsx",
        write=lambda wanted: forms.scheme_xlsx(wanted.atlas.plan, wanted.view.lang, wanted.store.indicators()),
        called=lambda wanted: "scheme-template",
    ),
    File(
        id="types",
        path="/template/types.xlsx",
        write=lambda wanted: forms.types_xlsx(wanted.atlas.plan, wanted.view.lang),
        called=lambda wanted: "types-template",
    ),
    File(
        id="missing",
        path="/template/missing.xlsx",
        write=_missing,
        called=lambda wanted: f"{wanted.atlas.plan.region.slug}-missing-{wanted.standing.rules.target_year}",
    ),
)
