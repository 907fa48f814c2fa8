"""docs/adding.md: the change shown for a plan is made in a copy of the shipped folder, and the app speaks of it."""

from __future__ import annotations

import re
import shutil
from datetime import date

from adding import change, changed
from plan_files import PLAN

from app import create_app
from targets.plan import load_plan

SECTION = "规划 · A plan"


def test_a_copied_folder_with_the_change_is_the_plan_that_follows(tmp_path):
    folder = shutil.copytree(PLAN, tmp_path / "2026-2030")
    for file, hunks in change(SECTION).items():
        (folder / file).write_text(changed(file, hunks, folder), encoding="utf-8")
    plan = load_plan(folder)
    assert (plan.term.begin, plan.term.end, plan.term.target_year) == (date(2026, 1, 1), date(2030, 12, 31), 2030)
    assert plan.option("C2").zh_short == "医药健康"
    app = create_app(data_folder=str(tmp_path / "data"), today=date(2027, 6, 30), plan=folder)
    ask = app.server.test_client().get
    map_page, progress = (ask(path).get_data(as_text=True) for path in ("/?layer=cluster", "/progress"))
    assert "医药健康" in map_page and "生物医药" not in map_page
    assert "2030年" in progress and not re.search("实施期.{0,6}2025", progress)
