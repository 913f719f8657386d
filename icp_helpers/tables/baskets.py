"""What was bought together: the order lines as baskets, made in the engine, a sample of the orders where they are many."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

MOST_BASKETS = 100_000


@dataclass(frozen=True)
class ProductBaskets:
    """`frame`: basket_id, item, once each. `total`: orders with at least one product; `sampled`: those in the frame."""

    frame: pd.DataFrame
    total: int
    sampled: int


def product_baskets(order_lines: ibis.Table, *, most: int = MOST_BASKETS) -> ProductBaskets:
    """The products of each order; returned ones (quantity not above zero) and lines without a product are left out.

    Above `most` orders every so-manieth is taken, chosen by a hash of its id: the same ones at every run, and whole.
    """
    lines = order_lines.filter(order_lines.quantity > 0, order_lines.sku.notnull(), order_lines.order_id.notnull())
    total = int(lines.order_id.nunique().to_pyarrow().as_py())
    if total > most:
        lines = lines.filter((lines.order_id.hash() % -(-total // most)) == 0)
    pairs = lines.select(basket_id=lines.order_id, item=lines.sku).distinct().order_by("basket_id", "item")
    frame = pairs.to_pyarrow().to_pandas()
    return ProductBaskets(frame, total, int(frame["basket_id"].nunique()))


def no_baskets() -> ProductBaskets:
    """What there is where order lines are not supplied."""
    return ProductBaskets(pd.DataFrame({"basket_id": pd.Series(dtype="str"), "item": pd.Series(dtype="str")}), 0, 0)
