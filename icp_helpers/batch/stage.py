"""Work in a folder of its own on the same disk, then move it into place in one step.

    data/processed/.stage/<unit>.<run>/processed/   what will be data/processed/<unit>/
                                       ready        written when all is verified: from here on the run counts
    reports/.stage/<unit>.<run>/report/             what will be reports/<unit>/

A run that dies before `ready` is thrown away by the next start, one that dies after it is finished by it.
"""

import ctypes
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from icp_helpers.batch.processes import end_processes_in

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

AT_FDCWD, RENAME_EXCHANGE = -100, 2
STAGES, LOCKS = ".stage", ".locks"
MARK = ".run"  # a file in both new folders that names the run they come from


class BusyError(Exception):
    """Another run is at work on the unit."""


@dataclass(frozen=True)
class Places:
    """Where a unit is published: `processed` holds rows (private), `report` holds aggregates."""

    processed: Path
    report: Path

    @property
    def unit(self) -> str:
        return self.report.name


@dataclass(frozen=True)
class Stage:
    """The two working folders of one run of one unit."""

    places: Places
    run: str

    @property
    def root(self) -> Path:
        return self.places.processed.parent / STAGES / f"{self.places.unit}.{self.run}"

    @property
    def processed(self) -> Path:
        return self.root / "processed"

    @property
    def report_root(self) -> Path:
        return self.places.report.parent / STAGES / f"{self.places.unit}.{self.run}"

    @property
    def report(self) -> Path:
        return self.report_root / "report"

    def make(self) -> None:
        """Make both folders, and those for the kernels' own files; OSError where they cannot be written."""
        for folder in (self.processed, self.report, self.root / "ipython", self.root / "runtime"):
            folder.mkdir(parents=True)

    def publish(self) -> None:
        """Move both folders into place. An OSError leaves the earlier ones as they were."""
        for folder in (self.processed, self.report):
            write_whole(folder / MARK, self.run)
        for final in (self.places.processed, self.places.report):
            if final.exists() and not final.is_dir():
                raise FileExistsError(f"{final.name} is a file where a folder is wanted")
        write_whole(self.root / "ready", self.run)
        try:
            self.move()
        except OSError:
            (self.root / "ready").unlink()
            raise

    def move(self) -> None:
        """Swap in what is still staged: all of it, or, on an OSError, none of it."""
        moved = []
        try:
            for new, final in ((self.processed, self.places.processed), (self.report, self.places.report)):
                if _run_of(new) == self.run:  # else an earlier start has moved it already
                    swap(new, final)
                    moved.append((new, final))
        except OSError:
            for new, final in moved:
                swap(new, final)
            raise

    def remove(self) -> None:
        """End what still works here, and take both folders away; `ready` goes last, while its folders are gone."""
        end_processes_in(self.root)
        shutil.rmtree(self.report_root, ignore_errors=True)
        shutil.rmtree(self.processed, ignore_errors=True)
        shutil.rmtree(self.root, ignore_errors=True)
        for parent in (self.root.parent, self.report_root.parent):
            if parent.is_dir() and not any(parent.iterdir()):
                _remove_empty(parent)


def new_stage(places: Places) -> Stage:
    """A stage with a name of its own; nothing is on disk before `make`."""
    return Stage(places, secrets.token_hex(4))


def recover(places: Places) -> None:
    """Finish what an earlier run had ready, and clear what it had not. Call it under the unit's lock."""
    for root in {places.processed.parent / STAGES, places.report.parent / STAGES}:
        for folder in sorted(root.glob(f"{places.unit}.????????")):
            stage = Stage(places, folder.name.rpartition(".")[2])
            end_processes_in(stage.root)
            if (stage.root / "ready").exists():
                stage.move()
            stage.remove()


def clear(places: Places) -> None:
    """The same for a unit that another run may be at work on: it is left alone then."""
    with suppress(BusyError, OSError), lock(places):
        recover(places)


def leftovers(processed: Path, reports: Path) -> list[Places]:
    """The places of every unit that has a stage: at a start, those of runs that died or are at work."""
    names = {folder.name.rpartition(".")[0] for parent in (processed, reports)
             for folder in (parent / STAGES).glob("*.????????")}
    return [Places(processed / name, reports / name) for name in sorted(names)]


@contextmanager
def lock(places: Places) -> Iterator[None]:
    """Hold the unit alone, or raise BusyError. The lock goes with the process, however it ends."""
    path = places.processed.parent / LOCKS / f"{places.unit}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            _take(file)
        except OSError as error:
            raise BusyError(f"another run is at work on {places.unit}") from error
        yield


def swap(new: Path, final: Path) -> None:
    """Put `new` where `final` is, and the other way round, in one step where the system can."""
    if not final.exists() or not new.exists():
        source, target = (new, final) if new.exists() else (final, new)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(source, target)
    elif not _exchange(new, final):
        aside = new.with_name(new.name + ".old")
        os.rename(final, aside)
        os.rename(new, final)
        os.rename(aside, new)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader, or a power cut, finds the old one or the new one and nothing between."""
    data = content.encode() if isinstance(content, str) else content
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_json(path: Path, content: dict) -> None:
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n")


def link_or_copy(source: Path, target: Path) -> None:
    """The same file at a second place without copying its bytes, where the disk allows it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _exchange(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return bool(renameat2) and renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0


def _run_of(folder: Path) -> str | None:
    mark = folder / MARK
    return mark.read_text() if mark.exists() else None


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:  # another run has just begun there
        return


def _take(file) -> None:
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        import msvcrt
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
