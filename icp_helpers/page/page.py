"""One step's page: the one object through which a notebook says, draws and tabulates."""

import html

import pandas as pd
from IPython.display import display

from icp_helpers.page import show
from icp_helpers.page.catalogue import COMMON, _, load_catalogue, translate
from icp_helpers.page.numbers import Words
from icp_helpers.page.privacy import guard_facts, rounded, safe_rows
from icp_helpers.page.say import Finding, finding_html, make_finding, plain, strongest_first

MOST_LEARNED = 8  # more is no answer; the rest stands further down the page


class Page:
    """One step's page for one unit. Everything shown carries what it was made of in its output's metadata."""

    colours = show.COLOURS

    def __init__(self, unit, step: str):
        self.unit, self.step = unit, step
        labels = {column: trait.label for column, trait in (unit.market.traits or {}).items() if trait.label}
        self.words = Words(unit.market.language, unit.market.currency, labels)
        self.catalogue = load_catalogue(step, unit.market.language)
        self.findings: dict[str, Finding] = {}
        show.set_look()

    def say(self, id: str, status: str | None = None, figure: str | None = None, **facts) -> None:
        """Show one sentence and record it. `id` may end in `:key` where one sentence serves several subjects.

        Without `status` the facts `low`, `high`, `n` and `baseline` (0) decide between up, down, unclear and too_few.
        """
        finding = make_finding(self.catalogue, self.words, id, status, facts, figure,
                               self.unit.market.privacy.smallest_cell)
        self.findings[id] = finding
        self._publish(finding_html(finding), finding.sentence, {"finding": finding.to_dict()})

    def figure(self, drawing, id: str, **facts) -> None:
        """Publish a matplotlib figure with the catalogue's caption and alt text, both made of `facts`."""
        entry = self.catalogue.figures[id]
        facts = guard_facts(plain(facts), self.unit.market.privacy.smallest_cell, entry.people_told(), entry.parts_told())
        text, record = show.figure_html(drawing, id, entry, facts, self.words, self.step)
        self._publish(text, record["caption"], {"figure": record})

    def safe(self, frame: pd.DataFrame, *counts: str, parts: bool = True) -> pd.DataFrame:
        """The rows of a frame that a figure may draw, for each of the columns `counts` counts people (privacy.safe_rows)."""
        return safe_rows(frame, counts, self.unit.market.privacy.smallest_cell, parts=parts)

    def rounded(self, counts):
        """Counts of people as bars and fields may show them: to the nearest multiple of the smallest cell."""
        return rounded(counts, self.unit.market.privacy.smallest_cell)

    def table(self, frame: pd.DataFrame, id: str, *, folded: bool = False, **facts) -> None:
        """Publish the first ten rows of a frame with the catalogue's caption, headers and formats; `folded`: and further
        ones below, to be opened."""
        smallest = self.unit.market.privacy.smallest_cell
        text, record = show.table_html(frame, id, self.catalogue.tables[id], guard_facts(plain(facts), smallest), self.words,
                                       self.step, smallest, folded)
        self._publish(text, record["caption"], {"table": record})

    def answer(self) -> None:
        """What we learned: the strongest findings of this page, one of a kind first, and what they do not show."""
        learned = strongest_first(list(self.findings.values()))[:MOST_LEARNED]
        items = "".join(f'<li class="{f.status}" data-finding="{html.escape(f.id)}">{html.escape(f.sentence)}</li>' for f in learned)
        limits = " ".join(self.catalogue.translate(text) for text in self.catalogue.limits)
        nothing = translate(_("Nothing can be said from the data at hand."), self.words.language, COMMON)
        text = f'<ul class="answer">{items}</ul>' if learned else f'<p class="answer">{html.escape(nothing)}</p>'
        self._publish(text + f'<p class="limits">{html.escape(limits)}</p>', limits, {"answer": [f.id for f in learned]})

    def label(self, text: str) -> str:
        """A short text, such as an axis label, in the market's language."""
        return self.catalogue.translate(text)

    def name(self, column: str) -> str:
        """A column's name in the market's language."""
        return self.words.name(column)

    def level(self, column: str, value) -> str:
        """A column's value in the market's language."""
        return self.words.level(value)

    def _publish(self, text: str, fallback: str, record: dict) -> None:
        display({"text/html": text, "text/plain": fallback}, raw=True, metadata={"icp": record})
