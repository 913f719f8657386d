"""What step 03 says of who is ideal, and of how far that hangs on the weights."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "definition": Sentence(
        found=_("{ideal:count} of {customers:count} customers are ideal: the top {share:percent} by {marks:count} of the five marks."),
        info=_("{ideal:count} of {customers:count} customers are ideal, as the column {outcome:name} says."),
        none=_("Nobody is labelled ideal: none of the five marks can be told for these {customers:count} customers."),
        too_few=_("{ideal:count} of {customers:count} customers are labelled ideal; below {needed:count} what follows in the next steps is a hypothesis."),
    ),
    "marks_missing": Sentence(
        not_supplied=_("Not to be told here: {marks:names}. Their weight of {weight:percent} goes to the other marks in proportion."),
        none=_("Every mark that counts can be told; no weight had to be handed on."),
        too_few=_("None of the five marks can be told for these customers."),
        info=_("Not to be told here: {marks:names}. The label does not need them: a column says who is ideal."),
    ),
    "retention_rule": Sentence(
        found=_("Retention: the day that each customer left is recorded, so a customer counts as lost from that day."),
        info=_("Retention: no leaving is recorded, so a customer counts as lost after {silent_days:days} without an order; 95% of those who order again usually do so sooner."),
        none=_("Retention cannot be told: no leaving is recorded, and too few customers have ordered twice."),
    ),
    "concentration": Sentence(
        found=_("The {top:percent} of customers who bring most a month bring {part:percent} of the monthly value ({low:percent} to {high:percent}; n = {n:count})."),
        unclear=_("How value is spread is held back: most of what the top fifth bring is one customer's (n = {n:count})."),
        too_few=_("Too few customers with a value to say how it is spread (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("How value is spread cannot be told: no orders are supplied."),
    ),
    "widest_gap": Sentence(
        up=_("Ideal customers stand {strength:text} higher on {mark:name}: {gap:points} on the rank scale ({low:points} to {high:points}; n = {n:count} ideal)."),
        down=_("Even on {mark:name}, their best mark, ideal customers stand lower than the others: {gap:points} ({low:points} to {high:points}; n = {n:count} ideal)."),
        unclear=_("On no mark can ideal customers be told from the others: on {mark:name} the gap is {gap:points} ({low:points} to {high:points}; n = {n:count} ideal)."),
        too_few=_("Too few ideal customers have the marks to compare them (n = {n:count}; {needed:count} would do)."),
        none=_("There is no mark on which ideal customers and others could be compared."),
    ),
    "value_alone": Sentence(
        found=_("Value alone would name {same:percent} of the same customers; the other {other:percent} owe their place to the other marks."),
        none=_("Value is the only mark that counts here, so ideal means no more than large."),
        not_supplied=_("How far ideal differs from large cannot be told without both value and another mark."),
    ),
    "pareto": Sentence(
        up=_("Customers who bring more also do better on the other marks (rank correlation {rho:number}, {low:number} to {high:number}; n = {n:count}): the two pull together."),
        down=_("Customers who bring more do worse on the other marks (rank correlation {rho:number}, {low:number} to {high:number}; n = {n:count}): the weights decide between large and loyal."),
        unclear=_("Bringing more says nothing about the other marks (rank correlation {rho:number}, {low:number} to {high:number}; n = {n:count})."),
        too_few=_("Too few customers have value and another mark to weigh the two (n = {n:count}; {needed:count} would do)."),
    ),
    "front": Sentence(
        found=_("{front:people} of {compared:count} customers {front:is|are} beaten by nobody on every mark at once; {both:people} of them {both:is|are} ideal."),
        none=_("No customer has every mark that counts, so none can be called unbeaten."),
    ),
    "searched": Sentence(info=_("The criteria were looked for among {searched:count} of {n:count} customers.")),
    "new_customers": Sentence(
        up=_("Customers of less than a year are more often ideal: {new_share:percent} of {new:people} against {old_share:percent} of {old:people} ({low:points} to {high:points})."),
        down=_("Customers of less than a year are less often ideal: {new_share:percent} of {new:people} against {old_share:percent} of {old:people} ({low:points} to {high:points})."),
        unclear=_("New and old customers are ideal about equally often: {new_share:percent} of {new:people} against {old_share:percent} of {old:people} ({low:points} to {high:points})."),
        too_few=_("Too few new or old customers to compare them (n = {n:count} in the smaller group; {needed:count} would do)."),
    ),
    "weights_near": Sentence(
        found=_("With each weight up to a fifth smaller or larger, {same:percent} of the ideal customers stay the same (Jaccard, median of {tried:count} weightings): the label does not hang on them."),
        unclear=_("With each weight up to a fifth smaller or larger, only {same:percent} of the ideal customers stay the same (Jaccard, median of {tried:count} weightings): the label is sensitive to the weights."),
        not_supplied=_("Other weights change nothing here: {reason:text}."),
    ),
    "weights_any": Sentence(
        found=_("{sure:people} of {ideal:count} ideal customers stay ideal under at least nine in ten of {tried:count} weightings drawn at random, and {never:people} customers who are not ideal would be under as many."),
        not_supplied=_("Weightings drawn at random cannot be tried: {reason:text}."),
    ),
    "criteria": Sentence(
        found=_("{sure:count} of {criteria:count} criteria of the best descriptions still {sure:earns its|earn their} place under at least nine in ten weightings; the surest is {criterion:criteria}."),
        unclear=_("No criterion of the best descriptions earns its place under nine in ten weightings: what the profile says would hang on the weights."),
        none=_("No description of the ideal customers was found whose criteria could be followed through other weightings."),
        not_supplied=_("How criteria fare under other weightings cannot be told: {reason:text}."),
        too_few=_("Too few ideal customers to follow criteria through other weightings (n = {n:count}; {needed:count} would do)."),
    ),
}

FIGURES = {
    "lorenz": Figure(
        caption=_("The smallest customers to the left: the further the curve sags below the line, the fewer carry the value. The top {top:percent} bring {part:percent}."),
        alt=_("Line chart. Across: customers, from those who bring least a month to those who bring most. Up: their part of all monthly value. The curve lies below the line of equal shares; the last {top:percent} of customers make up {part:percent}."),
    ),
    "mark_gaps": Figure(
        caption=_("Mean rank on each mark, of ideal customers and of the others. The widest gap is on {mark:name}."),
        alt=_("Dot chart, a row a mark, from 0 (lowest rank) to 1 (highest). Blue dots are ideal customers, grey dots the others, joined by a line. The widest gap is on {mark:name}, {gap:points}; the narrowest on {least:name}."),
    ),
    "pareto": Figure(
        caption=_("Customers in {groups:count} groups by value, the lowest to the left: the middle customer's mean rank on the other marks, and where the middle half of each group lies."),
        alt=_("Dots with bars, one for each of {groups:count} groups of customers. Across: their mean rank by value a month. Up: the median of the mean rank on the other marks, with its quartiles. The rank correlation of all customers is {rho:number}."),
    ),
    "tenure": Figure(
        caption=_("Share of ideal customers by the time since they came, with 95% intervals; the dashed line is the share among all, {base:percent}."),
        alt=_("Dot chart with intervals. Across: months since the customer came. Up: share of ideal customers. The highest share is {high_share:percent}, the lowest {low_share:percent}; the line of all customers lies at {base:percent}."),
    ),
    "survival": Figure(
        caption=_("Share of {tried:count} random weightings under which customers are ideal: for those who are ideal here, and for the others. Bars are rounded, so that none tells of a few."),
        alt=_("Two histograms. Across: share of the weightings under which a customer is ideal. Up: customers. Ideal customers stand above in blue, with a median of {median:percent}; the others below in grey."),
    ),
}

TABLES = {
    "marks": Table(
        caption=_("The five marks: what was asked for, and what can be told."),
        columns={"mark": (_("Mark"), "name"), "weight": (_("Weight asked for"), "percent"), "in_use": (_("Weight in use"), "percent"),
                 "customers": (_("Customers who have it"), "count"), "share": (_("Share of all customers"), "percent")},
    ),
    "criteria": Table(
        caption=_("The criteria of the best descriptions, untested as yet, and the share of {tried:count} weightings under which each still earns its place."),
        columns={"description": (_("Description"), "count"), "criterion": (_("Criterion"), "criteria"), "survival": (_("Earns its place in"), "percent")},
    ),
}

LIMITS = [
    _("Ideal means ideal by these weights and these data: what no table records does not count."),
    _("The criteria shown here are not tested; whether they hold on customers not seen is asked when the profile is defined."),
]
