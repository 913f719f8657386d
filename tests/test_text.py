"""Words of a group: found where planted, silent where nothing is, counted in customers, and nobody is ever quoted by name."""

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import quotes, text

EVERYDAY = ("pris personale butik hjemmeside kvalitet service udvalg varen ordre telefon samtale aftale hurtig venlig nem dyr ny "
            "kasse pakke farve model test rapport kontor lager skærm maskine bord stol lampe").split()
PAIN = ("leverance", "leverancer", "leverancen")


def answers_of(seed: int, *, planted: bool, n: int = 400, rant: bool = False) -> tuple[pd.DataFrame, set]:
    """Answers of n customers, the first quarter of them members; a pain for members, or a rant of single customers."""
    rng = np.random.default_rng(seed)
    members, rows = set(range(n // 4)), []
    for customer in range(n):
        words = list(rng.choice(EVERYDAY, 6))
        if planted and rng.random() < (0.3 if customer in members else 0.03):
            words.insert(2, str(rng.choice(PAIN)))
        if rant and rng.random() < 0.05:
            words += [words[0]] * 40
        rows.append((customer, "Det var " + " ".join(words) + " for os.", "da", 0.0))
    return pd.DataFrame(rows, columns=["customer_id", "text", "language", "tone"]), members


def test_a_planted_word_is_found_whatever_its_ending_and_counted_in_customers():
    answers, members = answers_of(1, planted=True)
    words = text.distinctive_words(answers, members)
    row = words.iloc[0]
    holds = answers.text.str.contains("leveran")
    assert list(words.stem) == ["levera"] and row.word in PAIN
    assert row.members == holds[answers.customer_id.isin(members)].sum() and row.rest == holds[~answers.customer_id.isin(members)].sum()
    assert row.low > 1 and row.p_adjusted < 0.001


def test_the_other_side_uses_it_less_so_nothing_is_claimed_for_it():
    answers, members = answers_of(1, planted=True)
    assert "levera" not in set(text.distinctive_words(answers, set(answers.customer_id) - members).stem)


def every_word_a_customer(answers: pd.DataFrame, members: set) -> tuple[pd.DataFrame, set]:
    """The same answers counted in words instead of customers: each word is an answer of its own."""
    rows = [(f"{who} {place}", word, "da", 0.0) for who, said in zip(answers.customer_id, answers.text, strict=True)
            for place, word in enumerate(said.split())]
    frame = pd.DataFrame(rows, columns=["customer_id", "text", "language", "tone"])
    return frame, {one for one in frame.customer_id if int(one.split()[0]) in members}


def test_nothing_planted_nothing_claimed_though_some_rant_as_counting_words_would():
    worlds = [answers_of(seed, planted=False, rant=True) for seed in range(6)]
    claimed = sum(len(text.distinctive_words(*world)) > 0 for world in worlds)
    naive = sum(len(text.distinctive_words(*every_word_a_customer(*world))) > 0 for world in worlds)
    assert claimed <= 1 and naive >= 4


def test_a_word_that_too_few_members_share_is_not_told():
    answers, members = answers_of(3, planted=True)
    row = text.distinctive_words(answers, members).iloc[0]
    assert text.distinctive_words(answers, members, smallest=int(row.members) + 1).empty


def test_a_form_that_too_few_wrote_gives_way_to_the_stem():
    answers, members = answers_of(3, planted=True)
    many = int(text.distinctive_words(answers, members).members[0])
    assert text.distinctive_words(answers, members, smallest=many).word[0] == "levera…"


@pytest.mark.parametrize(("said", "language"), [("The order was late and we were not told", "en"), ("Varen kom for sent, og vi fik ikke besked", "da"),
                                                ("Støj", "da"), ("OK", "da")])
def test_the_language_of_an_answer_is_read_from_its_small_words(said, language):
    assert text.language_of(said, "da") == language


def test_each_language_is_counted_by_itself():
    danish, members = answers_of(5, planted=True)
    english = danish.assign(text="The invoice was late and we were not told", language="en", customer_id=danish.customer_id + 1000)
    both = text.distinctive_words(pd.concat([danish, english]), members | {1000 + one for one in range(400)})
    assert set(both.language) == {"da"} and both.everybody[0] == 100


def test_answers_without_a_writer_and_reviews_of_competitors_are_left_out():
    surveys = pd.DataFrame({"customer_id": ["a", None], "kind": "nps", "driver": None, "score": 5.0, "scale_max": 10.0, "text": ["Fejl igen", "Fejl"]})
    reviews = pd.DataFrame({"customer_id": ["b", "c"], "about": ["own", "competitor"], "rating": 4.0, "source": "x", "text": "God service"})
    assert list(text.read_answers(surveys, reviews, language="da").customer_id) == ["a", "b"]


def test_the_tone_of_a_word_turns_round_with_the_scores():
    answers, members = answers_of(7, planted=True, n=800)
    word = text.distinctive_words(answers, members).iloc[0]
    rng = np.random.default_rng(0)
    tone = -0.4 * answers.text.str.contains("leveran") + rng.normal(0, 0.1, len(answers))
    low = text.tone_of(answers.assign(tone=tone), word, members)
    high = text.tone_of(answers.assign(tone=-tone), word, members)
    assert low["high"] < 0 < high["low"] and low["difference"] == pytest.approx(-high["difference"])


def test_a_word_of_praise_is_never_called_a_pain():
    answers, members = answers_of(7, planted=True, n=800)
    words = text.distinctive_words(answers, members)
    first, noise = words.stem[0], np.random.default_rng(0).normal(0, 0.1, len(answers))
    holds = answers.text.str.lower().str.contains(first, regex=False)
    for sign, tone in ((-0.4, "pain"), (0.4, "praise")):
        told = text.with_tone(words, answers.assign(tone=sign * holds + noise), members)
        assert told.tone[0] == tone and told.attrs == words.attrs
    idle = [text.with_tone(words, answers.assign(tone=np.random.default_rng(seed).normal(0, 0.1, len(answers))), members) for seed in range(20)]
    assert sum((told.tone != "not clear").any() for told in idle) <= 3  # 5 % of lists of words, not of words
    unscored = text.with_tone(words, answers.assign(tone=np.nan), members)
    assert set(unscored.tone) == {"not clear"} and text.with_tone(words.head(0), answers, members).tone.empty


NAMED = ["Det var Hansen der glemte leverance igen.", "Det var hansen der glemte leverance igen.", "Hansen glemte vores leverance igen.",
         "Det var leverance nummer 4711 igen.", "Skriv til bo@firma.dk om leverance igen.", "Se www.firma.dk om leverance igen."]


def test_a_quote_names_nobody_and_holds_no_number(monkeypatch):
    answers, members = answers_of(9, planted=True)
    planted = pd.DataFrame({"customer_id": [0, 1, 2, 3, 4, 5], "text": NAMED, "language": "da", "tone": 0.0})
    answers = pd.concat([planted, answers], ignore_index=True)
    words = text.distinctive_words(answers, members)
    said = quotes.pick_quotes(answers, words, members, most=50)
    assert len(said) and not said.quote.isin(NAMED).any()
    monkeypatch.setattr(quotes, "_speaks_for_many", lambda sentence, vocabulary: True)
    every = [sentence for one in NAMED for sentence in quotes._sentences(answers.iloc[:6], "levera", "da")]
    assert set(NAMED) - {NAMED[4], NAMED[5]} <= set(every), "only the guard keeps them out"


def test_no_answers_no_words():
    nothing = pd.DataFrame(columns=["customer_id", "text", "language", "tone"])
    words = text.distinctive_words(nothing, {1, 2})
    assert words.empty and words.attrs["tried"] == 0 and quotes.pick_quotes(nothing, words, {1}).empty
