"""Which columns of customers may describe a profile, and why each of the others may not."""

import re
from dataclasses import dataclass

import pandas as pd

from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.market import Market, Trait

# Direct identifiers by the form of their values; a column with a tenth of such values is one.
_IDENTIFYING = (
    ("e-mail addresses", re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")),
    ("CPR numbers", re.compile(r"^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-?\d{4}$")),
    ("phone numbers", re.compile(r"^(?:\+|00)\d[\d\s().-]{6,16}$")),
    ("web addresses", re.compile(r"^(?:https?://|www\.)", re.I)),
)
ENOUGH_TO_IDENTIFY = 0.1
CODES = frozenset({"code", "kode", "zip", "postal", "postcode", "postnr", "postnummer", "plz", "sic", "naics", "nace", "branchekode"})
_SAMPLED = 2000  # values looked at for identifiers: the first ones that are not missing


@dataclass(frozen=True)
class TraitChoice:
    """What may describe a profile: `frame` (rows by customer_id, the trait columns only), the columns `taken`, and
    `left` (column, why). `why` says for each column taken what speaks for it."""

    frame: pd.DataFrame
    taken: list
    left: pd.DataFrame
    why: dict


def choose_traits(features: pd.DataFrame, market: Market, *, prospects: pd.DataFrame | None = None) -> TraitChoice:
    """Choose the trait columns of `features` (a row a customer, with customer_id).

    Taken is what the market file names under traits, or, where it names none, every column that is not an id, a date,
    a direct identifier, the outcome or a measure of what the customer did. Left in any case is what is known only
    after the purchase, what is sensitive without a reason, and what `prospects` (None: not supplied) lack: none
    of these can choose whom to call.
    """
    listed = features.set_index("customer_id") if "customer_id" in features.columns else features
    taken, left = {}, []
    for column in map(str, listed.columns):
        why_not = _why_not(column, listed[column], market, prospects)
        if why_not:
            left.append((column, why_not))
        else:
            taken[column] = "named in the market file" if market.traits is not None else "known before the purchase, as far as can be seen"
    for column in market.traits or ():
        if column not in listed.columns:
            left.append((column, "named in the market file, and not in the data"))
    return TraitChoice(frame=listed[list(taken)].copy(), taken=list(taken),
                       left=pd.DataFrame(left, columns=["column", "why"], dtype="str"), why=taken)


def is_sensitive(column: str, said: Trait | None = None) -> bool:
    """Sensitive by the market file, else by the dictionary, else by a word of the column's name."""
    if said is not None and said.sensitive is not None:
        return said.sensitive
    known = dictionary()
    if column in known.traits:
        return known.traits[column].sensitive
    return bool(words_of(column) & known.sensitive_words)


def identifies(column: str, values: pd.Series) -> str | None:
    """Why the column identifies a person or firm directly; None when it does not."""
    known = dictionary()
    if column not in known.traits and words_of(column) & known.identifying_words:
        return "its name says that it identifies somebody"
    if values.dtype != object and not pd.api.types.is_string_dtype(values):
        return None
    seen = values.dropna().head(_SAMPLED)
    texts = [value.strip() for value in seen if isinstance(value, str)]
    for what, pattern in _IDENTIFYING:
        hits = sum(1 for text in texts if pattern.match(text))
        if hits > ENOUGH_TO_IDENTIFY * max(len(texts), 1):
            return f"it holds {what}"
    return None


def words_of(column: str) -> frozenset:
    """The words of a column's name, in small letters: `E-mail`, `kunde_navn` and `birthDate` are two each."""
    apart = re.sub(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])", " ", column)
    return frozenset(re.split(r"[^a-zæøå]+", apart.lower())) | {column.lower()}


def _why_not(column: str, values: pd.Series, market: Market, prospects) -> str | None:
    said = (market.traits or {}).get(column)
    if column == market.ideal.outcome:
        return "it is the outcome"
    if column in dictionary().contracts["features"].columns or column in dictionary().tables["customers"].columns:
        return "it is measured from what the customer did"
    if market.traits is not None and said is None:
        return "not named under traits in the market file"
    if said is not None and said.known == "after":
        return "known only after the purchase"
    if is_sensitive(column, said) and not (said and said.allowed_because):
        return "sensitive, and the market file gives no reason to use it"
    if identified := identifies(column, values):
        return identified
    if said is None and (no_trait := _no_trait_by_itself(column, values)):
        return no_trait
    if prospects is not None and column not in prospects.columns:
        return "prospects lack it, so it could not choose any of them"
    if values.isna().all():
        return "it has no values"
    return None


def _no_trait_by_itself(column: str, values: pd.Series) -> str | None:
    """Why a column that nobody named is no trait: an id, a date, or text that is different for nearly everybody."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return "it is a date"
    if re.search(r"(?:^|[_\s.-])(?:id|no|number|key|guid|uuid)$|(?:nr|nummer)\.?$", column.lower()) or re.search(r"[a-z]I[Dd]$", column):
        return "its name says that it is an id"
    if words_of(column) & CODES and pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return "its numbers are a code, and of a code neither more nor less means anything"
    present = values.dropna()
    if pd.api.types.is_string_dtype(values) and len(present) >= 20 and present.nunique() > 0.9 * len(present):
        return "nearly every customer has a value of her own"
    return None
