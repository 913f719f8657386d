"""Reads the YAML of a market file: safe, with line numbers, and without the traps of YAML 1.1.

`NO`, `on` and `yes` stay text, `0800` stays text, `12:30` is no number, a key written twice is an error,
and there are no anchors, so that a small file cannot unfold into a huge one.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from icp_helpers.tables.errors import MarketFileError

LARGEST_FILE = 1_000_000  # bytes; a market file is a page or two
LONGEST = 600  # letters of a part of an error
_SECRET = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]*:[^\s@]+@|(?:password|passwd|pwd|adgangskode|token)\s*[:=]\s*\S", re.I)
_SCALARS = (
    (re.compile(r"^(?:~|null|Null|NULL|)$"), lambda text: None),
    (re.compile(r"^(?:true|True|TRUE)$"), lambda text: True),
    (re.compile(r"^(?:false|False|FALSE)$"), lambda text: False),
    (re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,17})$"), int),
    (re.compile(r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?$"), float),
    (re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), date.fromisoformat),
)


@dataclass(frozen=True)
class Source:
    """A YAML file as plain values, with the line and the raw text of each value by its path of keys."""

    file: Path
    content: object
    lines: dict
    raw: dict

    def fail(self, path: tuple, what: str, found: str, remedy: str) -> MarketFileError:
        """The error to raise about the value at `path`."""
        known = next((path[:n] for n in range(len(path), -1, -1) if path[:n] in self.lines), ())
        line = self.lines.get(known, 1)
        return MarketFileError(_short(what), where=f"{self.file.parent.name}/{self.file.name}, line {line}", found=_short(found),
                               remedy=remedy)


def _short(text: str) -> str:
    """A text that may hold a key as it was written: on one line, and no page long."""
    text = " ".join(text.split()) or "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def read_yaml(file: Path) -> Source:
    """Read one YAML file. Raises MarketFileError when it is missing, no text, no YAML, or holds a secret."""
    text = _text_of(file)
    empty = Source(file, None, {}, {})
    for number, line in enumerate(text.splitlines(), start=1):
        if _SECRET.search(line):
            raise Source(file, None, {(): number}, {}).fail(
                (), "The file holds a password or another secret", "a URL or a key with a secret in it (not shown)",
                "Take it out, change the password, and put the URL in the environment as ICP_DB_<NAME> "
                "with `connection: <name>` here.")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict = {(): 1}
        raw: dict = {}
        content = None if root is None else _plain(root, (), empty, lines, raw, set())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = Source(file, None, {(): mark.line + 1 if mark else 1}, {})
        problem = getattr(error, "problem", None) or "characters that YAML does not allow"
        raise at.fail((), "The file is not valid YAML", str(problem),
                      "Look at this line and the one above: a missing colon, quote or bracket, or a tab.") from None
    except RecursionError:
        raise empty.fail((), "The file is nested too deeply", "hundreds of levels",
                         "Write it as the example in the README shows.") from None
    return Source(file, content, lines, raw)


def _text_of(file: Path) -> str:
    where = f"{file.parent.name}/{file.name}"
    try:
        content = file.read_bytes()
    except OSError:
        raise MarketFileError("The file cannot be read", where=where, found="no readable file of that name",
                              remedy="Put a market.yml in the market's folder, or make one with `icp new`.") from None
    if len(content) > LARGEST_FILE:
        raise MarketFileError("The file is too large", where=where, found=f"{len(content):,} bytes",
                              remedy="Such a file is a page or two; the tables are files beside it.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise MarketFileError("The file is not UTF-8 text", where=f"{where}, line {line}",
                              found="a byte that UTF-8 does not allow",
                              remedy="Save it again with the encoding UTF-8.") from None


def _plain(node, path, source, lines, raw, seen):
    """The node as dict, list or scalar; fills `lines` and `raw` by path."""
    lines.setdefault(path, node.start_mark.line + 1)
    at = Source(source.file, None, lines, raw)
    if id(node) in seen:
        raise at.fail(path, "The file repeats a part by an anchor", "an alias (*)", "Write the part out.")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        made = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise at.fail(path, "A key of the file is no plain text", "a list or a mapping as a key",
                              "Use plain words as keys.")
            key, below = key_node.value, (*path, key_node.value)
            if key in made:
                raise Source(source.file, None, {(): key_node.start_mark.line + 1}, {}).fail(
                    (), f"The key '{key}' is written twice", f"first on line {lines[below]}", "Keep one of the two.")
            lines[below] = key_node.start_mark.line + 1
            made[key] = _plain(value_node, below, source, lines, raw, seen)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, place), source, lines, raw, seen) for place, item in enumerate(node.value)]
    raw[path] = node.value
    if node.style is not None:  # quoted: text, whatever it looks like
        return node.value
    for pattern, make in _SCALARS:
        if pattern.match(node.value):
            try:
                return make(node.value)
            except ValueError:  # 2026-02-30: left as text, and refused by name where a date is due
                return node.value
    return node.value
