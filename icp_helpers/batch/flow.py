"""THE TABLE: the steps of a run, what each asks, which rows of the guide it covers, what it reads and writes.

Names under `reads` and `writes` are tables of the market (data/dictionary.yml, `tables:`), contracts between the steps
(`contracts:`), or `icp` for icp.yml. The notebooks' own calls, their title cells and README.md show the same; a test
keeps them equal.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from icp_helpers.tables.errors import ParameterError


@dataclass(frozen=True)
class Step:
    """One notebook: `name` is its file name without `.ipynb`; `sources`: it reads the market's own files."""

    name: str
    question: str
    guide: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    sources: bool = False

    @property
    def number(self) -> int:
        return int(self.name[:2])

    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict) -> "Step":
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()})


STEPS = (
    Step("01_collect_data", "What do we know, and can we trust it?",
         (), (), ("quality",), sources=True),
    Step("02_know_customers", "Who buys, when, how often, for how much?",
         (), ("customers", "orders"), ("features",)),
    Step("03_define_ideal", "Which customers are ideal, and would we say the same under another definition?",
         (), ("features", "surveys", "referrals", "tickets"), ("ideal",)),
    Step("04_find_segments", "Do customers fall into stable groups?",
         (), ("features", "ideal"), ("segments",)),
    Step("05_explain_drivers", "Which traits set ideal customers apart, all else equal?",
         (), ("features", "ideal"), ("drivers",)),
    Step("06_find_patterns", "What occurs together?",
         (), ("features", "ideal", "order_lines"), ("patterns",)),
    Step("08_define_profile", "What is the ideal customer profile, and does it hold on customers it has not seen?",
         (), ("features", "ideal", "drivers", "patterns", "segments"), ("icp",)),
    Step("11_evaluate_kpis", "Is it working?",
         (), ("customers", "orders", "subscriptions", "leads", "surveys", "usage", "tickets", "referrals", "spend", "goals", "icp"), ("kpis",)),
)


def select_steps(text: str | None, steps: Sequence[Step] = STEPS) -> tuple[Step, ...]:
    """The steps that `02,05-08` names, in the order of the table; all of them for None.

    Raises ParameterError for anything that is not a number or a range, and where nothing is named.
    """
    if text is None:
        return tuple(steps)
    wanted: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,2})(?:\s*-\s*(\d{1,2}))?\s*", part)
        if not match:
            raise _no_such(text, steps)
        first, last = int(match[1]), int(match[2] or match[1])
        wanted |= set(range(first, last + 1))
    chosen = tuple(step for step in steps if step.number in wanted)
    if not chosen or (wanted - {step.number for step in steps} and "-" not in text):
        raise _no_such(text, steps)
    return chosen


def _no_such(text: str, steps: Sequence[Step]) -> ParameterError:
    numbers = ", ".join(f"{step.number:02}" for step in steps)
    return ParameterError("There is no such step", where="option --steps", found=repr(text)[:80],
                          remedy=f"Name steps as in 02,05-08. There are: {numbers}.")


def flow_table(steps: Sequence[Step] = STEPS) -> str:
    """The table as README.md shows it, in markdown."""
    rows = [f"| {s.name} | {s.question} | {reads_of(s)} | {', '.join(s.writes)} |" for s in steps]
    return "\n".join(["| Step | Question | Reads | Writes |", "|---|---|---|---|", *rows])


def reads_of(step: Step) -> str:
    """What a step reads, as its title cell and README.md say it."""
    return "the market's tables" if step.sources else ", ".join(step.reads)
