"""A CRM's list of deals says whose each deal is and nothing of the firm: what describes the firm is borrowed from its own row."""

from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.engine import View, name
from icp_helpers.tables.market import Market
from icp_helpers.tables.settling import USABLE, content

# Of the leads that name their firm. Where only those that were won do, as in many a CRM, a trait borrowed for these alone
# would tell who was won; the same bound as in analysis/kpis/grouping.
KNOWN = 0.95
FIRMS = {"customers": "customer_id", "prospects": "prospect_id"}


def with_traits_of_firms(tables: dict[str, View], market: Market) -> tuple[View, list[str]] | None:
    """The leads with the traits that they lack, each from the row of customers, else of prospects, that its customer_id names.

    `tables` are judged tables by name. Gives the leads and the borrowed columns; None where there is nothing to borrow, or
    where fewer than KNOWN of the usable leads name a firm that is at hand.
    """
    leads, firms = tables.get("leads"), {table: key for table, key in FIRMS.items() if table in tables}
    if leads is None or "customers" not in firms or "customer_id" not in leads.columns:
        return None
    wanted = [column for column in _traits(tables["customers"], market) if column not in leads.columns]
    if not wanted:
        return None
    engine, lists = leads.engine, []
    for table, key in firms.items():
        known = content(tables[table])
        types = tables["customers"].columns
        listed = ", ".join(f"TRY_CAST({name(column) if column in known else 'NULL'} AS {types[column]}) AS {name(column)}" for column in wanted)
        lists.append(f"SELECT {name(key)} AS firm, {listed} FROM {name(tables[table].called)} {USABLE}")
    first = f"SELECT * FROM ({' UNION ALL '.join(lists)}) QUALIFY row_number() OVER (PARTITION BY firm) = 1"
    all_firms = engine.kept("firms of leads", first)
    share = leads.one(f"avg((coalesce(customer_id IN (SELECT firm FROM {name(all_firms.called)}), false))::INT) AS share", USABLE)["share"]
    if share is None or share < KNOWN:
        return None
    borrowed = ", ".join(f"firms.{name(column)}" for column in wanted)
    return engine.kept("leads with traits", f"SELECT leads.*, {borrowed} FROM {name(leads.called)} AS leads "
                                            f"LEFT JOIN {name(all_firms.called)} AS firms ON leads.customer_id = firms.firm"), wanted


def _traits(customers: View, market: Market) -> list[str]:
    """The columns of customers that may describe a profile, as far as the market file tells."""
    described = dictionary().tables["customers"].columns
    named = market.traits
    return [column for column in content(customers) if column not in described and column != market.ideal.outcome
            and (named is None or (column in named and named[column].known == "before"))]
