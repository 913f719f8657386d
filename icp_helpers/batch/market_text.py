"""The text of a new market.yml: every value as it was proposed, and beside it, in a comment, what a person should look at."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from icp_helpers.page.errors_told import tell_error
from icp_helpers.tables.databases import variable_of
from icp_helpers.tables.errors import told
from icp_helpers.tables.recognising import Taken
from icp_helpers.tables.yaml_text import yaml_text


@dataclass(frozen=True)
class Draft:
    """All that a new market file says; `doubts` maps a key to the reason why a person should look at it."""

    slug: str
    values: dict  # name, kind, language, currency, timezone, as_of
    taken: list
    connection: str | None = None
    derive: dict = field(default_factory=dict)
    outcome: str | None = None
    traits: dict | None = None  # column -> why it is known only after the purchase (empty: before)
    left: dict = field(default_factory=dict)
    unused: dict = field(default_factory=dict)  # place -> why it was left out
    doubts: dict = field(default_factory=dict)


def market_text(draft: Draft) -> str:
    """The YAML, ready to be read by `load_market`."""
    lines = ["# " + told(f"The market file of {draft.slug}. Written by `icp new`; yours to edit: every key is explained in data/README.md."),
             "# " + told("Lines that begin with # are comments. What deserves a look is marked LOOK."), ""]
    for key, value in draft.values.items():
        lines.append(_with_note(f"{key}: {scalar(value)}", draft.doubts.get(key)))
    if draft.connection:
        lines.append(_with_note(f"connection: {scalar(draft.connection)}", told(f"the URL stands in the environment as {variable_of(draft.connection)}")))
    lines += [_with_note("purpose:", told("yours to say; it opens the report")), '  focus: ""', '  objective: ""', '  hypothesis: ""', "",
              "# " + told("Our tables, and the file (or the file#sheet, or the database's table) that each is read from."), "tables:"]
    lines += [_with_note(f"  {each.table}: {scalar(each.supply.place)}", _table_note(each)) for each in draft.taken]
    lines += ["  # " + told(f"not used: {place}: {_one_line(why)}") for place, why in draft.unused.items()]
    lines += _columns(draft.taken)
    lines += _expressions("derive", _derived(draft), told("Columns made from theirs, by SQL over one row."))
    where = {each.table: each.where for each in draft.taken if each.where}
    lines += _section("where", told("Which rows count; the others are set aside, and counted."), [f"  {table}: {scalar(sql)}" for table, sql in where.items()])
    lines += _ideal(draft) + _traits(draft)
    lines += [_with_note("economics:", look(told("assumptions of ours, shown as such until you write your own"))), "  margin_rate: 0.4",
              "  discount_rate: 0.08", "  horizon_months: 36"]
    return "\n".join(lines) + "\n"


def scalar(value) -> str:
    """A value as YAML writes it on one line, quoted where it must be."""
    made = yaml_text(value, default_flow_style=True, width=100_000).strip()
    return made.removesuffix("...").strip()


def _columns(taken: list[Taken]) -> list[str]:
    made = []
    for each in taken:
        if each.columns:
            made += [f"  {each.table}:", *(f"    {scalar(theirs)}: {ours}" for theirs, ours in each.columns.items())]
    return _section("columns", told("Their name: our name."), made)


def _derived(draft: Draft) -> dict:
    made = {each.table: dict(each.derive) for each in draft.taken if each.derive}
    for table, columns in draft.derive.items():
        made.setdefault(table, {}).update(columns)
    return made


def _expressions(key: str, tables: dict, comment: str) -> list[str]:
    made = []
    for table, columns in tables.items():
        made += [f"  {table}:", *(f"    {ours}: {scalar(sql)}" for ours, sql in columns.items())]
    return _section(key, comment, made)


def _ideal(draft: Draft) -> list[str]:
    if draft.outcome:
        return ["", "# " + told("Who is ideal: the column that says it."), "ideal:",
                _with_note(f"  outcome: {scalar(draft.outcome)}", look(draft.doubts["outcome"]))]
    nothing = [f"# {look(draft.doubts['ideal'])}"] if "ideal" in draft.doubts else []
    return ["", "# " + told("Who is ideal: the best share of customers by five marks, and how much each mark counts."), *nothing, "ideal:", "  weights:",
            "    value: 0.3", "    retention: 0.25", "    satisfaction: 0.2", "    referrals: 0.15", "    ease: 0.1", "  share: 0.25"]


def _traits(draft: Draft) -> list[str]:
    if draft.traits is None:
        return [""]
    made = []
    for column, after in draft.traits.items():
        made.append(_with_note(f"  {scalar(column)}: {scalar({'known': 'after'} if after else {})}", look(after) if after else None))
    for column, why in draft.left.items():
        if why.startswith("sensitive"):
            made.append(f"  # {scalar(column)}: {{sensitive: true, allowed_because: \"...\"}}  # {told('sensitive: out unless you give a reason')}")
        else:
            made.append("  # " + told(f"{scalar(column)} left out: {_one_line(why)}"))
    named = "" if draft.traits else " {}"
    return ["", "# " + told("What may describe a profile. `known: after` marks what is known only after the purchase: it cannot choose whom to call."),
            f"traits:{named}", *made, ""]


def _section(key: str, comment: str, lines: list[str]) -> list[str]:
    return ["", f"# {comment}", f"{key}:", *lines] if lines else []


def _table_note(each: Taken) -> str | None:
    if each.program:
        return told(f"the export of {each.program}. LOOK: {each.look}") if each.look else told(f"the export of {each.program}")
    if each.look:
        return look(each.look)
    return None if each.sure else look(told("only likely; is this what the file holds?"))


def look(why: str) -> str:
    """What deserves a look, marked so that a person finds it."""
    return told(f"LOOK: {why}")


def comments_told(text: str, language: str) -> str:
    """A market file with its comments in the language, and nothing else changed."""
    def told_line(line: str) -> str:
        kept, mark, comment = ("", "# ", line[2:]) if line.startswith("# ") else line.rpartition("  # ")
        return f"{kept}{mark}{tell_error(comment, language)}" if mark else line
    return "\n".join(map(told_line, text.split("\n")))


def _with_note(line: str, note: str | None) -> str:
    return f"{line}  # {_one_line(note)}" if note else line


def _one_line(text: str) -> str:
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())  # YAML allows no others, even in a comment


def what_was_done(draft: Draft, faults: list, folder: Path, language: str) -> str:
    """What `icp new` says when it is done: what was taken for what, what a person should look at, and what to do next."""
    tell = partial(tell_error, language=language)
    lines = [told(f"Wrote {folder / 'market.yml'}.")]
    for each in draft.taken:
        place, table = each.supply.place, each.table
        lines.append(told(f"{place} is taken for `{table}`, an export of {each.program}") if each.program else told(f"{place} is taken for `{table}`"))
        lines += [told(f"look at it: {each.look}")] if each.look else []
    for key in ("kind", "language", "currency", "as_of"):
        doubt = draft.doubts.get(key, "").removeprefix("LOOK: ")
        lines.append(f"{key}: {draft.values[key]}" + (f" ({tell(doubt)})" if doubt else ""))
    if draft.traits:
        lines.append(told(f"may describe a profile: {', '.join(c for c, after in draft.traits.items() if not after) or '-'}"))
        late = [column for column, after in draft.traits.items() if after]
        lines += [told(f"cannot choose whom to call, by their names: {', '.join(late)}")] if late else []
    if draft.connection:
        lines.append(told(f"connection: {draft.connection}; every run needs the database's URL in the environment as {variable_of(draft.connection)}"))
    lines += [f"ideal: {tell(draft.doubts[key])}" for key in ("outcome", "ideal") if key in draft.doubts]
    lines += [told(f"not used: {place}: {why}") for place, why in draft.unused.items()]
    lines += [told(f"to mend: {fault}") for fault in faults] + [told(f"Read it, change what is wrong, then: icp check {draft.slug}")]
    return "\n".join(("" if place in (0, len(lines) - 1) else "  ") + tell(line) for place, line in enumerate(lines))
