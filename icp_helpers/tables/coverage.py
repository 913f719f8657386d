"""What a market's data cover: which tables there are, how many rows, over which time, and how well filled."""

from __future__ import annotations

import pandas as pd

from icp_helpers.tables.dictionary import dictionary


def source_coverage(unit) -> pd.DataFrame:
    """Every table that the workbench knows, in the dictionary's order: `table, supplied, rows, first_on, last_on`.

    The days are those of the table's own date (when it happened, was answered or was opened); missing for tables
    without one, and for plans, whose dates lie ahead. Counted in the engine: no table is read whole.
    """
    rows = []
    for name, described in dictionary().tables.items():
        if not unit.has(name):
            rows.append((name, False, 0, None, None))
            continue
        table = unit.table(name)
        day = next((c for c in described.columns.values() if c.type in ("date", "datetime") and c.name in table.columns), None)
        if day is None or day.future or table[day.name].type().is_null():
            rows.append((name, True, int(table.count().to_pyarrow().as_py()), None, None))
            continue
        when = table[day.name].cast("date")
        seen = table.aggregate(rows=table.count(), first_on=when.min(), last_on=when.max()).to_pyarrow().to_pylist()[0]
        rows.append((name, True, seen["rows"], seen["first_on"], seen["last_on"]))
    frame = pd.DataFrame(rows, columns=["table", "supplied", "rows", "first_on", "last_on"])
    return frame.assign(first_on=pd.to_datetime(frame.first_on), last_on=pd.to_datetime(frame.last_on))
