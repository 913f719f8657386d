"""What 13_compare_markets can say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "markets": Sentence(
        found=_("{markets:count} markets are compared: {units:titles}."),
        none=_("There are not two markets that have been run ({markets:count}): there is nothing to compare yet."),
    ),
    "profiles": Sentence(
        found=_("A profile was found in {found:count} of {markets:count} markets: {units:titles}."),
        none=_("No market has a profile: there is no criterion to try elsewhere."),
    ),
    "criteria": Sentence(
        found=_("Of {tried:count} {tried:criterion|criteria}, {travels:count} {travels:travels|travel}, {local:count} {local:is|are} local and {mixed:count} {mixed:holds|hold} in some markets and not in others; {unclear:count} {unclear:is|are} unclear, and {untested:count} could be tried nowhere else."),
        none=_("None of {tried:count} criteria could be tried in another market: no other has the column, the level, or enough customers."),
        not_supplied=_("There are no criteria to try: no market has a profile."),
    ),
    "travels": Sentence(found=_("It travels: {criteria:criteria}. Learnt in {learnt_in:text}, clear in {confirmed:count} of {tested:count} tests elsewhere.")),
    "mixed": Sentence(found=_("It depends on the market: {criteria:criteria}. Learnt in {learnt_in:text}; of {tested:count} tests elsewhere it is clear in {confirmed:count} and gone in {gone:count}.")),
    "local": Sentence(found=_("It is local: {criteria:criteria}. Learnt in {learnt_in:text}, gone in {gone:count} of {tested:count} tests elsewhere.")),
    "spread": Sentence(
        found=_("The markets disagree most on {criteria:criteria}: {i2:percent} of the differences in its strength is more than chance."),
        none=_("No criterion differs between the markets by more than chance; the farthest is {criteria:criteria}."),
        not_supplied=_("No criterion was tried in two markets, so its strength cannot be compared."),
    ),
    "kpis": Sentence(
        found=_("{apart:count} of {tested:count} KPIs {apart:differs|differ} between the markets by more than chance; {money:count} {money:is|are} in several currencies and {money:is|are} not compared."),
        none=_("None of {tested:count} KPIs differs between the markets by more than chance; {money:count} {money:is|are} in several currencies and {money:is|are} not compared."),
        not_supplied=_("No KPI is known in two markets in one unit of measure."),
    ),
    "kpi": Sentence(found=_("{name:text} differs: {lowest_text:text} in {lowest_in:text} and {highest_text:text} in {highest_in:text}.")),
}

FIGURES = {
    "effects": Figure(
        caption=_("How many times as often customers are ideal inside a criterion as outside it, market by market, with 95% intervals; hollow marks are drawn to the common value"),
        alt=_("{criteria:count} {criteria:panel|panels}, one a criterion, with {tests:count} dots and intervals in all, one a market. {above:count} {above:lies|lie} wholly above one and {below:count} wholly below; the dashed line at one is no effect."),
    ),
}

TABLES = {
    "markets": Table(
        caption=_("What each market says by itself"),
        columns={"market": (_("Market"), "text"), "status": (_("Profile"), "text"), "profiles": (_("Profiles"), "count"),
                 "customers": (_("Customers"), "count"), "base_rate": (_("Ideal"), "percent"), "as_of": (_("Observed until"), "date")},
    ),
    "criteria": Table(
        caption=_("Criteria of all profiles ({tried:count}), and whether they hold in other markets"),
        columns={"criterion": (_("Criterion"), "criteria"), "learnt_in": (_("Learnt in"), "text"), "verdict": (_("Elsewhere"), "text"),
                 "tested": (_("Tests"), "count"), "confirmed": (_("Clear"), "count"), "gone": (_("Gone"), "count")},
    ),
    "kpis": Table(
        caption=_("The same KPIs side by side: the lowest and the highest market"),
        columns={"name": (_("KPI"), "text"), "markets": (_("Markets"), "count"), "lowest_in": (_("Lowest in"), "text"), "lowest_text": (_("Lowest"), "text"),
                 "highest_in": (_("Highest in"), "text"), "highest_text": (_("Highest"), "text")},
    ),
}

LIMITS = [
    _("In the market where a criterion was learnt its strength is flattered; only the tests elsewhere count."),
    _("A level that another market writes in another language counts as unknown there, and is not tried."),
    _("Markets differ in much besides their customers: a difference is no cause."),
]

LABELS = [_("found"), _("none"), _("too few"), _("hypothesis"), _("travels"), _("mixed"), _("local"), _("unclear"), _("untested")]
