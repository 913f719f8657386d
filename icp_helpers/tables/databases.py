"""Tables of a database through Ibis: the URL stands in the environment, and what a driver says is never shown, for it may hold secrets."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import ibis
import pyarrow.parquet as pq

from icp_helpers.tables.errors import TableError

PATIENCE = 10  # seconds that a server may take to answer
MOST_TABLES = 200  # more is a warehouse, and a schema of one's own should be named
# A word of what drivers say -> what is told of it, and the remedy. The driver's own words name users, hosts and files.
_REASONS = (("password", "the user or the password is refused", "Check both in {variable}; signs such as @ and / in a password are written as %40 and %2F."),
            ("timeout", "no answer in time", "Check the host and port in {variable}, and that no firewall stands between."),
            ("refused", "nothing listens at that address", "Check the host and port in {variable}, and that the database runs."),
            ("resolve", "no machine of that name", "Check the host in {variable}."), ("not known", "no machine of that name", "Check the host in {variable}."),
            ("does not exist", "no such database, or no such user", "Check the last part of the address in {variable}, and the user."))
_OTHERWISE = ("an error of the kind {kind}", "Check the address, user and password in {variable}, and that the database runs.")


def variable_of(connection: str) -> str:
    """The environment variable that holds the URL of a connection."""
    return f"ICP_DB_{connection.upper()}"


@contextmanager
def connected(connection: str, where: str) -> Iterator:
    """An Ibis backend for as long as it is needed. TableError, with no secret in it, when there is no URL, no driver or no answer."""
    variable = variable_of(connection)
    url = os.environ.get(variable)
    if not url:
        raise TableError("The database is not known", where=where, found=f"no {variable} in the environment", remedy=f"Set {variable} to the database's URL.")
    try:
        backend = ibis.connect(url, **({"connect_timeout": PATIENCE} if url.startswith("postgres") and "connect_timeout" not in url else {}))
    except ImportError as error:
        raise TableError("The driver of the database is not installed", where=where, found=f"no module {error.name}",
                         remedy="Install it, for PostgreSQL by `pip install 'icp-workbench[postgres]'`, for others as Ibis says.") from None
    except Exception as error:  # each driver has its own classes, and all of them mean: no connection
        raise _fault("The database does not answer", where, error, variable) from None
    try:
        yield backend
    finally:
        with suppress(Exception):  # a connection that has dropped cannot be closed again, and that it dropped is told by who read from it
            backend.disconnect()


def list_tables(backend, connection: str) -> list[str]:
    """The tables by name, at most MOST_TABLES."""
    try:
        return [table for table in backend.list_tables() if re.fullmatch(r"\w[\w$-]*", table)][:MOST_TABLES]
    except Exception as error:  # as above: the tables cannot be listed
        raise _fault("The tables of the database cannot be listed", f"connection '{connection}'", error, variable_of(connection)) from None


def answers(connection: str) -> None:
    """Connect and let the database list its tables; TableError when it does not."""
    with connected(connection, f"connection '{connection}'") as backend:
        list_tables(backend, connection)


def fetch(connection: str, place: str, target: Path, where: str) -> None:
    """Bring `table` or `schema.table` to the Parquet file `target`, batch by batch."""
    schema, _, table = place.rpartition(".")
    with connected(connection, where) as backend:
        try:
            at_hand = backend.list_tables(database=schema or None)
        except Exception as error:  # as above
            raise _fault(f"Table '{place}' cannot be read from the database", where, error, variable_of(connection)) from None
        if table not in at_hand:
            raise TableError(f"Table '{place}' cannot be read from the database", where=where,
                             found=f"no table of that name that the user may see; there are {', '.join(sorted(at_hand)[:12]) or 'none'}",
                             remedy="Correct its name under tables: in market.yml, or give the user the right to read it.")
        try:
            found = backend.table(table, database=schema or None)
            with found.to_pyarrow_batches() as batches, pq.ParquetWriter(target, found.schema().to_pyarrow()) as written:
                for batch in batches:
                    written.write_batch(batch)
        except Exception as error:  # as above: no right to read it, a type that Ibis does not know, or the connection dropped
            raise TableError(f"Table '{place}' cannot be read to its end", where=where, found=f"an error of the kind {type(error).__name__}",
                             remedy="Check that the user may read it and that the database stays up, and run again.") from None


def _fault(what: str, where: str, error: Exception, variable: str) -> TableError:
    said = str(error).lower()
    found, remedy = next(((found, remedy) for word, found, remedy in _REASONS if word in said), _OTHERWISE)
    return TableError(what, where=where, found=found.format(kind=type(error).__name__), remedy=remedy.format(variable=variable))
