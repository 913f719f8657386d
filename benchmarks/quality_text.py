"""Rows for the words of a group: planted pain words found among Danish answers, and none where there is nothing to find."""

from __future__ import annotations

import numpy as np
import pandas as pd
from quality import Row

from icp_helpers.analysis.quotes import pick_quotes
from icp_helpers.analysis.text import STEM, distinctive_words

PAINS = (  # each with the forms that a Danish customer writes
    ("leverance", "leverancer", "leverancen", "leverancerne"), ("forsinket", "forsinkede", "forsinkelse", "forsinkelsen"),
    ("dokumentation", "dokumentationen", "dokumenter"), ("støj", "støjen", "støjende"), ("faktura", "fakturaen", "fakturaer"),
)
EVERYDAY = """pris prisen personale personalet butik butikken hjemmeside hjemmesiden kvalitet kvaliteten service servicen oplevelse
    udvalg udvalget varen varer ordre ordren bestilling medarbejder medarbejderen telefon samtale tilbud aftale møde uge dag dage time
    hurtig hurtigt venlig venligt god godt fin fint dårlig nem nemt let svær svært dyr billig ny nye gammel klar tydelig rolig
    hjælp hjælpe svar svare ringe sende modtage købe bestille bruge prøve vælge arbejde tænke forstå følge virke fungere
    kunde kunder firma firmaet produkt produktet løsning løsningen projekt projektet system systemet bil kasse pakke farve størrelse
    model test rapport kontor lager skærm maskine værktøj materiale bord stol lampe dør vindue gulv væg tag have vej plads""".split()
SMALL = "det er at vi og ikke for med på den til i som har var der men så".split()
MENTION, ELSEWHERE = 0.25, 0.05
NAMES = ("Hansen", "mette", "Jørgensen", "søren")


def rows(seed: int, runs: int) -> list[Row]:
    """`runs` worlds of 200 and of 500 answers, a quarter of them members', and five times as many without a pain."""
    seeds = [1_000 * seed + run for run in range(runs)]
    made = []
    for answers, at_least in ((200, ""), (500, ".9")):
        recall, false, named = zip(*[_measured(own, answers) for own in seeds], strict=True)
        made += [Row(f"planted pain words, {answers} Danish answers: recall", f"{np.mean(recall):.2f}", at_least, "1.0" if at_least else "", runs),
                 Row(f"planted pain words, {answers} Danish answers: false words a run", f"{np.mean(false):.2f}", "<= .5", "<= .1", runs)]
    null = [len(distinctive_words(*text_world([own, copy], 500, pains=False))) > 0 for own in seeds for copy in range(5)]
    return [*made, Row("any word claimed where none is planted, 500 answers", f"{np.mean(null):.1%}", "<= 5 %", "<= 5 %", len(null)),
            Row("quotes that hold a name or a number", f"{sum(named)}", "0", "0", runs)]


def text_world(seed, answers: int, *, pains: bool = True) -> tuple[pd.DataFrame, set]:
    """Answers of as many customers, and who is a member. A customer who rants repeats a word; some answers name somebody.

    Gives a frame as `text.read_answers` does, and the members' ids.
    """
    rng = np.random.default_rng(seed)
    members, everyday = set(range(answers // 4)), np.array(EVERYDAY)
    often = rng.dirichlet(np.full(len(everyday), 0.7))
    texts = []
    for customer in range(answers):
        words = list(rng.choice(everyday, rng.integers(4, 14), p=often))
        words += list(rng.choice(SMALL, len(words)))
        rng.shuffle(words)
        for forms in PAINS:
            if rng.random() < (MENTION if pains and customer in members else ELSEWHERE):
                words.insert(rng.integers(len(words)), str(rng.choice(forms)))
        if rng.random() < 0.1:
            words += [words[0]] * 8
        if rng.random() < 0.02:
            words.insert(rng.integers(len(words)), str(rng.choice(NAMES)))
        if rng.random() < 0.1:
            words.insert(rng.integers(len(words)), str(rng.integers(10, 99_999_999)))
        cut = len(words) // 2
        texts.append(" ".join(words[:cut]).capitalize() + ". " + " ".join(words[cut:]).capitalize() + ".")
    frame = pd.DataFrame({"customer_id": range(answers), "text": texts, "language": "da", "tone": 0.0})
    return frame, members


def _measured(seed: int, answers: int) -> tuple[float, int, int]:
    frame, members = text_world(seed, answers)
    words = distinctive_words(frame, members)
    planted = [{form[:STEM] for form in forms} for forms in PAINS]
    found = set(words["stem"])
    quotes = pick_quotes(frame, words, members)["quote"]
    telling = quotes.map(lambda one: any(name.lower() in one.lower() for name in NAMES) or any(sign.isdigit() for sign in one))
    return (np.mean([bool(found & stems) for stems in planted]), len(found - set.union(*planted)), int(telling.astype(bool).sum()))
