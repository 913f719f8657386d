"""A real PostgreSQL for the tests: made, started and thrown away, on a free port of the loopback address. Skipped with a word where missing."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PLACES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Server:
    """`url(...)` is the address as a market's connection holds it; `password` is drawn anew for each server."""

    port: int
    password: str

    def url(self, *, password: str | None = None, port: int | None = None, database: str = "postgres") -> str:
        return f"postgres://tester:{self.password if password is None else password}@127.0.0.1:{port or self.port}/{database}"

    def run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.url().replace("postgres://", "postgresql://"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def postgres_server():
    """A started Server; PostgreSQL refuses to run as root, so that root starts it as the user that its package made."""
    pytest.importorskip("psycopg")
    found = sorted(PLACES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    places = [path.parent for path in found] or [Path(path).parent for path in filter(None, [shutil.which("initdb")])]
    if not places:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    owner, home = {}, Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if os.geteuid() == 0:
            if "postgres" not in {user.pw_name for user in pwd.getpwall()}:
                pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
            user = pwd.getpwnam("postgres")
            owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(home, user.pw_uid, user.pw_gid)
        yield from _running(places[-1], home, owner)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _running(binaries: Path, home: Path, owner: dict):
    server = Server(_free_port(), secrets.token_hex(12))
    word = home / "password"
    word.write_text(server.password)
    os.chmod(word, 0o644)

    def run(*command) -> None:
        subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=home, timeout=120, **owner)

    run(binaries / "initdb", "-D", home / "data", "-U", "tester", f"--pwfile={word}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-p {server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c shared_buffers=16MB"
    run(binaries / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log", "-o", options, "start")
    try:
        yield server
    finally:
        run(binaries / "pg_ctl", "-D", home / "data", "-w", "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
