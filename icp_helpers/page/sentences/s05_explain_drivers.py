"""What 05_explain_drivers can say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "method": Sentence(
        info=_("{customers:count} customers, {ideal:count} of them ideal ({base_rate:percent}): enough to hold all traits equal at once. {tried:count} {tried:comparison was|comparisons were} made, and the p-values are corrected for that many."),
        found=_("{customers:count} customers, {ideal:count} of them ideal ({base_rate:percent}): too few for all traits in one regression, so each trait is held equal for what the others have in common. {tried:count} {tried:comparison was|comparisons were} made, and the p-values are corrected for that many."),
        too_few=_("Too few ideal customers to hold other traits equal ({ideal:count} ideal of {customers:count}; 100 customers, and ten ideal ones a trait, would do). What is shown below is plain, without p-values (differences: {tried:count}): treat it as hypotheses."),
        none=_("All customers are alike in being ideal or not ({ideal:count} of {customers:count}): there is nothing to compare."),
        not_supplied=_("There is nothing to compare: no customers, or no trait that tells them apart."),
    ),
    "fitted": Sentence(info=_("The regression was fitted on {fitted:count} of {n:count} customers, evenly drawn.")),
    "strongest": Sentence(
        up=_("{trait:name}, {level:text}: {effect:points} more ideal customers ({low:points} to {high:points}), all else equal (n = {n:count})."),
        down=_("{trait:name}, {level:text}: {effect:points} in ideal customers ({low:points} to {high:points}), all else equal (n = {n:count})."),
        unclear=_("{trait:name}, {level:text}: no evidence of a difference ({low:points} to {high:points}, n = {n:count})."),
        too_few=_("{trait:name}, {level:text}: too few customers to say (n = {n:count}; {needed:count} would do)."),
        none=_("No trait stands out: after correction for {tried:count} comparisons none is clear."),
    ),
    "hypothesis": Sentence(
        info=_("To be tested: {trait:name}, {level:text}: {effect:points} in ideal customers ({low:points} to {high:points}, n = {n:count}). It is the clearest of {tried:count} differences, of which about {by_chance:count} would look clear by chance."),
    ),
    "clear": Sentence(
        found=_("{clear:count} of {tried:count} comparisons {clear:remains|remain} clear after correction; by chance alone about one in twenty of those called clear would be false."),
        none=_("None of {tried:count} comparisons remains clear after correction for their number."),
        too_few=_("With {ideal:count} ideal {ideal:customer|customers} no comparison is called clear."),
        not_supplied=_("No comparison was made."),
    ),
    "plain": Sentence(
        up=_("{trait:name}, plainly counted: {level:text} has the largest share of ideal customers, {rate:percent} ({hits:count} of {n:count}), against {overall:percent} of all ({low:percent} to {high:percent})."),
        down=_("{trait:name}, plainly counted: even {level:text}, where the share is largest, lies below that of all customers, {rate:percent} ({hits:count} of {n:count}) against {overall:percent}."),
        unclear=_("{trait:name}, plainly counted: {level:text} has the largest share of ideal customers, {rate:percent} ({hits:count} of {n:count}), but no evidence sets it apart from all customers ({overall:percent})."),
        too_few=_("{trait:name}, plainly counted: too few customers hold {level:text} to say (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("There is no trait to count."),
    ),
    "where": Sentence(
        up=_("{level:level} ({trait:name}) holds most ideal customers, {share:percent} ({hits:count} of {n:count}), and more of them than of others: a difference of {difference:points} ({low:points} to {high:points})."),
        down=_("{level:level} ({trait:name}) holds most ideal customers, {share:percent} ({hits:count} of {n:count}), but fewer of them than of others: a difference of {difference:points} ({low:points} to {high:points})."),
        unclear=_("{level:level} ({trait:name}) holds most ideal customers, {share:percent} ({hits:count} of {n:count}), about as it holds others ({rest:percent}): the place tells nobody apart."),
        too_few=_("{level:level} ({trait:name}) holds most ideal customers, {hits:count} of {n:count}: too few to say whether the place matters ({needed:count} would do)."),
        not_supplied=_("Where they are is not supplied: a column region, country, city or postcode would say it."),
    ),
    "twins": Sentence(
        found=_("{pairs:count} {pairs:trait says|traits say} almost the same as another and {pairs:was|were} left out, so that the effect is not split between the two."),
        none=_("No two traits say the same (none is tied to another above .8)."),
    ),
}

FIGURES = {
    "driver_effects": Figure(
        caption=_("Effect on the share of ideal customers, in percentage points with 95% intervals: the {shown:count} clearest of {tried:count} comparisons"),
        alt=_("Dots with intervals, one for each of {shown:count} {shown:comparison|comparisons}; the line at zero is no effect. {above:count} {above:lies|lie} wholly above zero and {below:count} wholly below. The first is {trait:name}, {level:text}, at {effect:points}."),
    ),
    "driver_plain": Figure(
        caption=_("{trait:name}: the share of ideal customers at each level with 95% intervals; the line is all customers ({overall:percent})"),
        alt=_("Dots with intervals at {levels:count} {levels:level|levels} of {trait:name}. The share of ideal customers goes from {lowest:percent} to {highest:percent}; the line at {overall:percent} is all customers."),
    ),
}

TABLES = {
    "driver_table": Table(
        caption=_("The clearest comparisons; the effect in percentage points"),
        columns={"trait": (_("Trait"), "name"), "level": (_("What is compared"), "text"), "effect": (_("Effect"), "points"),
                 "low": (_("From"), "points"), "high": (_("To"), "points"), "customers": (_("Customers"), "count")},
    ),
    "twin_table": Table(
        caption=_("Traits that say almost the same as another"),
        columns={"dropped": (_("Left out"), "name"), "kept": (_("Kept"), "name")},
    ),
}

LIMITS = [
    _("Association, not cause: a trait may stand for something that was not recorded."),
    _("The effects hold for past customers, not for the market; a number is moved from its lower to its upper quartile, a level is held against all others."),
]

LABELS = [_("Percentage points"), _("Share of ideal customers"), _("(missing)"), _("(other)"), _("yes"), _("no")]
