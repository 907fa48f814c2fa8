"""No address leads to a mirror: every one in the shipped data is on a publisher's own host, or a government's."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from plan_files import PLAN, PUBLISHED, TARGETS, rows

ROOT = TARGETS.parent
ADDRESS = re.compile(r"https?://[^\s\"'<>()（），；、|]+")
# Hosts that copy others' pages; some were once cited here. This file alone may name them.
MIRRORS = [
    "yikaixinnengyuan",
    "sjzyihang",
    "rsv50500",
    "victorzhang",
    "freshrice365",
    "heatherkohler",
    "catumaqa",
    "mmtar",
    "gethgdk",
    "zuckd",
    "cidian5",
    "dinovaliano",
    "933sd",
    "ifyoulikebooks",
    "gqsoso",
    "jjgjrc",
    "yizesci",
    "gs-highway",
    "zizi520",
    "52taolebao",
    "lfbxx",
    "fjtgew",
    "nanyuepoker",
    "zfbgw",
    "wztgpt",
    "caiding5",
    "hjtengyue",
    "wxredian",
    "hlsdmaker",
    "mattel8",
    "zengyoujie",
    "zhaoshang-gov",
    "ilynn",
    "qinglite",
    "df-news",
    "gansuci",
    "hendeli",
    "gjfs.com",
    "dizo.com",
    "keyousan",
    "xvrodyn",
    "xzzxedu",
    "shaocn",
    "2748.net",
    "xcar.com",
    "myzaker",
    "sina.com.hk",
    "china-county",
    "huiruisoft",
    "movesh",
    "casedetective",
    "ygsite",
    "yinxiangqingyang",
    "023wmyy",
    "zxtianyou",
]


def allowed() -> set[str]:
    return {row["host"] for row in rows("hosts", PUBLISHED)}


def addresses(path: Path) -> list[str]:
    return ADDRESS.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted([*PUBLISHED.glob("*"), *PLAN.glob("*"), *TARGETS.glob("*.csv")]), ids=str)
def test_every_address_of_the_data_has_a_host_of_the_list(path):
    assert {urlsplit(one).netloc for one in addresses(path)} <= allowed()


def test_the_boundaries_name_their_package_and_their_surveyor():
    hosts = {urlsplit(one).netloc for path in (ROOT / "geodata").rglob("*.md") for one in addresses(path)}
    # The package is cited at its author's own repository.
    assert hosts == {"github.com", "cloudcenter.tianditu.gov.cn"}
    assert hosts - {"github.com"} <= allowed()


def test_a_host_is_a_governments_or_a_publisher_who_is_cited():
    cited = defaultdict(set)
    for path in PUBLISHED.glob("*.csv"):
        for row in rows(path.stem, PUBLISHED):
            if row.get("url"):
                cited[urlsplit(row["url"]).netloc].add(row["publisher"])
    for row in rows("hosts", PUBLISHED):
        if row["kind"] == "government":
            assert row["host"].endswith(".gov.cn"), row
        else:
            assert cited[row["host"]], f"{row['host']}: no row needs it"
            assert all(row["owner"] in publisher for publisher in cited[row["host"]]), row


def test_everything_the_product_can_print_as_an_address_is_on_the_list(published):
    printed = set(published.observations["source_url"]) - {""}
    for name in ("expressways_opened", "connected_totals", "evaluation_awards", "county_types", "sources"):
        printed |= set(getattr(published, name)["url"]) - {""}
    assert len(printed) > 10
    assert {urlsplit(one).netloc for one in printed} <= allowed()


def test_no_mirror_is_named_anywhere():
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "*.csv", "*.py", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    paths = [ROOT / one for one in tracked if one and (ROOT / one).exists() and ROOT / one != Path(__file__).resolve()]
    assert len(paths) > 50
    found = {
        (str(path.relative_to(ROOT)), host)
        for path in paths
        for text in [path.read_text(encoding="utf-8", errors="replace")]
        for host in MIRRORS
        if host in text
    }
    assert not found
