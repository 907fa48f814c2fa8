"""The lines that name where what is shown comes from."""

from __future__ import annotations

from layouts.facts.atlas import Atlas
from layouts.facts.layers import LAYERS, say
from layouts.words import word


def data_lines(atlas: Atlas, lang: str) -> list[str]:
    """Return where the plan, what the layers show besides and the boundaries come from, one line each."""
    of_layers = dict.fromkeys(say(line, lang) for layer in LAYERS.values() for line in layer.sources)
    return [
        word("source_plan", lang, atlas.plan),
        *of_layers,
        word("source_boundaries", lang) + atlas.boundaries_source(lang),
    ]


def source_lines(atlas: Atlas, lang: str) -> list[str]:
    """Return the lines that stand under every map: plan, census, boundaries, approval number."""
    approval = word("approval", lang) + atlas.approval if atlas.approval else word("no_approval", lang)
    return [*data_lines(atlas, lang), approval]
