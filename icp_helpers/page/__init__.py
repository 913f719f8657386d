"""What a reader meets: `open_page` gives a notebook the one object through which it says, draws and tabulates."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icp_helpers.page.page import Page


def open_page(unit, step: str) -> Page:
    """The page of one step, such as `05_explain_drivers`, in the language of the unit's market."""
    from icp_helpers.page.page import (
        Page,  # pandas and seaborn, without which the runner, that draws nothing, starts in half the time
    )

    return Page(unit, step)
