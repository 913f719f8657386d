"""Whose words are they? What a group writes more often than all others, counted in customers and never in words.

A customer who repeats a word ten times has said it once: counting words instead gives false findings in most data sets
where there is nothing to find. Each language is counted by itself, words are cut at six letters so that *leverance* and
*leverancer* are one, and Fisher's test is corrected for every word that was tried (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom

from icp_helpers.analysis.intervals import bootstrap_t_mean, difference, ratio_of_shares

STEM = 6  # letters: long enough to keep words apart, short enough for Danish endings
LEVEL = 0.05
TONES = ("pain", "praise", "not clear")
ENOUGH_SCORES = 10  # members who wrote the word and gave a score, below which its tone is not told
WORD = re.compile(r"[^\W\d_]+")
COLUMNS = ["language", "stem", "word", "members", "everybody", "rest", "others", "share", "rest_share", "times", "low", "high",
           "p_adjusted"]
STOP = {
    "da": frozenset("""
        ad af aldrig alle allerede alligevel alt altid anden andet andre at bare begge blev blevet blive bliver bør da de dem den denne
        der deres derfor det dette dig din dine disse dit du efter ej eller en end endnu ene eneste enhver er et far fik fire flere
        fleste for fordi fra få får før først første gennem gerne giver gjorde gør gøre ham han hans har havde have hele heller hen
        hende hendes her hos hun hvad hvem hver hvilke hvilken hvis hvor hvordan hvorfor hvornår i igen igennem ikke imod ind inde
        ingen intet ja jeg jer jeres jo kan kom komme kommer kun kunne lad lave lidt lige ligesom lille man mange med meget mellem men
        mens mere mest mig min mindre mine mit mod må måske ned nej noget nogen nogle nok nu når nær og også om omkring op os over
        på sammen samme se seks selv ser ses sidste sig sige sin sine sit skal skulle som stadig stor store så sådan tage tager
        temmelig ti til tilbage to tre ud uden under var ved vi vil ville vor vores være været én ét alts altså synes syntes helt
        rigtig rigtigt ret virkelig hvert hverken både dog fordi siden indtil""".split()),
    "en": frozenset("""
        a about above after again all already also always am an and another any are as at back be because been before being below
        between both but by came can cannot come comes could did do does doing don done down during each either enough even ever every
        few for from further get gets getting give given go goes going gone got had has have having he her here hers him his how i if
        in into is isn it its itself just know last least less let like made make makes many may me might more most much must my never
        no nor not nothing now of off often on once one only or other our ours out over own per put quite rather really said same say
        see seem seems shall she should since so some something still such take takes than that the their them then there these they
        thing things this those though through to too took under until up upon us use used very was way we well went were what when
        where whether which while who whom whose why will with within without would yes yet you your""".split()),
}


def read_answers(surveys: pd.DataFrame, reviews: pd.DataFrame, *, language: str) -> pd.DataFrame:
    """Every text whose writer is known, a row an answer: customer_id, text, language, tone.

    Reviews of competitors are left out. `tone` is the score as a share of its scale, minus the mean of the same question
    over everybody. A text without a word that tells its language is taken for the market's `language`.
    """
    asked = surveys[["customer_id", "text", "score", "scale_max"]].assign(
        question=surveys["kind"].astype(str) + " " + surveys["driver"].fillna("").astype(str))
    own = reviews.loc[reviews["about"] == "own", ["customer_id", "text", "rating", "source"]]
    own = own.rename(columns={"rating": "score", "source": "question"}).assign(scale_max=_stars(reviews["rating"]))
    both = pd.concat([part.astype({"customer_id": object, "text": object, "question": object, "score": float, "scale_max": float})
                      for part in (asked, own)], ignore_index=True)
    both["tone"] = both["score"] / both["scale_max"]
    both["tone"] -= both.groupby("question")["tone"].transform("mean")
    both = both[both["text"].notna() & both["customer_id"].notna()]
    both = both[both["text"].astype(str).str.strip() != ""]
    text = both["text"].map(lambda one: unicodedata.normalize("NFC", str(one)))
    spoken = text.map(lambda one: language_of(one, language))
    return both.assign(text=text, language=spoken)[["customer_id", "text", "language", "tone"]].reset_index(drop=True)


def _stars(rating: pd.Series) -> float:
    """The top of the reviews' scale: five stars, or ten points where any review has more than five."""
    return 10.0 if (pd.to_numeric(rating) > 5).any() else 5.0


def language_of(text: str, otherwise: str) -> str:
    """`da` or `en`, by the commonest small words and the letters æ, ø and å; `otherwise` where they do not tell."""
    words = [word.lower() for word in WORD.findall(text)]
    danish = sum(word in STOP["da"] for word in words) + 2 * bool(re.search("[æøåÆØÅ]", text))
    english = sum(word in STOP["en"] for word in words)
    return otherwise if danish == english else "da" if danish > english else "en"


def stems(text: str, language: str) -> dict[str, str]:
    """The stems of a text with the first word of each; stop words and words under three letters are left out."""
    words = (word.lower() for word in WORD.findall(text))
    stop = STOP[language]
    return {word[:STEM]: word for word in reversed([word for word in words if len(word) > 2 and word not in stop])}


def count_words(answers: pd.DataFrame) -> pd.DataFrame:
    """Which customer used which stem in which language, once each: customer_id, language, stem, word."""
    rows = [(who, language, stem, word) for who, text, language in
            zip(answers["customer_id"], answers["text"], answers["language"], strict=True)
            for stem, word in stems(text, language).items()]
    said = pd.DataFrame(rows, columns=["customer_id", "language", "stem", "word"], dtype=object)
    return said.drop_duplicates(["customer_id", "language", "stem"], ignore_index=True)


def distinctive_words(answers: pd.DataFrame, members, *, smallest: int = 5, level: float = LEVEL) -> pd.DataFrame:
    """The words that `members` (customer ids) use more often than all other customers, the most frequent first.

    Only words that at least `smallest` members share are told, and only in a form that so many of them wrote; a stem
    without such a form is told as a stem. Columns: language, stem, word, members (who used it), everybody (members who
    wrote in that language), rest, others (the same of the other customers), share, rest_share, times with its 95 %
    interval low, high, and p_adjusted over all words of the language. `attrs["tried"]`: how many words were tried.
    """
    members = set(members)
    said = count_words(answers)
    found, tried = [], 0
    for language, own in said.groupby("language", sort=True):
        wrote = set(answers.loc[answers["language"] == language, "customer_id"])
        table = _fisher(own, members, len(wrote & members), len(wrote - members), smallest)
        tried += len(table)
        table = table[(table["p_adjusted"] <= level) & (table["members"] >= smallest)]
        shown = [_shown(own, stem, members, smallest) for stem in table["stem"]]
        found.append(table.assign(language=language, word=pd.Series(shown, table.index, dtype=object)))
    words = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    words = words.sort_values(["members", "p_adjusted", "stem"], ascending=[False, True, True], ignore_index=True)[COLUMNS]
    words.attrs = {"tried": tried}
    return words


def _fisher(said: pd.DataFrame, members: set, inside: int, outside: int, smallest: int) -> pd.DataFrame:
    """One-sided p-values of every stem that `smallest` customers used: chosen without a look at who is a member."""
    table = said.assign(inside=said["customer_id"].isin(members)).groupby("stem")["inside"].agg(["sum", "size"])
    table = table[table["size"] >= smallest].astype(int)
    hits, total = table["sum"].to_numpy(), table["size"].to_numpy()
    p = hypergeom.sf(hits - 1, inside + outside, total, inside)
    low, high = ratio_of_shares(hits, np.full(len(hits), inside), total - hits, np.full(len(hits), outside))
    share, rest = hits / max(inside, 1), (total - hits) / max(outside, 1)
    times = np.divide(share, rest, out=np.full(len(share), np.inf), where=rest > 0)
    return pd.DataFrame({
        "stem": table.index, "members": hits, "everybody": inside, "rest": total - hits, "others": outside, "share": share,
        "rest_share": rest, "times": times, "low": low, "high": high,
        "p_adjusted": false_discovery_control(p) if len(p) else p}).reset_index(drop=True)


def _shown(said: pd.DataFrame, stem: str, members: set, smallest: int) -> str:
    """The form that most members wrote, if enough did; otherwise the stem, which they share."""
    forms = said.loc[(said["stem"] == stem) & said["customer_id"].isin(members), "word"].value_counts()
    best = sorted(forms[forms == forms.max()].index)[0]
    return best if forms.max() >= smallest else f"{stem}…"


def with_tone(words: pd.DataFrame, answers: pd.DataFrame, members, *, seed: int = 0) -> pd.DataFrame:
    """The words of `distinctive_words` with tone: pain (where members write it they score lower), praise (higher), or not
    clear; and difference, tone_low, tone_high, tone_n of `tone_of`, the limits widened for the number of words."""
    confidence = 1 - LEVEL / max(len(words), 1)
    tones = [tone_of(answers, word, members, seed=seed, confidence=confidence) for _place, word in words.iterrows()]
    told = pd.DataFrame(tones, columns=["difference", "low", "high", "n"], index=words.index).astype(float)
    enough = told["n"] >= ENOUGH_SCORES
    tone = np.select([enough & (told["high"] < 0), enough & (told["low"] > 0)], TONES[:2], TONES[2])
    made = words.assign(tone=tone, difference=told["difference"], tone_low=told["low"], tone_high=told["high"], tone_n=told["n"])
    made.attrs = words.attrs
    return made


def tone_of(answers: pd.DataFrame, word: pd.Series, members, *, seed: int = 0, confidence: float = 1 - LEVEL) -> dict:
    """How satisfied members are where they use a word, against their other answers: difference, low, high, n.

    `word` is a row of `distinctive_words`. The difference is in shares of the scale; n counts members who used the word.
    """
    own = answers[answers["customer_id"].isin(set(members)) & (answers["language"] == word["language"]) & answers["tone"].notna()]
    holds = np.array([word["stem"] in stems(text, word["language"]) for text in own["text"]], dtype=bool)
    n = own["customer_id"][holds].nunique()
    sides = [(own["tone"][rows], own["customer_id"][rows]) for rows in (holds, ~holds)]
    if min(len(tone) for tone, _who in sides) < 2:
        return {"difference": None, "low": None, "high": None, "n": n}
    limits = [bootstrap_t_mean(tone, seed, cluster=who, confidence=confidence) for tone, who in sides]
    means = [float(tone.mean()) for tone, _who in sides]
    low, high = difference(means[0], *limits[0], means[1], *limits[1])
    return {"difference": means[0] - means[1], "low": low, "high": high, "n": n}
