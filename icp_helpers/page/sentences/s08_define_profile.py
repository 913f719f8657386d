"""What 08_define_profile can say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "verdict": Sentence(
        found=_("{profiles:count} ideal customer {profiles:profile|profiles} can be shown among {customers:count} customers ({ideal:count} ideal, {base_rate:percent}). {tried:count} single criteria were tried; every share below is of customers whom the search had not seen."),
        none=_("No ideal customer profile can be shown: {tried:count} single criteria were tried on {customers:count} customers ({ideal:count} ideal), and the best that came out is no better than what shuffled outcomes give, or does not hold on unseen customers."),
        too_few=_("Too few customers to show a profile ({ideal:count} ideal of {customers:count}; {fewest:count} ideal ones, and as many others, would do). What follows are hypotheses, and what it would take to test them."),
        not_supplied=_("There are no customers yet. The profile is a hypothesis: whom we believe in, how many there are, and the test that would tell."),
    ),
    "profile": Sentence(
        up=_("{criteria:criteria}: {share:percent} are ideal ({hits:count} of {n:count}), against {rest:percent} of the others: {lift:times} the average ({low:times} to {high:times}), {strength:text} above it."),
        down=_("{criteria:criteria}: {share:percent} are ideal ({hits:count} of {n:count}), against {rest:percent} of the others: below the average on unseen customers ({low:times} to {high:times})."),
        unclear=_("{criteria:criteria}: {share:percent} are ideal ({hits:count} of {n:count}), against {rest:percent} of the others: no evidence on unseen customers ({low:times} to {high:times})."),
        too_few=_("{criteria:criteria}: too few unseen members to say (n = {n:count}; {needed:count} would do)."),
    ),
    "possible": Sentence(
        found=_("Possible: {criteria:criteria}. Ideal are {hits:count} of {customers:count}, against {rest:percent} of the others; about {needed:count} customers would show it, if it is as it looks."),
        unclear=_("Unclear: {criteria:criteria}. {hits:count} of {customers:count} are ideal, which chance gives easily."),
        none=_("No single criterion stands out, not even as a hypothesis."),
    ),
    "placebo": Sentence(
        found=_("In one shuffled copy of the outcome the best profile shows {seen:percent} ideal customers where it was made, and {unseen:percent} on unseen ones; the average is {base:percent}. On {copies:count} shuffled copies the whole search claimed a profile {claimed:count} {claimed:time|times}."),
        none=_("In one shuffled copy of the outcome the search saw nothing that it could show. On {copies:count} shuffled copies it claimed a profile {claimed:count} {claimed:time|times}."),
        too_few=_("Too few customers to try the search on shuffled outcomes."),
    ),
    "explained": Sentence(
        found=_("Explained, not proven: {criteria:criteria}. Who meets it had been contacted more, or less, than the rest before the first purchase, and among those contacted as often the difference is gone or halved."),
        none=_("How often customers were contacted before the first purchase explains no criterion."),
        not_supplied=_("How often customers were contacted before the first purchase is not supplied; it would tell whether a criterion is only where we have worked more."),
    ),
    "passport": Sentence(
        found=_("{agree:count} of {criteria:count} criteria {agree:is|are} also seen by another method (regression, or rules to success). The steadiest returns in {returns:percent} of the bootstrap samples, the least steady in {least:percent}."),
        none=_("There is no criterion to examine."),
    ),
    "witness": Sentence(
        found=_("{source:text}: they agree with {agree:count} of {criteria:count} criteria and contradict none, each judged against chance on at least {n:count} customers or leads on either side."),
        unclear=_("{source:text}: they contradict {disagree:count} of {criteria:count} criteria and agree with {agree:count}, each judged against chance on at least {n:count} customers or leads on either side."),
        none=_("{source:text}: they cannot say whether any of {criteria:count} criteria holds; too few customers are heard, or the difference is within chance."),
        not_supplied=_("{source:text}: not supplied. They would be one more witness for or against each criterion."),
    ),
    "independent": Sentence(
        found=_("Survey answers are part of what makes a customer ideal here: where they agree with a criterion they are no independent witness."),
        none=_("Survey answers have no part in what makes a customer ideal here: they are an independent witness."),
        not_supplied=_("No survey answers are supplied that could bear a profile out."),
    ),
    "audit": Sentence(
        found=_("Audited on this market's own data (to {as_of:date}, seed {seed:text}): {found:count} of {planted:count} planted profiles {found:was|were} found ({found_low:percent} to {found_high:percent}), and on {claimed:count} of {shuffled:count} shuffled copies one was claimed wrongly ({claimed_low:percent} to {claimed_high:percent})."),
        unclear=_("The audit is of an earlier version of the data (to {as_of:date}, seed {seed:text}): {found:count} of {planted:count} planted profiles {found:was|were} found ({found_low:percent} to {found_high:percent}), and on {claimed:count} of {shuffled:count} shuffled copies one was claimed wrongly ({claimed_low:percent} to {claimed_high:percent}). Run icp audit {market:text} again."),
        too_few=_("Audited (to {as_of:date}): {ideal:count} ideal customers of {customers:count} are too few for the search to claim anything."),
        not_supplied=_("Not audited yet: icp audit {market:text} plants profiles in this market's own data, shuffles it, and counts what is found and what is claimed wrongly."),
    ),
    "overturned": Sentence(
        info=_("What would overturn {profile:text}: {overturned:count} ideal {overturned:customer|customers} or fewer among the next {next:count} who meet it. Its members came back with an overlap of {stability:percent} when customers were drawn anew."),
    ),
    "marks": Sentence(
        found=_("{marks:count} further {marks:trait describes|traits describe} the members, though {marks:it was|they were} not needed to find them; the strongest: {criteria:criteria} ({inside:percent} of the members, {outside:percent} of the others)."),
        none=_("No further trait sets the members apart."),
    ),
    "segment": Sentence(
        found=_("Members of the first profile gather in the group {segment:text}: {inside:percent} of them, against {outside:percent} of the others."),
        none=_("The groups of the customers add nothing here: there is one group, or no profile."),
    ),
    "in_time": Sentence(
        up=_("{profile:text}, found among older customers alone, holds on the newest (from {since:date}): {share:percent} ideal ({hits:count} of {n:count}), {lift:times} the average ({low:times} to {high:times})."),
        down=_("{profile:text}, found among older customers alone, fails on the newest (from {since:date}): {share:percent} ideal ({hits:count} of {n:count}), below the average ({low:times} to {high:times})."),
        unclear=_("{profile:text}, found among older customers alone: no evidence on the newest (from {since:date}), {share:percent} ideal ({hits:count} of {n:count}; {low:times} to {high:times} the average)."),
        too_few=_("{profile:text}: too few of the newest customers meet what the older ones show to say whether it holds in time (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("There is no split in time: no profile, no dates, or so many customers that a random hold-out took its place."),
    ),
    "negative": Sentence(
        up=_("{criteria:criteria}: {share:percent} are ideal ({hits:count} of {n:count}), above the average after all ({low:times} to {high:times})."),
        down=_("Not to chase: {criteria:criteria}. {share:percent} are ideal ({hits:count} of {n:count}), against {rest:percent} of the others: {lift:times} the average ({low:times} to {high:times})."),
        few=_("Not to chase: {criteria:criteria}. {hits:count} of {n:count} are ideal, clearly fewer than among the others."),
        unclear=_("{criteria:criteria}: {share:percent} are ideal ({hits:count} of {n:count}), no evidence that they are worse ({low:times} to {high:times})."),
        too_few=_("{criteria:criteria}: too few unseen customers to say (n = {n:count}; {needed:count} would do)."),
        none=_("No group can be shown that is not worth chasing, beyond not being in a profile."),
    ),
    "yardstick": Sentence(
        found=_("The profiles hold {part:percent} of what a flexible model finds: {rule:percent} ideal among {n:count} unseen customers, where gradient boosting has {boosting:percent} among its first {n:count}."),
        unclear=_("The profiles hold only {part:percent} of what a flexible model finds ({rule:percent} against {boosting:percent} among {n:count} unseen customers): fit is a matter of degree here, and the point card below says it better."),
        none=_("There is no profile to hold against a flexible model."),
    ),
    "card": Sentence(
        up=_("With {enough:count} {enough:point|points} or more, {share:percent} are ideal ({hits:count} of {n:count} unseen customers): {lift:times} the average ({low:times} to {high:times})."),
        down=_("The point card does not help: with {enough:count} {enough:point|points} or more, {share:percent} are ideal ({hits:count} of {n:count}), below the average."),
        unclear=_("The point card shows nothing: with {enough:count} {enough:point|points} or more, {share:percent} are ideal ({hits:count} of {n:count}; {low:times} to {high:times} the average)."),
        too_few=_("Too few unseen customers reach {enough:count} {enough:point|points} to say (n = {n:count}; {needed:count} would do)."),
        none=_("No point card can be made of these customers."),
    ),
    "duel": Sentence(
        found=_("{supported:count} of {beliefs:count} beliefs {supported:is|are} supported by the customers, {refuted:count} refuted; {open:count} cannot be decided with this data."),
        too_few=_("{beliefs:count} {beliefs:belief waits|beliefs wait} for data: too few customers to judge any of them."),
        not_supplied=_("No department has said what it believes (the table beliefs): it would show where sales, marketing and service differ, and who is right."),
    ),
    "breadth": Sentence(
        found=_("The profiles cover {share:percent} of the customers: enough to live from, and few enough to choose."),
        unclear=_("The profiles cover {share:percent} of the customers: too broad to guide a choice."),
        too_few=_("The profiles cover {share:percent} of the customers: too narrow to live from."),
        none=_("Without a profile there is no breadth to judge."),
    ),
    "market_size": Sentence(
        found=_("{accounts:count} of {total:count} accounts in the market ({share:percent}) {accounts:meets|meet} what can be counted there: {measured:names}. Counted, not estimated."),
        none=_("The market table has none of the columns that the profile asks for: its size cannot be counted."),
        not_supplied=_("The table of the whole market is not supplied: it would say how many such accounts there are."),
    ),
    "plan": Sentence(
        info=_("To show that the profile doubles an assumed conversion of {conversion:percent}, {needed:count} leads are needed in each of two groups (with a power of {power:percent}); the assumed conversions are ours to replace by the market's own."),
    ),
}

FIGURES = {
    "real_placebo": Figure(
        caption=_("Ideal customers among members, with 95% intervals; the line is the average of all customers ({base:percent})"),
        alt=_("Dots with intervals for {profiles:count} {profiles:profile|profiles}, and for a placebo that was made of shuffled outcomes. The profiles lie between {lowest:percent} and {highest:percent}; the placebo at {seen:percent} where it was made and {unseen:percent} on unseen customers; the line of the average at {base:percent}."),
    ),
    "inside_outside": Figure(
        caption=_("Unseen customers: the share of ideal ones inside each profile and outside it, with 95% intervals"),
        alt=_("Pairs of dots with intervals for {profiles:count} {profiles:profile|profiles}: inside from {lowest:percent} to {highest:percent}, outside about {rest:percent}."),
    ),
}

TABLES = {
    "profile_table": Table(
        caption=_("The profiles; shares and lifts are of unseen customers"),
        columns={"profile": (_("Profile"), "text"), "criteria": (_("Criteria, all of which must hold"), "criteria"),
                 "customers": (_("Customers"), "count"), "share": (_("Ideal"), "percent"), "rest": (_("Ideal among others"), "percent"),
                 "lift": (_("Times the average"), "times")},
    ),
    "possible_table": Table(
        caption=_("Hypotheses, chosen on the same few customers that they are counted on"),
        columns={"criteria": (_("Criterion"), "criteria"), "word": (_("Judgement"), "text"), "customers": (_("Customers"), "count"),
                 "hits": (_("Ideal"), "count"), "rest": (_("Ideal among others"), "percent"), "needed": (_("Customers it would take"), "count")},
    ),
    "passport_table": Table(
        caption=_("Each criterion by itself, on customers whom it was not made from"),
        columns={"profile": (_("Profile"), "text"), "criterion": (_("Criterion"), "criteria"), "customers": (_("Customers"), "count"),
                 "low": (_("Times the average, from"), "times"), "high": (_("to"), "times"), "returns": (_("Returns in samples"), "percent")},
    ),
    "witness_table": Table(
        caption=_("What sales, surveys and reviews say of each criterion"),
        columns={"profile": (_("Profile"), "text"), "criterion": (_("Criterion"), "criteria"),
                 "sales": (_("Sales"), "text"), "surveys": (_("Surveys"), "text"), "reviews": (_("Reviews"), "text")},
    ),
    "card_table": Table(
        caption=_("The point card: with {enough:count} {enough:point|points} or more a customer fits"),
        columns={"criteria": (_("Criterion"), "criteria"), "points": (_("Points"), "count")},
    ),
    "duel_table": Table(
        caption=_("What the departments believe, held against the customers"),
        columns={"department": (_("Department"), "text"), "belief": (_("Belief"), "criteria"), "customers": (_("Customers"), "count"),
                 "share": (_("Ideal"), "percent"), "other_share": (_("Ideal among others"), "percent"), "verdict": (_("Judgement"), "text")},
    ),
    "plan_table": Table(
        caption=_("Leads needed in each of two groups, by assumed conversion and by how much better the profile is"),
        columns={"conversion": (_("Assumed conversion of other leads"), "percent"), "lift_15": (_("1.5 times"), "count"),
                 "lift_20": (_("2 times"), "count"), "lift_30": (_("3 times"), "count")},
    ),
}

LIMITS = [
    _("Association, not cause: that such customers are ideal does not mean that they are so because of the criteria."),
    _("Past customers, not the market: those who were never sold to are not in the data."),
    _("A missing value does not meet a criterion."),
]

LABELS = [
    _("Share of ideal customers"), _("placebo, where it was made"), _("placebo, unseen"), _("all customers"), _("inside"), _("outside"),
    _("agree"), _("disagree"), _("cannot say"), _("too few"), _("not supplied"), _("Sales"), _("Surveys"), _("Reviews"),
    _("possible"), _("unclear"), _("supported"), _("refuted"), _("unmeasurable"),
]
