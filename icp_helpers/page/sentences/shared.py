"""What every page may say."""

from icp_helpers.page.catalogue import Sentence, _

SENTENCES = {
    "loaded": Sentence(
        info=_("{rows:count} customers, observed until {as_of:date}."),
        none=_("There are no customers yet: this page says what it would take, and claims nothing."),
    ),
    "table_missing": Sentence(
        not_supplied=_("The table {table:name} is not supplied; it would add {adds:text}."),
    ),
}
