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
    """One notebook: `name` is its file name without `.ipynb`; `sources`: it reads the market's own files; `across`: it runs
    once after all units, and reads what each of them published."""

    name: str
    question: str
    guide: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    sources: bool = False
    across: bool = False

    @property
    def number(self) -> int:
        return int(self.name[:2])

    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict) -> "Step":
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()})


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


STEPS = (
    Step("01_collect_data", "What do we know, and can we trust it?",
         _names("A-STP01, A-STP05, A-STP06, A-STP07, A-STP08, A-DAT01, A-DAT02, A-DAT03, A-DAT04, A-DAT05, "
              "A-DAT06, A-DAT07, A-DAT08, A-DAT09, A-DAT10, A-DAT11, A-DAT12, A-CRI06, A-DIF01, A-DIF02, "
              "A-DIF05, A-IMP15, A-IMP17, A-IMP28, A-IMP30"),
         _names("customers, orders, leads, contacts, surveys, reviews, social, goals, feedback, cases"), _names("quality"), sources=True),
    Step("02_know_customers", "Who buys, when, how often, for how much?",
         _names("A-STP02, A-CRI01, A-CRI02, A-CRI03, A-CRI04, A-CRI05, A-DAT21, A-DIF04, A-CON06, A-CON07"),
         _names("customers, orders, order_lines, products, tickets, touchpoints"), _names("features")),
    Step("03_define_ideal", "Which customers are ideal, and would we say the same under another definition?",
         _names("A-DEF03, A-DEF04, A-DEF05, A-DAT03, B-DEF01, B-DEF02, B-DEF03, B-STP01, B-STP02, B-STP03, "
              "B-STP04, B-STP05"),
         _names("features, surveys, referrals, tickets"), _names("ideal")),
    Step("04_find_segments", "Do customers fall into stable groups?",
         _names("A-DAT13, A-DAT14, A-DAT15, A-DAT18, A-IMP02, B-STP06"),
         _names("features, ideal"), _names("segments")),
    Step("05_explain_drivers", "Which traits set ideal customers apart?",
         _names("A-DAT17, A-DAT19, A-CRI33, A-DIF01, B-STP06"),
         _names("features, ideal"), _names("drivers")),
    Step("06_find_patterns", "What occurs together?",
         _names("A-DAT20, A-DAT22, A-CRI13, A-MP10, B-STP06, B-I7-06"),
         _names("features, ideal, order_lines"), _names("patterns")),
    Step("07_study_competition", "Where do we win and lose, to whom, and how much of the market is ours?",
         _names("A-STP03, A-STP04, A-CRI18, A-CRI19, A-CRI20, A-CRI21, A-MP08, A-DAT26, B-DEF04"),
         _names("features, ideal, leads, competitors, market, reviews, prospects"), _names("competition")),
    Step("08_define_profile", "What is the ideal customer profile, and does it hold on customers it has not seen?",
         _names("A-STP09, A-CRI27, A-CRI28, A-CRI30, A-DAT04, A-IMP16, B-DIM05, B-STP06, B-STP11, B-STP16"),
         _names("features, ideal, drivers, patterns, segments, beliefs, market, touchpoints, leads, surveys, reviews"), _names("icp")),
    Step("09_describe_personas", "Who is she, what hurts, how does she decide, which channels reach her?",
         _names("A-STP12, A-STP13, A-STP14, A-STP15, A-STP16, A-CRI13, A-CRI14, A-CRI15, A-CRI16, A-CRI17, A-CRI26, "
              "A-MP05, A-CON08, A-CON11, B-STP10, B-STP15, B-DIM01, B-DIM02, B-DIM03, B-DIM04, A-CRI23, B-STP14"),
         _names("icp, features, touchpoints, leads, contacts, surveys, reviews"), _names("personas, journey")),
    Step("10_activate_profile", "Whom do we call on Monday, with which message, by which channel, who owns it, what does it cost?",
         _names("A-CRI28, A-CRI31, A-CRI32, A-CRI33, A-DAT29, A-DAT30, A-USE01, A-USE02, A-USE03, A-USE04, A-USE06, "
              "A-IMP04, A-IMP06, A-IMP07, A-IMP08, A-IMP09, A-IMP11, A-IMP13, A-IMP14, A-IMP18, A-IMP19, A-IMP20, "
              "A-IMP21, A-CON03, A-CON04, A-CON09, A-STP18, A-DAT16, A-DAT28, A-USE05, A-IMP03, A-IMP05, A-IMP10, A-IMP12, A-IMP27, "
              "A-IMP33, A-IMP34, B-DEF05, B-DEF07, B-WHY01"),
         _names("icp, features, prospects, leads, market, spend, touchpoints, technologies, surveys, reviews, tickets, usage, actions, "
                "goals, campaigns, lessons, approvals"),
         _names("scores, plan")),
    Step("11_evaluate_kpis", "Is it working?",
         _names("A-CRI34, A-CRI35, A-CRI36, A-CRI37, A-CRI38, A-DAT23, A-DAT24, A-DAT25, A-IMP22, A-IMP23, A-MP01, A-MP02, A-MP03, A-MP04, "
              "A-MP05, A-MP06, A-MP07, A-MP09, A-MP10, A-KPI01, A-KPI02, A-KPI03, A-KPI04, A-KPI05, A-KPI06, "
              "A-KPI07, A-KPI08, A-KPI09, A-KPI10, A-CON05, B-DEF06, B-WHY02, B-WHY03, A-CRI29"),
         _names("customers, orders, subscriptions, leads, surveys, usage, tickets, referrals, spend, goals, features, icp"),
         _names("kpis")),
    Step("12_review_profile", "What has changed, and what should the next version say?",
         _names("A-CRI39, A-DAT27, A-DAT31, A-IMP25, A-IMP26, A-IMP29, A-IMP31, A-IMP32, A-STP19"),
         _names("features, ideal, icp, kpis, orders, surveys, referrals, tickets, goals"), _names("review")),
    Step("13_compare_markets", "What holds everywhere, and what is local?",
         _names("A-CON04"),
         _names("features, ideal, icp, kpis"), _names("comparison"), across=True),
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
