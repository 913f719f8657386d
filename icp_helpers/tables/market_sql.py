"""Checks the SQL expressions of a market file: one expression over columns, and nothing that reaches outside."""

import sqlglot
from sqlglot import exp

# Functions that sqlglot does not know by name, and that only turn values into values.
_PLAIN_FUNCTIONS = frozenset(
    "strip_accents nfc_normalize list_contains list_has list_has_any list_filter list_transform regexp_matches "
    "string_split str_split str_split_regex contains prefix suffix starts_with ends_with ltrim rtrim trim printf format "
    "jaro_winkler_similarity levenshtein damerau_levenshtein datesub datepart date_part isodow dayofyear yearweek "
    "monthname dayname even bar reverse ascii chr unicode translate array_contains make_date make_timestamp "
    "regexp_extract_all list_sort list_distinct list_unique len strlen epoch_ms isfinite isnan isinf fdiv fmod".split())
_TELLS_TIME = ("CURRENT_", "LOCALTIME", "UTC_", "NOW", "TODAY", "GETDATE", "SYSDATE")
_RANDOM = ("RAND", "UUID", "GENERATE_UUID", "GEN_RANDOM")
_REACHES_OUT = ("READ_", "PARSE_", "SCAN", "GLOB_", "COLUMNS", "OPEN_", "LOAD_", "ML_", "AI_", "VECTOR_SEARCH")
_NOT_A_VALUE = (exp.Query, exp.Subquery, exp.DDL, exp.DML, exp.Command, exp.Star, exp.Window, exp.AggFunc, exp.UDTF,
                exp.Alias, exp.Placeholder, exp.Parameter, exp.Table)


def expression_fault(sql: str) -> str | None:
    """Why `sql` may not stand in a market file, in a few words; None when it may.

    Allowed is one DuckDB expression over the columns of one row: operators, CASE, CAST and functions that turn
    values into values. Refused are statements, subqueries, aggregates, windows, functions that read files, settings or
    the clock, and random numbers.
    """
    try:
        parsed = [tree for tree in sqlglot.parse(sql, read="duckdb") if tree is not None]
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError) as error:
        reason = (getattr(error, "errors", None) or [{}])[0].get("description")
        return f"it is not valid SQL{f': {reason}' if reason else ''}"
    if len(parsed) != 1:
        return "it is empty" if not parsed else "it holds several statements"
    tree = parsed[0]
    if not isinstance(tree, exp.Condition | exp.Paren | exp.Func | exp.Cast | exp.Between | exp.In | exp.Interval):
        return "it is a statement and not an expression"
    return next((fault for fault in map(_node_fault, tree.walk()) if fault), None)


def columns_of(sql: str) -> list[str]:
    """The names of the columns that an expression uses, as written, each once."""
    found = sqlglot.parse_one(sql, read="duckdb").find_all(exp.Column)
    return list(dict.fromkeys(column.name for column in found))


def _node_fault(node) -> str | None:
    if isinstance(node, exp.Column) and node.table:
        return f"it names another table, '{node.table}'"
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        return None if name in _PLAIN_FUNCTIONS else f"the function {name}() is not one that may be used here"
    if isinstance(node, _NOT_A_VALUE):
        return f"it holds {_in_words(node)}"
    if isinstance(node, exp.Func):
        name = node.sql_name().upper()
        if name.startswith(_TELLS_TIME):
            return "it asks for today's date; only as_of tells the time"
        if name.startswith(_RANDOM):
            return "it draws random values, so that no run could be repeated"
        if name.startswith(_REACHES_OUT):
            return f"the function {name.lower()}() is not one that may be used here"
    return None


def _in_words(node) -> str:
    words = ((exp.Subquery, "a subquery"), (exp.Query, "a query"), (exp.Window, "a window function"),
             (exp.AggFunc, "a sum, count or other aggregate"), (exp.Star, "a star (*) in place of a column"),
             (exp.Alias, "a name for its result (AS ...)"), (exp.Parameter, "a parameter"),
             (exp.Placeholder, "a placeholder"))
    return next((word for kind, word in words if isinstance(node, kind)), "a statement")
