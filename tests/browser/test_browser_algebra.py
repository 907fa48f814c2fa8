"""The one rule that stands twice: what the page combines by itself is what targets/selection finds."""

from __future__ import annotations

import random

from readings import OPTIONS, SHOWN, query_of, read, says, shown
from shipped import PLAN

from layouts.facts.view import View
from targets.selection import Filter, empty_sentence, option_counts, select, sentence

MATCH = """(queries) => queries.map((query) => {
  const matched = Atlas.match(Atlas.read(query));
  return Atlas.counties.filter((_, number) => matched[number]).map((county) => county.adcode).sort();
})"""
REWRITE = """(queries) => queries.map((query) => {
  try { return Atlas.write(Atlas.read(query)); } catch (error) { return String(error); }
})"""
JUNK = (
    "", "?", "&&&", "=", "=1", "layer", "layer=", "layer=&layer=road", "layer=road&layer=energy", "layer=ROAD",
    "layer=weather",
    "layer=weather&layer=road", "LAYER=road", " layer=road", "band=B9", "band=B9,B1", "band=B1,B1,,B6,",
    "band=none&band=B1",
    "band=B1%2CB2", "band=B1+B2", "band=b1", "band=%42%31", "cluster=C1;C2", "cluster=C4,C1", "cluster_op=all",
    "cluster_op=ALL", "cluster_op=any&cluster_op=all", "energy=PV", "energy=PV1,WIND&energy_op=all", "road=2022,2026",
    "road=2025,2022", "prefecture=623000,620100,000000", "prefecture=620922", "not=C1,B1,WIND,2022,620100,nobody",
    "not=C1&cluster=C1", "county=620922", "county=620200", "county=620000", "county=", "county=620922&county=620102",
    "county=%E7%93%9C%E5%B7%9E", "map=tile", "map=true", "map=false", "period=2023", "period=2025Q1", "period=2025Q3",
    "period=2025Q5", "period=2025-09", "period=2025-13", "period=20233", "period=2023%0A", "lang=en", "lang=fr",
    "theme=dark&lang=en",
    "theme=red", "foo=bar", "%zz=1", "layer=%zz", "layer=%FF", "%6Cayer=road", "a=<script>", "layer=road#band=B1",
    "band=B1&amp;road=2022", "県=1", "band=Ｂ１", "period=２０２３", "layer=road&", "&layer=road", "not=", "not=,",
    "band=B1,&not=B1",
)  # fmt: skip
# Names that every JavaScript object answers to, though nobody put them there.
INHERITED = ("constructor", "toString", "__proto__", "hasOwnProperty", "valueOf")


def test_the_page_combines_300_random_filters_as_python_does(page, filters, held):
    queries = [query_of(chosen) for chosen in filters]
    expected = [list(select(chosen, held)) for chosen in filters]
    assert sum(1 < len(left) < 86 for left in expected) > 60, "the filters must tell right from wrong"
    assert {len(chosen.exclude) > 0 for chosen in filters} == {True, False}
    for query, found, right in zip(queries, page.evaluate(MATCH, queries), expected, strict=True):
        assert found == right, query


def test_every_single_option_and_its_exclusion(page, held):
    singles = [Filter(**{group: (option,)}) for group, ids in OPTIONS.items() for option in ids]
    singles += [Filter(exclude=(option,)) for ids in OPTIONS.values() for option in ids]
    found = page.evaluate(MATCH, [query_of(chosen) for chosen in singles])
    assert found == [list(select(chosen, held)) for chosen in singles]


def test_map_list_counts_chips_and_legend_follow_the_filter(page, filters, held):
    tried = [chosen for chosen in filters if len(select(chosen, held)) > 3][:24] + filters[:16]
    show = f"""async (queries) => {{
      const answers = [];
      for (const query of queries) {{ Atlas.change(Atlas.read(query)); answers.push(await ({SHOWN})()); }}
      return answers;
    }}"""
    answers = page.evaluate(show, [query_of(chosen) for chosen in tried])
    for chosen, found in zip(tried, answers, strict=True):
        left = select(chosen, held)
        assert found["query"] == query_of(chosen)
        assert {adcode for adcode, (match, _) in found["map"].items() if match == "1"} == set(left)
        assert found["list"] == list(left)
        assert (found["count"], found["listCount"]) == (len(left), str(len(left)))
        assert found["chips"] == option_counts(chosen, held, PLAN.option_ids)
        for ids in OPTIONS.values():
            for option in ids:
                state = (
                    "mixed"
                    if option in chosen.exclude
                    else "true"
                    if option in chosen.chosen(PLAN.option_ids)
                    else "false"
                )
                assert found["pressed"][option] == state
        assert found["legend"] == {band: len(held[band] & set(left)) for band in OPTIONS["band"]}
    says(page, sentence(tried[-1], len(select(tried[-1], held)), PLAN))


def test_classes_of_every_layer(page):
    """The browser's own classes are those that Python paints into the first answer, filtered or not."""
    from days import TODAY

    from layouts.facts.atlas import open_atlas

    atlas = open_atlas(today=TODAY)
    for query in (
        "", "layer=cluster", "layer=cluster&cluster=C1,C4", "layer=energy", "layer=energy&energy=PV1,PV2,PV3&band=B4",
        "layer=road&road=2023", "layer=population",
    ):  # fmt: skip
        page.evaluate("(query) => Atlas.change(Atlas.read(query))", query)
        view = read(query)
        assert {adcode: kind for adcode, (_, kind) in shown(page)["map"].items()} == atlas.county_classes(view), query


def test_both_languages_write_a_view_alike(page, filters):
    chance = random.Random(7)
    views = [
        View(
            layer=chance.choice(("band", "cluster", "energy", "road", "population")),
            filter=chosen,
            county=chance.choice((None, "620922", "620200")),
            form=chance.choice(("true", "tile", "panels")),
            period=chance.choice((None, "2023", "2025Q1")),
            lang=chance.choice(("zh", "en")),
            theme=chance.choice(("light", "dark")),
        )
        for chosen in filters
    ]
    texts = [view.query() for view in views]
    assert page.evaluate(REWRITE, texts) == texts
    assert [read(text) for text in texts] == views


def test_both_languages_read_junk_alike(page):
    chance = random.Random(11)
    mixed = ["&".join(chance.sample(JUNK, chance.randint(2, 5))) for _ in range(300)]
    texts = [*JUNK, *mixed]
    wrong = {
        text: (found, read(text).query())
        for text, found in zip(texts, page.evaluate(REWRITE, texts), strict=True)
        if found != read(text).query()
    }
    assert not wrong


def test_names_that_every_object_has_are_unknown_too(page):
    texts = [f"{name}=1" for name in INHERITED] + [
        f"{key}={name}" for name in INHERITED for key in ("county", "layer", "not")
    ]
    assert dict(zip(texts, page.evaluate(REWRITE, texts), strict=True)) == dict.fromkeys(texts, "")


def test_the_page_says_300_random_filters_as_python_does_and_what_to_loosen(page, filters, held):
    """In both languages: the browser joins the phrases that Python joins."""
    say = """(queries) => queries.map((query) => {
      const view = Atlas.read(query), left = Atlas.count(Atlas.match(view));
      return left ? [Atlas.sentence(view, left)] : [Atlas.sentence(view, 0), Atlas.emptySentence(view)];
    })"""
    more = [Filter(prefecture=("620200",)), Filter(band=("B1",), exclude=("B1",)), Filter()]
    empty = 0
    for lang in ("zh", "en"):
        tried = [*filters, *more]
        found = page.evaluate(say, [query_of(chosen, lang=lang) for chosen in tried])
        for chosen, said in zip(tried, found, strict=True):
            left = select(chosen, held)
            right = [sentence(chosen, len(left), PLAN, lang)]
            if not left:
                right.append(empty_sentence(chosen, held, PLAN, lang))
                empty += 1
            assert said == right, chosen
    assert empty > 100, "many are empty, and say what to let go"
