"""The frames that the notebooks hand to one another, held to data/dictionary.yml.

A broken contract is told by column and count of rows; the values themselves are never printed.
"""

from functools import cache

import numpy as np
import pandas as pd

from icp_helpers.tables.dictionary import Contract, dictionary
from icp_helpers.tables.errors import TableError

_EMPTY_AS = {"text": "str", "number": "float64", "date": "datetime64[us]", "datetime": "datetime64[us]",
             "boolean": "boolean", "list": "object"}


def made_by(name: str) -> str:
    """The notebook that writes the contract `name`."""
    return _contract(name).made_by


def empty_frame(name: str) -> pd.DataFrame:
    """No rows, and the columns of a table or contract in their types."""
    known = dictionary()
    described = known.tables.get(name) or _contract(name)
    return pd.DataFrame({column.name: pd.Series(dtype=_EMPTY_AS[column.type]) for column in described.columns.values()})


def tidy_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame as it comes from Parquet, in the types that the analysis reads.

    Dates are datetime64 without a zone, lists are Python lists, and a boolean with missing values is `boolean`.
    """
    made = {column: _tidy(frame[column]) for column in frame.columns}
    return pd.DataFrame(made, index=frame.index, columns=frame.columns)


def check_frame(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame in the contract's types, contract columns first.

    Raises TableError when a column is missing or unknown, of another type, empty where it may not be, outside its
    range or allowed values, or when two rows share the key.
    """
    import pandera.errors  # a second to import, and only frames between the steps need it

    contract = _contract(name)
    missing = [c.name for c in contract.columns.values() if c.name not in frame.columns and not c.optional]
    extra = [str(c) for c in frame.columns if c not in contract.columns]
    if missing or (extra and not contract.others):
        fault = f"column {', '.join(missing)} missing" if missing else f"column {', '.join(extra)} not in the contract"
        raise _broken(contract, f"{fault}; columns found: {', '.join(map(str, frame.columns)) or 'none'}")
    typed = tidy_frame(frame.reset_index(drop=True))
    for column in contract.columns.values():
        if column.name in typed:
            typed[column.name] = _as_type(contract, column, typed[column.name])
    try:
        _schema(name).validate(typed, lazy=True)
    except pandera.errors.SchemaErrors as error:
        raise _broken(contract, _in_words(error.failure_cases)) from None
    first = [column for column in contract.columns if column in typed]
    return typed[first + [column for column in typed.columns if column not in contract.columns]]


def _contract(name: str) -> Contract:
    known = dictionary().contracts
    if name not in known:
        raise TableError(f"There is no contract '{name}'", where="data/dictionary.yml", found=", ".join(known),
                         remedy="Use one of these names, or describe the new one under contracts.")
    return known[name]


@cache
def _schema(name: str):
    import pandera.pandas as pa

    contract = dictionary().contracts[name]
    columns = {}
    for column in contract.columns.values():
        checks = []
        if column.values:
            checks.append(pa.Check.isin(column.values, error="a value that is not allowed"))
        if column.low is not None:
            checks.append(pa.Check.ge(column.low, error=f"a value below {column.low:g}"))
        if column.high is not None:
            checks.append(pa.Check.le(column.high, error=f"a value above {column.high:g}"))
        columns[column.name] = pa.Column(None, checks=checks, nullable=column.empty, required=not column.optional)
    return pa.DataFrameSchema(columns, unique=list(contract.key) or None, report_duplicates="exclude_first")


def _in_words(cases: pd.DataFrame) -> str:
    """Which column broke which check, on how many rows: never the values."""
    plain = cases.assign(check=cases["check"].astype(str).replace(
        {"not_nullable": "no value", "multiple_fields_uniqueness": "the key of another row", "field_uniqueness": "the key of another row"}))
    counted = plain.groupby(["column", "check"], dropna=False)["index"].nunique()
    return "; ".join(f"column '{column}': {check} on {rows} row{'s' if rows != 1 else ''}"
                     for (column, check), rows in counted.items())


def _broken(contract: Contract, found: str) -> TableError:
    return TableError(f"The frame '{contract.name}' breaks its contract", where=contract.made_by, found=found,
                      remedy=f"See contracts: {contract.name} in data/dictionary.yml, and run {contract.made_by} again.")


def _tidy(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.dt.tz_localize(None)
    if values.dtype != object:
        return values
    first = next((value for value in values if value is not None and value is not pd.NA), None)
    if isinstance(first, np.ndarray | list | tuple):
        return pd.Series([list(value) if isinstance(value, np.ndarray | list | tuple) else None for value in values],
                         index=values.index, dtype=object)
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind == "date":
        return pd.to_datetime(values).astype("datetime64[us]")
    return values.astype({"boolean": "boolean", "string": "str", "decimal": "float64"}.get(kind, "object"))


def _as_type(contract: Contract, column, values: pd.Series) -> pd.Series:
    try:
        if column.type in ("date", "datetime"):
            return pd.to_datetime(values).astype("datetime64[us]")
        if column.type == "number":
            return values if pd.api.types.is_numeric_dtype(values) and values.dtype != bool else pd.to_numeric(values)
        if column.type == "boolean":
            return values.astype("boolean") if values.isna().any() else values.astype(bool)
        return values.astype("str") if column.type == "text" else values
    except (ValueError, TypeError):
        raise _broken(contract, f"column '{column.name}' holds {values.dtype} values that are no {column.type}") from None
