"""What every page may say."""

from icp_helpers.page.catalogue import Sentence, _

SENTENCES = {
    "loaded": Sentence(
        info=_("{rows:count} {rows:customer|customers}, observed until {as_of:date}."),
        none=_("There are no customers yet: this page says what it would take, and claims nothing."),
    ),
    "leaks": Sentence(
        found=_("Left out, as it tells the outcome too well, by what is missing, or by the calendar, to have been known before the purchase: {caught:names}."),
        none=_("{tried:count} {tried:trait was|traits were} examined, and none looks as if it was only known after the purchase."),
        not_supplied=_("There is no trait to look for leaks in."),
    ),
    "table_missing": Sentence(
        not_supplied=_("The table {table:name} is not supplied; it would add {adds:text}."),
    ),
}
