"""Where a datum stands: the clause, the plan's word, task and departments of each member, against the plan's files."""

from __future__ import annotations

import pandas as pd
import pytest
from plan_files import PUBLISHED, rows
from shipped import PLAN

from targets.provenance import of_census, of_figure, of_option, of_park, of_task, say_batch
from targets.published import cite, load_published

LISTS = (
    ("band_counties", "band", ""),
    ("cluster_counties", "cluster", "2"),
    ("energy_counties", "energy", "3"),
    ("expressways", "year", "12"),
)


def departments(task: str) -> tuple[str, ...]:
    return tuple(row["department"] for row in rows("task_departments") if row["task"] == task)


@pytest.mark.parametrize(("file", "column", "task"), LISTS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_member_has_its_clause_the_plans_word_and_the_departments(file, column, task, lang):
    plan = PLAN
    titles = {row["task"]: row["title" if lang == "zh" else "title_en"] for row in rows("tasks")}
    english = {row["department"]: row["department_en"] for row in rows("departments")}
    for row in rows(file):
        source = of_option(plan, row[column], row["adcode"], lang)
        assert source.clause == PLAN.clause(row["box"], row["item"], lang)
        assert source.comparator == row["comparator"]
        assert source.gloss == ("" if lang == "zh" else PLAN.verbs[row["comparator"]])
        assert bool(source.note) == (file == "band_counties"), "Box 1 names no departments, and the panel says so"
        named = departments(task) if lang == "zh" else tuple(english[name] for name in departments(task))
        assert source.departments == named
        assert (titles[task] in source.task and task in source.task) if task else source.task == ""


def test_a_correction_is_said_where_another_name_was_printed_and_only_there():
    plan = PLAN
    short = {row["adcode"]: row["name_short"] for row in rows("counties")}
    seen = 0
    for file, column, _ in LISTS:
        for row in rows(file):
            source = of_option(plan, row[column], row["adcode"])
            other = bool(row["correction"]) and "".join(row["printed"].split()) != short[row["adcode"]]
            assert (source.printed, source.correction) == ((row["printed"], row["correction"]) if other else ("", ""))
            assert source.key == ("" if other else row[column]), "what is one county's own is not shared"
            seen += other
    assert seen > 0


def test_a_county_that_is_not_in_a_list_has_no_place_in_it():
    with pytest.raises(KeyError, match="620102"):
        of_option(PLAN, "WIND", "620102")
    with pytest.raises(KeyError):
        of_option(PLAN, "B9")


def test_what_box_1_leaves_out_has_the_box_and_no_word_of_the_plan():
    source = of_option(PLAN, "none")
    assert (source.clause, source.comparator, source.departments) == ("专栏一", "", ())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_park_has_its_clause_and_the_ground_for_its_host(lang):
    plan = PLAN
    for row in rows("parks"):
        source = of_park(plan, row["id"], lang)
        assert source.clause == PLAN.clause(row["box"], row["item"], lang)
        assert source.comparator == row["comparator"]
        assert source.note == row["basis" if lang == "zh" else "basis_en"]
        assert len(source.departments) == len(departments(row["task"]))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_published_figure_has_its_citation(lang):
    published = load_published()
    figures = published.observations.set_index(["place", "indicator", "period", "printed"])
    for row in rows("county_observations", PUBLISHED):
        place = (row["adcode"], row["indicator"], row["period"], row["printed"])
        found = figures.loc[[place]].reset_index().to_dict("records")[0]
        source = of_figure(found, "x", lang, None, published.notes_en)
        assert (source.source, source.url) == (cite(row["publisher"], row["title"], row["date"]), row["url"])
        assert source.note == row["note" if lang == "zh" else "note_en"]
        assert row["period"][:4] in source.period
        assert source.batch == ""
        if lang == "zh":
            assert source.status == row["status"]


def test_an_imported_figure_has_its_batch():
    time = pd.Timestamp("2026-01-05 01:30", tz="UTC")
    batches = pd.DataFrame([{"id": 3, "file": "三季度.xlsx", "who": "王", "time": time}])
    assert say_batch(3, batches) == "第3批：三季度.xlsx，王，2026-01-05 09:30"
    assert say_batch(3, batches, "en") == "Batch 3: 三季度.xlsx, 王, 2026-01-05 09:30"
    assert say_batch(4, batches) == "第4批"


def test_what_is_shared_by_an_options_counties_is_the_same_for_each():
    plan = PLAN
    for file, column, _ in LISTS:
        for row in rows(file):
            mine, shared = of_option(plan, row[column], row["adcode"]), of_option(plan, row[column])
            if mine.key:
                assert mine == shared


def test_every_word_of_the_plan_has_an_english_gloss():
    used = {row["comparator"] for file in (*(file for file, *_ in LISTS), "parks") for row in rows(file)}
    assert used == set(PLAN.verbs)


@pytest.mark.parametrize(("lang", "day"), [("zh", "2020年11月1日"), ("en", "1 November 2020")])
def test_the_census_has_its_moment_and_its_status(lang, day):
    source = of_census("people", "census book", lang)
    assert day in source.period and source.status == ("普查" if lang == "zh" else "census")


def test_a_task_has_its_section_its_title_and_its_departments_in_order():
    plan = PLAN
    for row in rows("tasks"):
        answering = [one for one in rows("task_departments") if one["task"] == row["task"]]
        answering.sort(key=lambda one: int(one["order"]))
        source = of_task(plan, row["task"])
        assert source.what == row["title"] and row["section"] in source.clause and row["heading"] in source.clause
        assert source.departments == tuple(one["department"] for one in answering)
        assert not any("\u3400" <= sign <= "\u9fff" for sign in of_task(plan, row["task"], "en").clause)
