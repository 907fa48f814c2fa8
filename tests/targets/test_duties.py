"""What the plan's text asks of places by name, held against the files, and the faults that its tables may have."""

from __future__ import annotations

import csv
import shutil

import pytest
from plan_files import PLAN as FOLDER
from plan_files import rows
from shipped import PLAN

from targets.checks import DataError
from targets.duties import called, of_duty, where
from targets.plan import load_plan

TASKS = {row["task"]: row for row in rows("tasks")}


def placed(task: str, duty: str) -> set[str]:
    """Return the names of the places that a task's duty is placed in."""
    short = {row["adcode"]: row["name_short"] for name in ("prefectures", "counties") for row in rows(name)}
    mine = [row for row in rows("duties") if row["task"] == task and duty in row["duty"]]
    return {short[row["adcode"] or row["prefecture_code"]] for row in mine if row["basis"] != "none"}


@pytest.mark.parametrize(
    ("task", "duty", "names"),
    [
        ("2", "产业基础", {"兰州市", "庆阳市", "金昌市", "酒泉市", "白银市", "天水市"}),
        ("3", "特大型风电", {"酒泉市"}),
        ("3", "千万千瓦级", {"金昌市", "张掖市", "武威市"}),
        ("4", "新材料", {"兰州市", "金昌市", "白银市", "酒泉市", "嘉峪关市", "庆阳市"}),
        ("8", "资源枯竭", {"白银市", "玉门市", "红古区"}),
        ("8", "老区", {"庆阳市", "平凉市"}),
        ("9", "示范县城", {"榆中县", "敦煌市"}),
        ("9", "兴边富民", {"肃北县"}),
        ("15", "良种", {"张掖市", "酒泉市", "武威市", "白银市", "定西市", "天水市", "陇南市"}),
        ("20", "5A", {"宕昌县", "凉州区", "临潭县", "华池县"}),
    ],
)
def test_a_duty_is_placed_where_the_text_says(task, duty, names):
    assert placed(task, duty) == names


def test_each_duty_has_one_place_or_says_why_it_has_none():
    codes = {row["adcode"] for name in ("prefectures", "counties") for row in rows(name)}
    for row in rows("duties"):
        places = [code for code in (row["adcode"], row["prefecture_code"]) if code]
        assert len(places) == (row["basis"] != "none"), row
        assert set(places) <= codes, row
        assert row["basis"] == "named" or (row["basis_note"] and row["basis_note_en"]), row
        assert row["section"] == TASKS[row["task"]]["section"], row
    assert len(rows("duties")) == 50


def test_a_county_s_own_duties_stand_apart_from_its_prefecture_s(plan):
    subei = called(plan, "620923")
    assert list(subei.own["place"]) == ["马鬃山"]
    assert set(subei.beside["prefecture_code"]) == {"620900"} and set(subei.beside["adcode"]) == {""}
    jiuquan = called(plan, "620900")
    assert list(jiuquan.own["id"]) == list(subei.beside["id"])
    assert set(jiuquan.beside["adcode"]) == {"620981", "620982", "620923"}
    for code in (*plan.counties["adcode"], *plan.prefectures["adcode"]):
        found = called(plan, code)
        assert set(found.own["id"]).isdisjoint(found.beside["id"])


def test_every_placed_duty_is_found_from_its_place(plan):
    own = [
        id for code in (*plan.counties["adcode"], *plan.prefectures["adcode"]) for id in called(plan, code).own["id"]
    ]
    assert sorted(own) == [row["id"] for row in rows("duties") if row["basis"] != "none"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_duty_s_source_has_its_task_departments_and_ground(plan, lang):
    answer = [row["department"] for row in rows("task_departments") if row["task"] == "9"]
    duty = next(row for row in rows("duties") if row["place"] == "马鬃山")
    source = of_duty(plan, duty, lang)
    assert len(source.departments) == len(answer)
    assert source.note == duty["basis_note" if lang == "zh" else "basis_note_en"]
    assert source.clause == ("三（二）·任务9" if lang == "zh" else "Section 3(2) · task 9")
    assert source.comparator == "抓好"


def test_every_task_and_measure_has_its_main_points_and_its_section(plan):
    sections = {row["task"]: row["section"] for row in rows("tasks")}
    sections |= {row["measure"]: row["section"] for row in rows("measures")}
    assert {row["task"] for row in rows("rules")} == set(sections)
    assert all(row["section"] == sections[row["task"]] for row in rows("rules"))
    said = " ".join(row["zh"] for row in rows("rules") if row["task"] in ("1", "M4", "M5"))
    for fact in ("落实主体", "选拔任用", "年度考核", "领导小组办公室备案"):
        assert fact in said
    assert "牵头" not in " ".join(row["zh"] for row in rows("rules"))


def test_every_task_has_departments(plan):
    assert all(plan.responsible(task) for task in TASKS)


def test_where_a_part_stands():
    assert where(PLAN, "标题", lang="en") == "Title"
    assert where(PLAN, "四（四）", "M4", lang="en") == "Section 4(4)"
    assert where(PLAN, "三（二）", "12", "五", "高速公路") == "专栏五·高速公路"


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("duties", {"adcode": "620999"}, "86个县之一"),
        ("duties", {"prefecture_code": "620900"}, "一个县或一个市州"),
        ("duties", {"task": "24"}, "tasks.csv 所列"),
        ("duties", {"section": "三（一）"}, "三（二）"),
        ("rules", {"task": "M6"}, "tasks.csv 或 measures.csv 所列"),
        ("rules", {"section": "四（一）"}, "三（一）"),
    ],
)
def test_a_fault_in_the_tables_is_named(tmp_path, name, change, said):
    folder = shutil.copytree(FOLDER, tmp_path / "plan")
    table = rows(name)
    row = next((row for row in table if row.get("place") == "马鬃山"), table[0])
    row |= change
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerows(table)
    with pytest.raises(DataError) as caught:
        load_plan(folder)
    assert said in str(caught.value) and f"{name}.csv" in str(caught.value)
