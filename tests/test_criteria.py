"""A criterion selects the same rows as YAML, as SQL in DuckDB, and as a dataframe filter."""

import unicodedata
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_helpers.analysis import levels
from icp_helpers.analysis.criteria import Criterion, criteria_sql, members
from icp_helpers.tables.errors import ParameterError, TableError
from icp_helpers.tables.yaml_text import yaml_text

WORDS = [
    "a", "A", "true", "True", "FALSE", "1", "1.0", "01", "10", "-0", " 3", "3 ", "1e3", "1_000", "nan", "inf", "NULL",
    "O'Neill", 'say "hi"', "semi;colon", "a|b", "b", "Århus", unicodedata.normalize("NFD", "Århus"), "ß", "🙂", "%", "\\", "a\x85b", "a\u2028",
]  # fmt: skip
NUMBERS = [-1, 0, 1, 2, 3, 10, 0.1, 0.30000000000000004, 1e-7, 2**53, 1e20]
NAMES = ["x", "select", 'two "quotes"', "it's", "Størrelse (ansatte)", unicodedata.normalize("NFD", "Å"), "a.b", "--"]

CON = duckdb.connect()  # one engine for all examples: opening it is what takes time

text = st.sampled_from(WORDS) | st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=4)
number = st.sampled_from(NUMBERS) | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
level = text | number | st.booleans()


@st.composite
def column(draw):
    """A column as it comes: of one kind, in any of the dtypes that pandas may hold that kind in, with gaps."""
    kind = draw(st.sampled_from(["text", "category", "float", "float32", "Int64", "bool", "objectbool", "list", "empty"]))
    cells = {
        "text": text, "category": text, "float": number.map(float) | st.sampled_from([np.inf, -np.inf, np.nan]),
        "float32": st.floats(width=32), "Int64": st.integers(-(2**53), 2**53) | st.integers(-3, 12),
        "bool": st.booleans(), "objectbool": st.booleans(), "list": st.lists(text, max_size=3), "empty": st.none(),
    }[kind]  # fmt: skip
    values = draw(st.lists(cells | st.none(), min_size=1, max_size=8))
    if kind in ("float", "float32"):
        return pd.Series([np.nan if v is None else v for v in values], dtype=kind)
    dtype = {"text": "str", "category": "category", "Int64": "Int64", "bool": "boolean"}.get(kind, object)
    return pd.Series(values, dtype=dtype)


@st.composite
def criterion(draw, name="x"):
    op = draw(st.sampled_from(["in", "between", ">=", "<=", "is", "has"]))
    value = {
        "in": st.lists(level, min_size=1, max_size=3), "between": st.lists(number, min_size=2, max_size=2).map(sorted),
        ">=": number, "<=": number, "is": level, "has": text,
    }[op]  # fmt: skip
    try:
        return Criterion(name, op, draw(value))
    except ParameterError:
        return Criterion(name, "is", "a")  # blank text is refused, and tested below


def rows_by_sql(frame, condition):
    CON.register("customers", frame.assign(row_number=np.arange(len(frame))))
    found = CON.sql(f"SELECT row_number FROM customers WHERE {condition}").fetchall()
    others = CON.sql(f"SELECT row_number FROM customers WHERE NOT ({condition})").fetchall()
    assert len(found) + len(others) == len(frame), "a condition that is NULL loses rows when it is negated"
    mask = np.zeros(len(frame), bool)
    mask[[row for (row,) in found]] = True
    return mask


def by_yaml(one):
    return Criterion.from_dict(yaml.safe_load(yaml_text(one.to_dict())))


def same_rows(cells, one, name="x"):
    frame = pd.DataFrame({name: cells})
    expected = rows_by_sql(frame, one.to_sql())
    np.testing.assert_array_equal(one.mask(frame), expected, err_msg=f"{one} on {list(cells)} ({cells.dtype})")
    assert by_yaml(one) == one
    np.testing.assert_array_equal(by_yaml(one).mask(frame), expected)
    return expected


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(column(), criterion())
def test_three_forms_select_the_same_rows(cells, one):
    same_rows(cells, one)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NAMES), column(), st.data())
def test_any_column_name_can_be_quoted(name, cells, data):
    same_rows(cells, data.draw(criterion(name)), name)


@settings(max_examples=60, deadline=None)
@given(column(), column(), criterion("x"), criterion("y"))
def test_all_criteria_of_a_profile_must_hold(first, second, one, other):
    n = min(len(first), len(second))
    frame = pd.DataFrame({"x": first[:n], "y": second[:n]})
    mask = members(frame, [one, other])
    np.testing.assert_array_equal(mask, one.mask(frame) & other.mask(frame))
    np.testing.assert_array_equal(mask, rows_by_sql(frame, criteria_sql([one, other])))


@pytest.mark.parametrize(
    ("cells", "one", "expected"),
    [
        (pd.Series([1.0, np.nan, 0.0]), Criterion("x", "is", True), [1, 0, 0]),
        (pd.Series(["true", "TRUE", "1", "no", None], dtype="str"), Criterion("x", "is", True), [1, 1, 1, 0, 0]),
        (pd.Series([True, None, False], dtype=object), Criterion("x", "is", "true"), [1, 0, 0]),
        (pd.Series([3.0, np.nan]), Criterion("x", "in", ["3"]), [1, 0]),
        (pd.Series(["0800", "800"], dtype="str"), Criterion("x", "in", [800]), [0, 1]),
        (pd.Series(["9", "10", "ten", None], dtype="str"), Criterion("x", ">=", 10), [0, 1, 0, 0]),
        (pd.Series([10, 50, 51, pd.NA], dtype="Int64"), Criterion("x", "between", [10, 50]), [1, 1, 0, 0]),
        (pd.Series([unicodedata.normalize("NFD", "Århus")]), Criterion("x", "in", ["Århus"]), [1]),
        (pd.Series([["a", "b"], [], None]), Criterion("x", "has", "b"), [1, 0, 0]),
        (pd.Series(["a | b", "ab", None], dtype="str"), Criterion("x", "has", "b"), [1, 0, 0]),
        (pd.Series([np.inf, 5.0, np.nan]), Criterion("x", ">=", 10), [1, 0, 0]),
        (pd.Series([Decimal("2.50"), None]), Criterion("x", "<=", 2.5), [1, 0]),
        (pd.Series(pd.to_datetime(["2026-01-01"])), Criterion("x", ">=", 0), [0]),
    ],
)
def test_a_cell_means_what_a_reader_would_say(cells, one, expected):
    np.testing.assert_array_equal(same_rows(cells, one), np.array(expected, bool))


def test_lists_read_from_parquet_are_arrays(tmp_path):
    frame = pd.DataFrame({"x": [["a", "b"], [], None, ["c"]]})
    frame.to_parquet(tmp_path / "lists.parquet")
    one = Criterion("x", "has", "b")
    np.testing.assert_array_equal(one.mask(pd.read_parquet(tmp_path / "lists.parquet")), [True, False, False, False])


def test_equal_criteria_compare_equal_however_they_were_written():
    assert Criterion("x", "in", ["b", "a", "b"]) == Criterion("x", "in", ("a", "b"))
    assert Criterion("x", "between", [np.float64(10), np.int64(50)]) == Criterion("x", "between", [10, 50.0])
    assert len({Criterion("x", ">=", 1), Criterion("x", ">=", 1.0)}) == 1


@pytest.mark.parametrize(
    ("op", "value"),
    [("==", 1), ("in", "a"), ("in", []), ("between", [2, 1]), ("between", [1]), ("between", ["a", "b"]), (">=", "ten"),
     (">=", np.nan), ("<=", True), ("is", None), ("is", ""), ("is", ["a"]), ("has", " "), ("is", "a\0b"), ("is", {})],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_in_a_sentence(op, value):
    with pytest.raises(ParameterError, match="criterion on column 'x'"):
        Criterion("x", op, value)


def test_a_missing_column_is_named():
    with pytest.raises(TableError, match="'x' is missing.*Found: y"):
        Criterion("x", "is", 1).mask(pd.DataFrame({"y": [1]}))


@pytest.mark.parametrize("entry", [None, "x > 3", {"column": "x"}, {"column": "x", "op": "is", "value": 1, "why": ""}])
def test_an_entry_that_is_no_criterion_is_refused(entry):
    with pytest.raises(ParameterError, match="cannot be read"):
        Criterion.from_dict(entry)


def test_the_comparison_would_notice_a_loose_number_rule(monkeypatch):
    """Mutation: were "0800" a number in Python alone, the forms would part."""
    monkeypatch.setattr(levels, "_number", lambda cell: float(cell) if str(cell).isdigit() else np.nan)
    with pytest.raises(AssertionError):
        same_rows(pd.Series(["0800"], dtype="str"), Criterion("x", "is", 800))
