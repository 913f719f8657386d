"""What 07_study_competition can say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "lost_to": Sentence(
        found=_("We lose most often to {competitor:text}: {share:percent} of all decided deals ({lost:count} of {decided:count}; {low:percent} to {high:percent}). {won:count} {won:was|were} won."),
        unclear=_("{competitor:text} is named most often, in {share:percent} of all decided deals ({lost:count} of {decided:count}), but not clearly more often than the next one. {won:count} {won:was|were} won."),
        none=_("None of {decided:count} decided deals names a competitor: to whom we lose is not recorded."),
        too_few=_("Too few decided deals to say to whom we lose (n = {decided:count}; {needed:count} would do)."),
        not_supplied=_("Leads are not supplied; they would say where deals are won and lost, and to whom."),
    ),
    "against": Sentence(
        up=_("Against {competitor:text} we win more often where {column:name} is {level:text}: {rate:percent}, {gap:points} more than elsewhere ({low:points} to {high:points}, n = {n:count})."),
        down=_("Against {competitor:text} we win less often where {column:name} is {level:text}: {rate:percent}, a difference of {gap:points} to elsewhere ({low:points} to {high:points}, n = {n:count})."),
        unclear=_("No part of the market stands out against any competitor; the farthest, {column:name} {level:text} against {competitor:text}, differs by {gap:points} ({low:points} to {high:points}, n = {n:count})."),
        too_few=_("Too few deals to compare parts of the market: none has {needed:count} with the same competitor."),
        none=_("No lost deal names a competitor, so there is no rate against any."),
        not_supplied=_("Leads are not supplied: no rate against a competitor can be told."),
    ),
    "unmet": Sentence(
        found=_("Of {pairs:count} pairs of competitor and part of the market, {unmet:count} {unmet:has|have} no known encounter and so no rate, and {small:count} {small:rests|rest} on so few that they are drawn towards the whole market."),
        none=_("Each competitor has been met in each part of the market for which deals are known ({pairs:count} {pairs:pair|pairs}, {small:count} of them with few deals)."),
        not_supplied=_("In which parts of the market competitors were met is not recorded: n/a."),
    ),
    "hardest": Sentence(
        up=_("Even against the hardest competitor, {competitor:text}, we win more than half at best: {rate:percent} ({won:count} of {n:count}; {low:percent} to {high:percent})."),
        down=_("Against the hardest competitor, {competitor:text}, we win less than half even at best: {rate:percent} ({won:count} of {n:count}; {low:percent} to {high:percent})."),
        unclear=_("Against the hardest competitor, {competitor:text}, it is about even at best: {rate:percent} ({won:count} of {n:count}; {low:percent} to {high:percent})."),
        too_few=_("Too few deals with any one competitor to say which is the hardest (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("No deal is known to have been lost to a named competitor: n/a."),
    ),
    "reason": Sentence(
        found=_("The reason given most often is \"{reason:text}\": {share:percent} of {coded:people} lost deals with a reason ({low:percent} to {high:percent}). Lost deals without a reason: {uncoded:people}."),
        unclear=_("\"{reason:text}\" is given most often, for {share:percent} of {coded:people} lost deals with a reason, but not clearly more often than the next one. Lost deals without a reason: {uncoded:people}."),
        none=_("None of {lost:count} lost deals has a reason."),
        too_few=_("Too few lost deals with a reason to rank them ({coded:people}; {needed:count} would do). Lost deals without a reason: {uncoded:people}."),
        not_supplied=_("Leads are not supplied; they would say why deals are lost."),
    ),
    "theirs": Sentence(
        found=_("Competitors are noted most often where {column:name} is {level:text} ({notes:count} of {all:count} notes with a source, the newest of {as_of:date}); {our_share:percent} of our customers are there ({customers:count})."),
        none=_("Competitors are noted most often in {level:text} ({notes:count} of {all:count} notes with a source, the newest of {as_of:date}); we have no customers there."),
        not_supplied=_("No note on competitors with a source and a date is supplied; it would say who their customers are."),
    ),
    "unsourced": Sentence(
        found=_("{dropped:count} of {rows:count} notes on competitors {dropped:has|have} no source or no date, and {dropped:is|are} left out."),
        none=_("No note on competitors was left out for want of a source or a date (notes: {rows:count})."),
    ),
    "why": Sentence(
        found=_("Told most often: customers choose {competitor:text} for \"{why_chosen:text}\" (notes: {notes:count}; {source:text}; the newest of {as_of:date})."),
        not_supplied=_("Why customers choose competitors is not supplied; notes with a source and a date would say it."),
    ),
    "rating": Sentence(
        up=_("We are rated higher than our competitors: {own:number} against {theirs:number} (difference {low:number} to {high:number}, at least {n:count} reviews of each)."),
        down=_("We are rated lower than our competitors: {own:number} against {theirs:number} (difference {low:number} to {high:number}, at least {n:count} reviews of each)."),
        unclear=_("No evidence that we are rated otherwise than our competitors: {own:number} against {theirs:number} (difference {low:number} to {high:number}, at least {n:count} reviews of each)."),
        too_few=_("Too few reviews to compare ratings (n = {n:count}; {needed:count} of each would do)."),
        not_supplied=_("Reviews of us and of competitors with a rating are not supplied; they would say who is liked better."),
    ),
    "share": Sentence(
        found=_("Our share of the market is {share:percent} ({customers:count} of {accounts:count} accounts, counted on {counted_on:date}; {low:percent} to {high:percent})."),
        none=_("None of the {accounts:count} accounts of the market (counted on {counted_on:date}) is a customer of ours."),
        unclear=_("We have {customers:count} customers, and the market is said to hold {accounts:count} accounts (counted on {counted_on:date}): one of the counts is wrong, so there is no share."),
        not_supplied=_("The size of the market is not supplied; a table of accounts by part of the market would give our share of it."),
    ),
    "money": Sentence(
        found=_("Of the market's {revenue:money} a year {amount:money} is ours: a share of {money_share:percent} in money."),
        unclear=_("What of the market's money is ours is held back: most of it is one customer's."),
        not_supplied=_("A share in money cannot be given: the market's money, or ours in the latest year, is not supplied or wrong."),
    ),
    "miscounted": Sentence(
        found=_("A fault in the data: in {parts:count} {parts:part|parts} of the market, {level:text} among them, we have more customers, or more money, than there is. Correct the count of accounts, or the customers' part of the market."),
        none=_("In no part of the market do we have more customers than there are accounts."),
        not_supplied=_("Without a count of accounts, no share can be checked."),
    ),
    "room": Sentence(
        up=_("Our share is higher where {column:name} is {level:text} than elsewhere: {share:percent} of {n:count} accounts are ours, {gap:points} more ({low:points} to {high:points})."),
        down=_("There is room where {column:name} is {level:text}: {share:percent} of {n:count} accounts are ours, a difference of {gap:points} to elsewhere ({low:points} to {high:points})."),
        unclear=_("No part of the market stands out; {column:name} {level:text} comes nearest to it, with {share:percent} of {n:count} accounts ours, a difference of {gap:points} to elsewhere ({low:points} to {high:points})."),
        too_few=_("Too few accounts to compare parts of the market (n = {n:count}; {needed:count} would do)."),
        none=_("There are not two parts of the market with customers of ours to compare."),
        not_supplied=_("Where there is room cannot be said without a count of accounts."),
    ),
    "alike": Sentence(
        found=_("{hits:count} of {prospects:count} prospects {hits:looks|look} like our ideal customers ({share:percent}; {low:percent} to {high:percent}). On customers not seen before, the score put an ideal one above another in {auc:percent} of pairs."),
        none=_("No prospect can be called a look-alike: nothing known before the purchase told ideal customers from others among {customers:count} customers."),
        too_few=_("Too few ideal customers to look for their like ({ideal:count}; {needed:count} would do)."),
        not_supplied=_("Prospects are not supplied; a list of them would show who looks like our ideal customers."),
    ),
    "breadth": Sentence(
        found=_("The profile is narrower than a target group: {share:percent} of the prospects are look-alikes, below the {limit:percent} from which it would choose nobody."),
        unclear=_("The profile is too broad, a target group rather than a profile: {share:percent} of the prospects are look-alikes, and from {limit:percent} on it chooses nobody."),
        none=_("Whether a profile would be too broad cannot be asked where nothing tells ideal customers from others."),
        too_few=_("Whether a profile would be too broad cannot be asked of so few ideal customers."),
        not_supplied=_("Whether a profile would be too broad cannot be asked without prospects."),
    ),
}

FIGURES = {
    "lost_to": Figure(
        caption=_("To whom decided deals were lost, with 95% intervals: {first:text} is named most often, with {highest:percent}"),
        alt=_("Bars with intervals, one a competitor of {rivals:count}, sorted by share of decided deals. The longest is {first:text} at {highest:percent}, the shortest shown is at {lowest:percent}."),
    ),
    "won_against": Figure(
        caption=_("Deals won, of those won or lost to each competitor, by {column:name}, with 95% intervals; hollow marks are drawn towards the whole market (dashed)"),
        alt=_("{rivals:count} {rivals:panel|panels}, one a competitor, each with dots and intervals for {levels:count} {levels:level|levels} of {column:name}, and a hollow mark for the drawn rate. {unmet:count} {unmet:pair has|pairs have} no known encounter and no dot."),
    ),
    "lost_reasons": Figure(
        caption=_("Why deals were lost, as a share of {coded:people} lost deals with a reason; without a reason: {uncoded:people} of {lost:count}"),
        alt=_("Bars with intervals, one for each of {reasons:count} {reasons:reason|reasons}, sorted. The longest is {first:text} at {highest:percent}, the shortest is at {lowest:percent}."),
    ),
    "penetration": Figure(
        caption=_("Our customers as a share of all accounts, by {column:name}, with 95% intervals; accounts counted on {as_of:date}"),
        alt=_("Dots with intervals at {levels:count} {levels:level|levels} of {column:name}. The shares go from {lowest:percent} to {highest:percent}; the dashed line at {overall:percent} is the whole market."),
    ),
    "scores": Figure(
        caption=_("How much the prospects look like our ideal customers: {alike:people} of {prospects:count} {alike:lies|lie} at or above the line; bars are rounded, so that none tells of a few"),
        alt=_("Histogram of the scores of {prospects:count} prospects. The line at {threshold:percent} is the ideal customer in the middle; {alike:people} {alike:prospect lies|prospects lie} at it or above it. Of all customers {base_rate:percent} are ideal."),
    ),
}

TABLES = {
    "rivals": Table(
        caption=_("Deals won, of those won or lost to each competitor, in the whole market; the best case for us"),
        columns={"competitor": (_("Competitor"), "text"), "rate": (_("Won"), "percent"), "low": (_("From"), "percent"),
                 "high": (_("To"), "percent"), "lost": (_("Lost to it"), "count"), "n": (_("Deals"), "count")},
    ),
    "theirs": Table(
        caption=_("Where competitors have been noted, by {column:name}, beside our customers; each note with its source and date"),
        columns={"level": (_("Part of the market"), "text"), "notes": (_("Notes"), "count"), "source": (_("Source"), "text"),
                 "as_of": (_("Newest note"), "date"), "customers": (_("Our customers"), "count"), "our_share": (_("Share of our customers"), "percent")},
    ),
    "why": Table(
        caption=_("Why customers choose competitors, as it was told"),
        columns={"competitor": (_("Competitor"), "text"), "why_chosen": (_("Chosen because"), "text"), "notes": (_("Notes"), "count"),
                 "source": (_("Source"), "text"), "as_of": (_("Newest note"), "date")},
    ),
    "room": Table(
        caption=_("Our share of the market by {column:name}, the lowest first; accounts counted on {as_of:date}"),
        columns={"level": (_("Part of the market"), "text"), "customers": (_("Our customers"), "count"), "accounts": (_("Accounts"), "count"),
                 "share": (_("Our share"), "percent"), "low": (_("From"), "percent"), "high": (_("To"), "percent")},
    ),
}

LIMITS = [
    _("A won deal names no competitor, so each rate against one is a best case; a reason is the seller's word for it."),
    _("Notes on competitors show where they were seen, not how many customers they have; the share of the market is only as good as the count of accounts."),
    _("Look-alikes resemble past ideal customers: that is association, not cause."),
]
