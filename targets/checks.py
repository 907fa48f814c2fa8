"""Tables in CSV files, checked row by row before anything is computed from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.pandas as pa


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one file.

    `row` is the line in the file (the header is 1), `None` when the whole file or column is meant; `zh` and `en` say
    what is expected there.
    """

    file: str
    row: int | None
    column: str
    value: str
    zh: str
    en: str

    def __str__(self) -> str:
        where_zh = f" 第{self.row}行" if self.row else ""
        where_en = f"row {self.row}, " if self.row else ""
        return (
            f"{self.file}{where_zh} {self.column}\u201c{self.value}\u201d\uff0c应为{self.zh}"
            f" | {where_en}{self.column} {self.value!r}, expected {self.en}"
        )


class DataError(ValueError):
    """A data file is not as it must be. The message names every failing row; `problems` holds them one by one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        n = len(self.problems)
        head = f"数据有{n}处不合要求 | {n} problem{'' if n == 1 else 's'} in the data"
        super().__init__("\n".join([head, *map(str, self.problems)]))


@dataclass(frozen=True, slots=True)
class Field:
    """What a cell may hold: a regular expression for its whole text, in words, and the dtype it becomes."""

    pattern: str
    zh: str
    en: str
    dtype: str = "str"
    unique: bool = False

    def optional(self) -> Field:
        """Return the same field, which may also be empty."""
        return Field(f"(?:{self.pattern})?", f"{self.zh}或空", f"{self.en}, or nothing", self.dtype, self.unique)

    def key(self) -> Field:
        """Return the same field, whose values may not repeat."""
        return Field(self.pattern, self.zh, self.en, self.dtype, True)


TEXT = Field(r".*\S", "文字", "text")
FREE = TEXT.optional()
CODE = Field(r"[1-9]\d{5}", "六位代码", "a six-digit code")
COUNT = Field(r"\d+", "非负整数", "a whole number", "Int64")
NUMBER = Field(r"\d+(\.\d+)?", "数字", "a number", "Float64")
YEAR = Field(r"20\d\d", "年份", "a year", "Int64")
FLAG = Field("yes|no", "yes 或 no", "yes or no", "bool")


def one_of(*values: str) -> Field:
    """Return a field that holds one of `values`."""
    return Field("|".join(map(re.escape, values)), "、".join(values) + " 之一", "one of " + ", ".join(values))


def read_table(path: Path, fields: Mapping[str, Field], key: Sequence[str] = ()) -> pd.DataFrame:
    """Read a CSV file, check every cell, and give each column its dtype.

    Parameters
    ----------
    path : Path
        A UTF-8 CSV file whose first line names the columns.
    fields : mapping of str to Field
        Every column, and no other.
    key : sequence of str
        Columns whose values together may not repeat.

    Returns
    -------
    DataFrame
        In the order of the file. Empty text is ``""``; an empty number is ``<NA>``.

    Raises
    ------
    DataError
        Naming every failing cell at once.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, skip_blank_lines=False, encoding="utf-8")
        if not isinstance(table.index, pd.RangeIndex):
            # Every row has one cell more than the header: pandas would take the first column for an index.
            raise pd.errors.ParserError("more cells than columns")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError([Problem(name, None, "", str(error), "可读的CSV文件", "a readable CSV file")]) from error
    schema = pa.DataFrameSchema(
        {
            column: pa.Column(
                checks=pa.Check.str_matches(f"^(?:{field.pattern})$", error="pattern"), unique=field.unique
            )
            for column, field in fields.items()
        },
        strict=True,
        unique=list(key) or None,
    )
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        raise DataError(_problems(name, error.failure_cases, fields, key)) from error
    return table.assign(**{column: _converted(table[column], field.dtype) for column, field in fields.items()})


def raw_table(path: Path) -> pd.DataFrame | None:
    """Read a CSV file as text, unchecked; None where it is no table."""
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, skip_blank_lines=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        return None


def _converted(column: pd.Series, dtype: str) -> pd.Series:
    if dtype == "bool":
        return column == "yes"
    if dtype == "str":
        return column
    numbers = pd.to_numeric(column.mask(column == ""))
    return numbers.astype("Int64") if dtype == "Int64" else numbers.astype("Float64")


def _problems(name: str, cases: pd.DataFrame, fields: Mapping[str, Field], key: Sequence[str]) -> list[Problem]:
    found = []
    for case in cases.to_dict("records"):
        row = None if pd.isna(case["index"]) else int(case["index"]) + 2
        column, check = str(case["column"]), case["check"]
        value = "" if pd.isna(case["failure_case"]) else str(case["failure_case"])
        if check == "column_in_dataframe":
            column, value, zh, en = value, "", "有此列", "this column to be there"
        elif check == "column_in_schema":
            column, value, zh, en = value, "", "无此列", "no such column"
        elif check == "field_uniqueness":
            zh, en = "不重复的值", "a value that does not repeat"
        elif check == "multiple_fields_uniqueness":
            zh, en = f"{'+'.join(key)} 不重复", f"{' + '.join(key)} not to repeat"
        else:
            zh, en = fields[column].zh, fields[column].en
        found.append(Problem(name, row, column, value, zh, en))
    return sorted(found, key=lambda p: (p.row or 0, p.column))


def foreign(name: str, table: pd.DataFrame, column: str, known: Iterable[str], zh: str, en: str) -> list[Problem]:
    """Return a problem for each row whose `column` is neither empty nor among `known`."""
    bad = table[~table[column].isin({*known, ""})]
    return [Problem(name, int(str(i)) + 2, column, str(v), zh, en) for i, v in bad[column].items()]


def miscounted(name: str, table: pd.DataFrame, key: str, column: str, counted: Mapping[str, int]) -> list[Problem]:
    """Return a problem for each row whose stated number, in `column`, is not the number of rows that are listed."""
    return [
        Problem(name, i + 2, column, str(said), f"所列行数{n}", f"{n}, the number of rows listed")
        for i, (k, said) in enumerate(zip(table[key], table[column], strict=True))
        if int(said) != (n := counted.get(str(k), 0))
    ]
