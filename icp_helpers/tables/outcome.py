"""The outcome column of a market, `ideal: {outcome: ...}`: yes or no, however the file says it."""

import ibis

from icp_helpers.tables import formats
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.market import Market
from icp_helpers.tables.settling import usable


def with_outcome(table: ibis.Table, market: Market, name: str, where: str) -> ibis.Table:
    """The customers table with the outcome as a boolean; won/lost, yes/no, ja/nej and 1/0 are understood.

    Raises TableError when the customers have no such column, or it says something else.
    """
    column = market.ideal.outcome
    if name != "customers" or column is None:
        return table
    if column not in table.columns:
        raise TableError(f"The outcome '{column}' is missing", where=where, found=", ".join(table.columns[1:31]),
                         remedy="Correct ideal: outcome in market.yml, or make the column under derive: customers.")
    said = table[column]
    if said.type().is_boolean():
        return table
    word = ibis.ifelse(said == said.floor(), said.try_cast("int64").cast("string"), said.cast("string")) if said.type().is_numeric() else said.cast("string")
    value = formats.yes_no(word)
    seen = usable(table.mutate(word=word, value=value))
    unclear = seen.filter(seen.word.notnull() & seen.value.isnull()).aggregate(rows=seen.word.count(), words=seen.word.nunique())
    found = unclear.to_pyarrow().to_pylist()[0]
    if found["rows"]:
        raise TableError(f"The outcome '{column}' is neither yes nor no", where=where,
                         found=f"{found['words']} other values on {found['rows']} rows",
                         remedy=f"Say which one counts under derive: customers, as in {column}_yes: \"{column} = '...'\".")
    return table.mutate(**{column: value})
