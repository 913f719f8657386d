"""Facts in, sentence out: what a page says is shown and recorded by the same call, so the two cannot differ."""

import datetime
import html
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from icp_helpers.page.catalogue import Catalogue, _
from icp_helpers.page.numbers import Words, is_missing
from icp_helpers.page.privacy import SMALLEST, guard_facts
from icp_helpers.page.steps import is_unanswered

STATUSES = ("up", "down", "found", "none", "unclear", "too_few", "not_supplied", "info")
ENOUGH = 30  # customers, answers or leads under which no direction is claimed


@dataclass(frozen=True)
class Finding:
    """A sentence with the facts it was made of; `sentence` is `facts` put into `message`."""

    id: str
    step: str
    status: str
    sentence: str
    message: str
    facts: dict
    figure: str | None = None

    def to_dict(self) -> dict:
        return {key: value for key, value in self.__dict__.items() if value is not None}


def verdict(low: float, high: float, n: float, *, baseline: float = 0, enough: float = ENOUGH) -> str:
    """`up`, `down`, `unclear` or `too_few`, from an interval, what it is held against, and the n behind it.

    The thresholds stand here alone: a direction is claimed only where the whole interval lies on one side.
    """
    if is_missing(n) or n < enough:
        return "too_few"
    if is_missing(low) or is_missing(high):
        return "unclear"
    return "up" if low > baseline else "down" if high < baseline else "unclear"


def strength(low: float, high: float, *, baseline: float = 0) -> str:
    """How strongly a sentence may speak: *clearly* when even the near end of the interval is half-way to its middle."""
    if is_missing(low) or is_missing(high) or low <= baseline <= high:
        return _("no evidence")
    middle = (low + high) / 2
    near = low if middle > baseline else high
    return _("clearly") if abs(near - baseline) >= abs(middle - baseline) / 2 else _("somewhat")


def plain(value):
    """The value as JSON holds it: no NaN, dates as ISO text, criteria as mappings."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return [plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if is_missing(value):
        return None
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return value.item() if isinstance(value, np.generic) else value


def make_finding(catalogue: Catalogue, words: Words, id: str, status: str | None, facts: dict, figure: str | None,
                 smallest: int = SMALLEST) -> Finding:
    """Choose the branch by the facts, and put them into it. A branch that the catalogue lacks is an error of ours."""
    name = id.partition(":")[0]
    if {"low", "high"} <= facts.keys():
        baseline = facts.setdefault("baseline", 0)
        facts.setdefault("strength", strength(facts["low"], facts["high"], baseline=baseline))
        facts.setdefault("needed", ENOUGH)
        status = status or verdict(facts["low"], facts["high"], facts.get("n"), baseline=baseline, enough=facts["needed"])
    if status is None:
        raise ValueError(f"Sentence {name!r} needs a status, or the facts low, high and n to make one from.")
    sentence = catalogue.sentences[name]
    branches = sentence.branches()
    if status not in branches:
        raise KeyError(f"Sentence {name!r} of step {catalogue.step} has no branch {status!r}; it has {', '.join(branches)}.")
    facts, known = guard_facts(plain(facts), smallest, sentence.people_told(), sentence.parts_told()), plain(facts)
    message = branches["few"] if status == "down" and "few" in branches and facts != known else branches[status]
    return Finding(id, catalogue.step, status, words.say(catalogue.translate(message), facts), message, facts, figure)


def finding_html(finding: Finding) -> str:
    return (f'<p class="finding {finding.status}" data-finding="{html.escape(finding.id)}">'
            f"{html.escape(finding.sentence)}</p>")


def strongest_first(findings: list[Finding]) -> list[Finding]:
    """The findings that claim something first; of each kind of sentence the first one comes before any second one.

    Where the step's own question has no answer, that stands first, and what follows from it is not told again.
    """
    claims = [finding for finding in findings if finding.status != "info"]
    open_ = [finding for finding in claims if is_unanswered(finding.step, finding.id, finding.status)]
    if open_:
        claims = [finding for finding in claims if finding in open_ or finding.status != "none"]
    seen: dict[str, int] = {}
    turn = {}
    for finding in claims:
        kind = finding.id.partition(":")[0]
        turn[finding.id] = seen[kind] = seen.get(kind, -1) + 1
    return sorted(claims, key=lambda finding: (finding not in open_, turn[finding.id] > 0, STATUSES.index(finding.status)))
