"""The map's headline: what the layer finds among the counties that match, in one sentence.

The browser says the same of every press, in the same words (``js_headline_…``): a test holds the two equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from layouts.facts.layers import LAYERS, Layer
from layouts.words import word
from targets.progress import NO_TARGET
from targets.selection import conditions
from targets.speech import Speech

if TYPE_CHECKING:
    from layouts.facts.atlas import Atlas, Standing
    from layouts.facts.view import View

FEW = 6  # so many counties are named


def headline(atlas: Atlas, view: View, standing: Standing | None = None) -> str:
    """Return what the map of a view finds.

    Parameters
    ----------
    atlas : Atlas
    view : View
    standing : Standing, optional
        What the store holds; needed by a layer that rests on it.

    Returns
    -------
    str
        Of a few counties that match a filter their names; else what `Layer.finding` says of the counties that match.
    """
    speech, matched = Speech.of(view.lang), list(atlas.select(view.filter))
    asked = conditions(view.filter, atlas.plan, view.lang)
    what = speech.capital(word("js_headline_between", view.lang).join(asked))
    if not matched:
        return word("js_headline_none", view.lang, what=what)
    if asked and len(matched) <= FEW:
        names = speech.list(speech.short(atlas.counties.loc[adcode]) for adcode in matched)
        return word("js_headline_few", view.lang, what=what, n=len(matched), names=names)
    said = FINDINGS[LAYERS[view.layer].finding](atlas, view, standing, matched)
    if not asked:
        return speech.capital(said)
    return word("js_headline_many", view.lang, what=what, n=len(matched), said=said)


def _most(atlas: Atlas, view: View, standing: Standing | None, matched: Sequence[str]) -> str:
    """Say of which class of the legend most are."""
    label, k = _largest(atlas, view, standing, matched)
    if not k:
        return word("js_headline_nothing", view.lang)
    return word("js_headline_most", view.lang, most=label, n=len(matched), k=k)


def _bands(atlas: Atlas, view: View, standing: Standing | None, matched: Sequence[str]) -> str:
    """Say how many have a target, and of which band most are."""
    held = [adcode for adcode in matched if atlas.counties.at[adcode, "band"]]
    if not held:
        return word("js_headline_nothing", view.lang)
    label, k = _largest(atlas, view, standing, held)
    return word("js_headline_band", view.lang, atlas.plan, n=len(held), most=label, k=k)


def _counts(atlas: Atlas, view: View, standing: Standing | None, matched: Sequence[str]) -> str:
    """Say how many hold any of the layer's options, and who holds most of them."""
    layer = LAYERS[view.layer]
    wanted = set(getattr(view.filter, layer.group)) or set(atlas.plan.option_ids[layer.group])
    held = {adcode: len(wanted & set(atlas.counties.at[adcode, layer.counts])) for adcode in matched}
    n, most = sum(map(bool, held.values())), max(held.values())
    if not n:
        return word("js_headline_nothing", view.lang)
    first = [adcode for adcode, k in held.items() if k == most]
    if most == 1 and n == len(matched):
        return _spread(atlas, view, matched)
    if most == 1:
        return word("js_headline_listed", view.lang, n=n)
    if len(first) > 1:
        return word("js_headline_counts_several", view.lang, n=n, k=most, several=len(first))
    name = Speech.of(view.lang).short(atlas.counties.loc[first[0]])
    return word("js_headline_counts", view.lang, n=n, name=name, k=most)


def _spread(atlas: Atlas, view: View, matched: Sequence[str]) -> str:
    """Say in how many prefectures they are, and in which most of them."""
    held = Counter(atlas.counties.loc[list(matched), "prefecture_code"])
    first = max(atlas.plan.option_ids["prefecture"], key=lambda code: held[code])
    option = atlas.plan.option(first)
    name = Speech.of(view.lang).pick(option.zh_short, option.en_short)
    return word("js_headline_spread", view.lang, p=len(held), most=name, k=held[first])


def _roads(atlas: Atlas, view: View, standing: Standing | None, matched: Sequence[str]) -> str:
    """Say for how many an expressway is planned, and what is known of its opening."""
    rows = atlas.counties.loc[list(matched)]
    planned = rows.index[rows["road_year"].notna()]
    if planned.empty:
        return word("js_headline_road_nothing", view.lang)
    opened = opened_years(atlas, standing)
    k = sum(opened.get(adcode) is not None for adcode in planned)
    if k == len(planned):
        return word("js_headline_road_all", view.lang, n=k)
    said = word("js_headline_road", view.lang, n=len(planned), k=k)
    return said + word("js_headline_road_unknown", view.lang, u=len(planned) - k)


def opened_years(atlas: Atlas, standing: Standing | None) -> Mapping[str, Any]:
    """Return in which year the expressway of each county opened, if any record says so."""
    if standing is None:
        known = atlas.counties[atlas.counties["road_status"] == "opened"]["road_opened_year"]
    else:
        known = standing.roads(atlas).counties["opened_year"]
    return {str(adcode): int(year) for adcode, year in known.items() if not pd.isna(year)}


def _states(atlas: Atlas, view: View, standing: Standing | None, matched: Sequence[str]) -> str:
    """Say how many with a target are in each state that any of them is in."""
    speech, layer = Speech.of(view.lang), LAYERS[view.layer]
    held = _counted(atlas, view, standing, matched, layer)
    rows = [row for row in layer.legend(atlas, standing, view) if row.id != NO_TARGET and held[row.id]]
    if not rows:
        return word("js_headline_nothing", view.lang)
    states = [word("js_headline_state", view.lang, k=held[row.id], state=speech.pick(*row.names)) for row in rows]
    n = sum(held[row.id] for row in rows)
    return word("js_headline_states", view.lang, n=n, states=speech.join(states))


def _people(atlas: Atlas, view: View, standing: Standing | None, matched: Sequence[str]) -> str:
    """Say who has the most people and who the fewest."""
    speech = Speech.of(view.lang)
    known = atlas.counties.loc[list(matched), "population"].dropna().astype(int)
    if known.empty:
        return word("js_headline_unknown", view.lang)
    most, least = known.idxmax(), known.idxmin()
    if most == least:
        one = speech.short(atlas.counties.loc[most])
        return word("js_headline_people_one", view.lang, most=one, a=speech.people(known[most]))
    return word(
        "js_headline_people",
        view.lang,
        most=speech.short(atlas.counties.loc[most]),
        least=speech.short(atlas.counties.loc[least]),
        a=speech.people(known[most]),
        b=speech.people(known[least]),
    )


def _counted(atlas: Atlas, view: View, standing: Standing | None, matched: Sequence[str], layer: Layer) -> Counter[str]:
    classes = layer.of_counties(atlas, standing, view)
    return Counter(classes[adcode] for adcode in matched)


def _largest(atlas: Atlas, view: View, standing: Standing | None, matched: Sequence[str]) -> tuple[str, int]:
    """Return the class of the layer's own of which most are, the first of the legend among equals, and how many."""
    layer = LAYERS[view.layer]
    held = _counted(atlas, view, standing, matched, layer)
    rows = [row for row in layer.legend(atlas, standing, view) if not row.outside]
    row = max(rows, key=lambda row: held[row.id])
    return Speech.of(view.lang).pick(*row.names), held[row.id]


FINDINGS = {"most": _most, "band": _bands, "counts": _counts, "road": _roads, "states": _states, "people": _people}
