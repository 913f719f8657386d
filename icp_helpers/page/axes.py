"""The scales of a figure in the reader's language: numbers with her decimal mark, dates by month, names without underscores."""

from babel.dates import format_date
from babel.numbers import format_decimal
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter
from matplotlib.dates import AutoDateFormatter, AutoDateLocator, num2date
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FuncFormatter, ScalarFormatter

from icp_helpers.page.numbers import Words

MOST_DATES = 7  # on an axis: as many months as stand beside one another without touching
SHORT = 120  # days: below, months alone would be the same at two ticks


def write_scales(drawing: Figure, words: Words) -> None:
    """Give every axis that matplotlib would write by itself the numbers and dates of the reader's language, and every
    name the form of a word."""
    for text in drawing.findobj(Text):
        text.set_text(words.readable(text.get_text()))
    for axes in drawing.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(lambda value, _place: format_decimal(round(value, 6), format="#,##0.######", locale=words.locale))
            elif isinstance(axis.get_major_formatter(), AutoDateFormatter) and type(axis.get_major_locator()) is AutoDateLocator:
                _write_dates(axis, words)
            elif isinstance(formatter := axis.get_major_formatter(), FixedFormatter | FuncFormatter | StrCategoryFormatter):
                axis.set_major_formatter(lambda value, place, written=formatter: words.readable(str(written(value, place))))


def _write_dates(axis: Axis, words: Words) -> None:
    low, high = axis.get_view_interval()
    form = "d. MMM y" if high - low < SHORT else "MMM y"
    axis.set_major_locator(AutoDateLocator(minticks=3, maxticks=MOST_DATES))
    axis.set_major_formatter(lambda value, _place: format_date(num2date(value), format=form, locale=words.locale))
