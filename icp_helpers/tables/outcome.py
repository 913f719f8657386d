"""The outcome column of a market, `ideal: {outcome: ...}`: yes or no, however the file says it."""

from icp_helpers.tables import formats
from icp_helpers.tables.engine import View, name
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.market import Market
from icp_helpers.tables.settling import USABLE, content


def with_outcome(view: View, market: Market, table: str, where: str) -> View:
    """The customers with the outcome as a boolean; won/lost, yes/no, ja/nej and 1/0 are understood.

    Raises TableError when the customers have no such column, or it says something else.
    """
    column = market.ideal.outcome
    if table != "customers" or column is None:
        return view
    if column not in view.columns:
        raise TableError(f"The outcome '{column}' is missing", where=where, found=", ".join(content(view)[:30]),
                         remedy="Correct ideal: outcome in market.yml, or make the column under derive: customers.")
    kind = view.columns[column]
    if kind == "BOOLEAN":
        return view
    word = f"CASE {name(column)} WHEN 1 THEN '1' WHEN 0 THEN '0' ELSE '?' END" if kind == "DOUBLE" else f"{name(column)}::VARCHAR"
    value = formats.yes_no(f"({word})")
    unclear = view.one(f"count(*) AS rows, count(DISTINCT {name(column)}) AS words",
                       f"{USABLE} AND {name(column)} IS NOT NULL AND ({value}) IS NULL")
    if unclear["rows"]:
        raise TableError(f"The outcome '{column}' is neither yes nor no", where=where,
                         found=f"{unclear['words']} other values on {unclear['rows']} rows",
                         remedy=f"Say under derive: customers which value counts, as in is_won: \"{column} = '...'\", "
                                "and name that column as the outcome.")
    return view.engine.kept("customers with outcome", f"SELECT * REPLACE (({value}) AS {name(column)}) FROM {name(view.called)}")
