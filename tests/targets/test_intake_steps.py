"""Each step of reading can be printed, and text is read in every encoding that offices write, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from targets.importing import read_file
from targets.intake.__main__ import STEPS, lines_of

TABLES = Path(__file__).with_name("tables")
TEXT = "2025年\r\n县区,地区生产总值（亿元）\r\n瓜州县,131.7\r\n玉门市,245.3\r\n"
TRADITIONAL = (
    "name,indicator,period,value,unit\r\n會寧縣,gdp,2025,13170000000,元\r\n蘭州市,gdp,2025,348730000000,元\r\n"
)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", ["06a-pandas-multiindex.xlsx", "24o-one-county-turned.csv", "26o-long-city-level.csv"])
def test_every_step_is_printed(step, name):
    lines = list(lines_of(TABLES / name, step))
    told = {"workbook": "瓜州县", "headers": "头", "columns": "地区生产总值 · ", "rows": "131.7"}[step]
    assert any(told in line for line in lines), lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_encoding(encoding):
    reading = read_file(TEXT.encode(encoding), "表.csv")
    assert {(row.place, row.value) for row in reading.rows} == {("620922", 131.7), ("620981", 245.3)}


def test_big5_is_told_from_gbk():
    for encoding in ("big5", "gbk"):
        reading = read_file(TRADITIONAL.encode(encoding), "表.csv")
        assert {(row.place, row.value) for row in reading.rows} == {("620422", 131.7), ("620100", 3487.3)}, encoding


@pytest.mark.parametrize(
    "data",
    [
        "place,indicator,period,value,unit,note\r\n620922,gdp,2025,131.7,亿元,".encode() + b"caf\xe9\r\n",
        "code,name,GDP 2025\r\n620922,Gu\xe4zh\xf6u \xfcber,131.7\r\n".encode("cp1252"),
        TEXT.encode("utf-32"),
        TEXT.encode()[:-30] + b"\xe5\x8d",
        *(TEXT.replace("玉", "\ufffd").encode(encoding) for encoding in ("utf-8", "utf-16", "utf-16-be", "gb18030")),
        TEXT.encode("gbk").replace(b"131.7", b"131.7\xff"),
    ],
)
def test_what_no_encoding_explains_is_refused_and_never_kept_garbled(data):
    reading = read_file(data, "表.csv")
    assert reading.refused
    assert not reading.rows
    assert "请" in reading.faults[0].zh and reading.faults[0].en
