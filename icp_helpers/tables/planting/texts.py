"""What customers write, in Danish and English: the pains of each profile, and what everybody says."""

from __future__ import annotations

import numpy as np

PAINS = {
    "deadlines": {"da": ("Underleverandøren overholder ikke deadline.", "Vores byggeplads står stille, når deadline skrider.",
                         "Vi har brug for leverandører, der holder deadline."),
                  "en": ("The subcontractor misses the deadline.", "Our site stands still when a deadline slips.",
                         "We need suppliers who keep a deadline.")},
    "errors": {"da": ("Der er for mange fejl i arbejdet.", "Vi bruger tid på at rette fejl.", "Én fejl koster os en hel dag."),
               "en": ("There are too many defects in the work.", "We spend time correcting defects.", "One defect costs us a day.")},
    "cold_chain": {"da": ("Kølekæden blev brudt undervejs.", "Kølevarer må ikke stå på rampen.", "Temperaturen i kølebilen var for høj."),
                   "en": ("The refrigerated chain was broken on the way.", "Refrigerated goods must not wait on the ramp.",
                          "The refrigerated lorry was too warm.")},
    "documentation": {"da": ("Vi mangler dokumentation til Fødevarestyrelsen.", "Certifikater og dokumentation kommer for sent.",
                             "Sporbarhed kræver bedre dokumentation."),
                      "en": ("We lack documentation for the authorities.", "Certificates and documentation come too late.",
                             "Traceability needs better documentation.")},
    "claims": {"da": ("Skaden blev behandlet for langsomt.", "Vi fik ikke svar på vores skadesanmeldelse.", "Præmien steg efter én skade."),
               "en": ("The insurance claim took too long.", "Nobody answered our insurance claim.", "The premium rose after one claim.")},
    "adviser": {"da": ("Vi får en ny rådgiver hele tiden.", "Rådgiveren kender ikke vores branche.", "Vi vil have én fast rådgiver."),
                "en": ("We get a new adviser all the time.", "The adviser does not know our industry.", "We want one fixed adviser.")},
    "response": {"da": ("Viceværten kom først efter tre dage.", "Beboerne venter for længe på viceværten.", "Vi mangler en hurtig vicevært."),
                 "en": ("The caretaker came after three days.", "Tenants wait too long for the caretaker.", "We lack a quick caretaker.")},
    "many_vendors": {"da": ("Vi koordinerer alt for mange håndværkere.", "Ejendommene kræver ti forskellige håndværkere.",
                            "Én samlet løsning i stedet for mange håndværkere."),
                     "en": ("We coordinate far too many craftsmen.", "The buildings need ten different craftsmen.",
                            "One solution instead of many craftsmen.")},
    "noise": {"da": ("Der er for meget støj på kontoret.", "Akustikken er dårlig, og støjen trætter.", "Støj fra åbne kontorer er et problem."),
              "en": ("There is too much noise in the office.", "The acoustics are poor and the noise is tiring.",
                     "Noise from open offices is a problem.")},
    "move": {"da": ("Flytningen til nye lokaler blev forsinket.", "Indretningen passede ikke til de nye lokaler.",
                    "Vi skal flytte og mangler inventar."),
             "en": ("Moving to the new premises was delayed.", "The furniture did not fit the new premises.", "We move and lack furniture.")},
    "burglary": {"da": ("Vi er bange for indbrud i ferien.", "Naboen havde indbrud, så vi vil have tryghed.", "Indbrud er vores største bekymring."),
                 "en": ("We fear a burglary during holidays.", "A burglary next door made us look for safety.", "Burglary is our biggest worry.")},
    "installation": {"da": ("Installationen var for svær.", "Alarmen kræver en montør ved installation.", "Vejledningen til installation er uklar."),
                     "en": ("The installation was too hard.", "The alarm needs a fitter for installation.", "The installation guide is unclear.")},
    "irritation": {"da": ("Min hud blev rød og irriteret.", "Cremen gav irriteret hud.", "Parfumen irriterer min sensitive hud."),
                   "en": ("My skin became red and irritated.", "The cream left irritated skin.", "Perfume gives me irritated skin.")},
    "ingredients": {"da": ("Jeg kan ikke se ingredienserne på pakken.", "Ingredienserne er ikke bæredygtige.",
                           "Skriv tydeligt hvilke ingredienser der er i."),
                    "en": ("I cannot see the ingredients on the pack.", "The ingredients are not sustainable.", "State the ingredients clearly.")},
    "advice": {"da": ("Ekspedienten vidste intet om gear.", "Jeg savner specialviden om gear og cykler.", "Rådgivningen om gear var tynd."),
               "en": ("The assistant knew nothing about gears.", "I miss expertise on gears and bikes.", "The advice on gears was thin.")},
    "returns": {"da": ("Returneringen var besværlig.", "Det tog tre uger at få pengene efter returnering.", "Gør returnering lettere."),
                "en": ("Sending a parcel back was a hassle.", "The parcel I sent back took three weeks.", "Make sending a parcel back easier.")},
    "complicated": {"da": ("Tabletten er for kompliceret.", "Menuerne er komplicerede at finde rundt i.", "Det er kompliceret at ringe med video."),
                    "en": ("The tablet is too complicated.", "The menus are complicated.", "Video calls are complicated.")},
    "jargon": {"da": ("Vejledningen er fuld af fremmedord.", "Skriv uden fremmedord, tak.", "Jeg forstår ikke alle de fremmedord."),
               "en": ("The manual is full of jargon.", "Please write without jargon.", "I do not understand the jargon.")},
}

EVERYBODY = {
    "da": ("Alt i alt en fin oplevelse.", "Prisen er lidt høj.", "Venligt personale.", "Varen kom som lovet.", "Hjemmesiden kunne være bedre.",
           "Vi er tilfredse.", "Kunne godt være hurtigere.", "God kvalitet.", "Fakturaen var forkert.", "Det fungerer, som det skal.",
           "Telefonen var optaget.", "Vi bestiller igen.", "Ingen bemærkninger.", "Udvalget er stort.", "Emballagen var i stykker."),
    "en": ("A good experience on the whole.", "The price is a little high.", "Friendly staff.", "It arrived as promised.",
           "The website could be better.", "We are satisfied.", "Could be faster.", "Good quality.", "The invoice was wrong.",
           "It works as it should.", "The line was busy.", "We shall order again.", "No comments.", "A large selection.", "The box was damaged."),
}
# Somebody who has the pain of the profile mentions it so often; anybody else now and then.
MEMBER_MENTIONS, OTHER_MENTIONS = 0.45, 0.03
ENGLISH_IN_DANISH_MARKET = 0.12


def write_texts(rng, pains: list, language: str, answered: float = 0.7) -> list:
    """One answer for each list of pains (empty for somebody outside every profile); None where nothing is written."""
    everything, texts = list(PAINS), []
    for own in pains:
        if rng.random() > answered:
            texts.append(None)
            continue
        spoken = "en" if language == "en" or rng.random() < ENGLISH_IN_DANISH_MARKET else "da"
        parts = [_pick(rng, EVERYBODY[spoken])]
        if own and rng.random() < MEMBER_MENTIONS:
            parts.insert(0, _pick(rng, PAINS[_pick(rng, own)][spoken]))
        elif rng.random() < OTHER_MENTIONS:
            parts.append(_pick(rng, PAINS[_pick(rng, everything)][spoken]))
        texts.append(" ".join(parts))
    return texts


def scores(rng, good, middle: float, slope: float, lowest: int, highest: int) -> np.ndarray:
    """Answers on a scale of whole numbers: better where the quality is better, with the noise of real answers."""
    return np.clip(np.round(middle + slope * good + rng.normal(0, 1.3 * slope, len(good))), lowest, highest).astype(int)


def _pick(rng, items):
    return items[rng.integers(len(items))]
