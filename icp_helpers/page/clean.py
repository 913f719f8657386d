"""What may stand in a report: an allow-list for the HTML of a cell, whoever made it."""

import re

import nh3

from icp_helpers.page.say import STATUSES

TEXT = {"p", "strong", "em", "code", "br", "sub", "sup", "ul", "ol", "li", "blockquote"}
HEADINGS = {"h1", "h2", "h3", "h4"}
TABLE = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
PICTURE = re.compile(r"data:image/(?:png|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}")
MARKED = {"finding", "answer", "limits", "number", *STATUSES}


def clean_markdown(text: str) -> str:
    """Our own prose after rendering: text, tables and links, and nothing that runs or loads."""
    return nh3.clean(text, tags=TEXT | TABLE | HEADINGS | {"a"}, url_schemes={"https"}, link_rel="noreferrer",
                     attributes={"a": {"href"}, "th": {"scope"}})


def clean_output(text: str) -> str:
    """What a cell showed: sentences, figures and tables. A picture is embedded, never fetched; there is no link."""
    return nh3.clean(
        text, tags=TEXT | TABLE | {"figure", "figcaption", "img", "details", "summary"}, url_schemes={"data"}, link_rel=None,
        attributes={"img": {"src", "alt"}, "th": {"scope"}, "p": {"data-finding"}, "li": {"data-finding"}, "figure": {"id"}, "table": {"id"}},
        allowed_classes={tag: MARKED for tag in ("p", "ul", "li", "th", "td")} | {"figure": {"tall"}}, attribute_filter=_only_pictures)


def _only_pictures(tag: str, attribute: str, value: str) -> str | None:
    """An image holds its own bytes; inside an `img` a browser neither runs nor loads what an SVG asks for."""
    return value if (tag, attribute) != ("img", "src") or PICTURE.fullmatch(value) else None
