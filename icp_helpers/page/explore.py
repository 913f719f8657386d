"""The board of explore_profile: criteria as sliders and check boxes, and at every change what they are worth, in words."""

import html
from collections.abc import Callable

import ipywidgets as widgets
import numpy as np

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.exploring import FEWEST, MANY, Assessment, Explorer
from icp_helpers.analysis.trait_columns import TraitColumn
from icp_helpers.page.page import Page

MOST_LEVELS = 8  # check boxes a trait: the commonest levels
STOPS = 41  # places at which a slider can stand: every fortieth of the customers


class Board:
    """The widgets over an Explorer. `save` is called with the assessment and a name, and gives the file's name.

    `criteria()` reads the widgets, `said` is the text shown now; both are what a test looks at.
    """

    def __init__(self, page: Page, explorer: Explorer, save: Callable[[Assessment, str], str]):
        self.page, self.explorer, self._save = page, explorer, save
        self.controls = {name: _Control(self._say, page, column, [one for one in explorer.found if one.column == name], self._changed)
                         for name, column in explorer.columns.items()}
        self.shown = widgets.HTML()
        self.title = widgets.Text(placeholder=self._say("name_of", "info"))
        self.button = widgets.Button(description=self._say("save", "info"), layout=widgets.Layout(width="auto"))
        self.note = widgets.HTML()
        self.button.on_click(lambda _button: self.save())
        self.said: list[str] = []
        self._changed()

    @property
    def widget(self) -> widgets.Widget:
        """All of it, to be the last line of a cell."""
        rows = [control.row for control in self.controls.values()]
        return widgets.VBox([self.shown, widgets.VBox(rows), widgets.HBox([self.title, self.button]), self.note])

    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(one for control in self.controls.values() for one in control.criteria())

    def save(self) -> None:
        """Write the setting as a hypothesis, and say where, or say that nothing is set."""
        assessed = self.explorer.assess(self.criteria())
        file = self._save(assessed, self.title.value) if assessed.criteria else None
        self.note.value = html.escape(self._say("saved", "found" if file else "none", file=file, as_of=self.page.unit.market.as_of))

    def _changed(self, _change=None) -> None:
        self.said = self._sentences(self.explorer.assess(self.criteria()))
        self.shown.value = "".join(f"<p>{html.escape(text)}</p>" for text in self.said)

    def _sentences(self, now: Assessment) -> list[str]:
        rates, (low, high) = now.rates, now.rates.lift_interval
        status = "too_few" if now.too_few else "up" if low > 1 else "down" if high < 1 else "unclear"
        noise = "down" if now.noise and not now.too_few else "unclear" if now.tries >= MANY else "info"
        said = [self._say("cover", "info" if now.customers else "none", customers=now.customers, coverage=now.coverage,
                          revenue=now.revenue, share=now.revenue_share),
                self._say("lift", status, lift=rates.lift, low=low, high=high, hits=rates.hits, n=rates.customers, needed=FEWEST),
                self._say("reach", "not_supplied" if now.prospects is None else "info", prospects=now.prospects, share=now.prospects_share)]
        if self.explorer.found:
            said.append(self._say("against", "info" if now.lost or now.gained else "none", lost=now.lost, ideal=now.lost_ideal, gained=now.gained))
        if now.tries:
            wide_low, wide_high = now.lift_interval
            said.append(self._say("noise", noise, tries=now.tries, chance=1 - 0.975**now.tries, low=wide_low, high=wide_high))
        return said

    def _say(self, id: str, status: str, **facts) -> str:
        catalogue = self.page.catalogue
        return self.page.words.say(catalogue.translate(catalogue.sentences[id].branches()[status]), facts)


class _Control:
    """One trait's row: a box that puts it to use, and a slider, check boxes for levels, or yes and no."""

    def __init__(self, say: Callable, page: Page, column: TraitColumn, found: list[Criterion], changed: Callable):
        self.column, self.number = column, page.words.number
        self.use = widgets.Checkbox(value=bool(found), description=page.name(column.name), indent=False, layout=widgets.Layout(width="240px"))
        value = found[0].value if found else None
        if column.kind == "number":
            self.setting = self._slider(found[0] if found else None)
        elif column.kind == "flag":
            self.setting = widgets.ToggleButtons(options=[(say("yes_no", "found"), True), (say("yes_no", "none"), False)], value=bool(value) if found else True)
        else:
            levels = list(column.levels[:MOST_LEVELS])
            chosen = [level for level in (value if isinstance(value, tuple) else [one.value for one in found]) if level in column.levels]
            options = [(page.level(column.name, level), level) for level in dict.fromkeys([*chosen, *levels])]
            self.setting = widgets.HBox([widgets.Checkbox(value=level in chosen, description=str(label), indent=False, layout=widgets.Layout(width="auto"))
                                         for label, level in options], layout=widgets.Layout(flex_flow="row wrap"))
            self.levels = [level for _label, level in options]
        self.row = widgets.HBox([self.use, self.setting])
        for each in (self.use, *getattr(self.setting, "children", (self.setting,))):
            each.observe(changed, names="value")

    def criteria(self) -> list[Criterion]:
        name, kind = self.column.name, self.column.kind
        if not self.use.value:
            return []
        if kind == "number":
            low, high = self.setting.value
            return [Criterion(name, "between", (float(low), float(high)))]
        if kind == "flag":
            return [Criterion(name, "is", bool(self.setting.value))]
        chosen = [level for level, box in zip(self.levels, self.setting.children, strict=True) if box.value]
        if kind == "levels":
            return [Criterion(name, "in", chosen)] if chosen else []
        return [Criterion(name, "has", item) for item in chosen]

    def _slider(self, found: Criterion | None) -> widgets.Widget:
        stops = _stops(self.column.values, found)
        low, high = stops[0], stops[-1]
        if found is not None:
            low, high = found.value if found.op == "between" else (found.value, high) if found.op == ">=" else (low, found.value)
        return widgets.SelectionRangeSlider(options=[(self.number(stop), stop) for stop in stops], value=(low, high), continuous_update=True,
                                            layout=widgets.Layout(width="420px"))


def _stops(values: np.ndarray, found: Criterion | None) -> list[float]:
    """Where a slider can stand: every value where they are few, else those that part the customers into about equal shares,
    rounded, so that a long tail does not squeeze everybody into a corner; the ends, and what was found, exactly."""
    known = np.unique(values[np.isfinite(values)])
    if len(known) > STOPS:
        between = [float(f"{stop:.2g}") for stop in np.quantile(values[np.isfinite(values)], np.linspace(0, 1, STOPS))[1:-1]]
        known = np.array([known[0], *(stop for stop in between if known[0] < stop < known[-1]), known[-1]])
    ends = [] if found is None else list(found.value) if found.op == "between" else [found.value]
    stops = sorted({*map(float, known), *map(float, ends)})
    return stops if len(stops) > 1 else [*stops, *stops][:2] or [0.0, 0.0]
