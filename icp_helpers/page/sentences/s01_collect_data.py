"""What step 01 may say: purpose, sources, rows and money, how well customers are known, firms or people."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "collected": Sentence(
        info=_("{tables:count} {tables:table|tables} with {rows:count} {rows:row|rows}, as known on {as_of:date}."),
        none=_("No table holds a row that can be used."),
    ),
    "focus": Sentence(
        info=_("We focus on: {focus:text}. We want: {objective:text}."),
        not_supplied=_("The market file says nothing about the purpose; without one nobody can tell afterwards whether the profile helped."),
    ),
    "hypothesis": Sentence(
        info=_("How it is to raise sales, to be tested and not yet known: {hypothesis:text}."),
        not_supplied=_("The market file holds no hypothesis of how the profile is to raise sales, so there is nothing to test it against."),
    ),
    "expected": Sentence(
        info=_("The result that is expected first: {name:text} from {baseline:text} to {target:text} by {due:date}. Goals besides this one: {others:count}."),
        not_supplied=_("Goals are not supplied; they would say what result is expected of the profile, and by when."),
    ),
    "sources": Sentence(
        found=_("{supplied:count} of {possible:count} sources {supplied:is|are} supplied; the longest history is that of {longest:name}, from {first:date} to {last:date}."),
        info=_("{supplied:count} of {possible:count} sources {supplied:is|are} supplied; none of them has a history."),
        none=_("None of the {possible:count} sources is supplied."),
    ),
    "missing_sources": Sentence(
        not_supplied=_("Not supplied: {missing:names}. What they would have shown is said to be missing where it is, and never guessed."),
        none=_("No source is missing."),
    ),
    "rows": Sentence(
        found=_("{aside:count} of {rows:count} rows {aside:was|were} set aside, most often in the table {table:name} ({most:count} of them), because of this: {reason:text}."),
        none=_("Every one of the {rows:count} rows that came in is used."),
        too_few=_("No rows came in, so none were set aside."),
    ),
    "money": Sentence(
        found=_("Of the {money:money} in the orders, {used:money} is used and {aside:money} was set aside; the two add up."),
        none=_("All of the {money:money} in the orders is used."),
        unclear=_("The orders' file comes to {money:money}; the few of its rows that were set aside are counted above, and what they come to is held back."),
        info=_("What the orders come to is mostly one customer's, and is held back. What is used and what was set aside add up to it."),
        not_supplied=_("There are no orders, so there is no money to account for."),
    ),
    "coverage": Sentence(
        found=_("Of what is asked about customers, {share:percent} is known; least is known about {least:name} ({known:people} of {customers:count} customers)."),
        none=_("Everything that is asked about the {customers:count} customers is known."),
        too_few=_("There {customers:is|are} {customers:count} {customers:customer|customers} with traits, too few to speak of how much is known."),
        not_supplied=_("There are no customers with traits yet."),
    ),
    "traits": Sentence(
        found=_("{taken:count} {taken:column|columns} may describe a profile; {left:count} may not."),
        none=_("All {taken:count} columns may describe a profile."),
        not_supplied=_("No column describes the customers, so no profile can be drawn from them."),
    ),
    "words": Sentence(
        found=_("Numbers are joined by words: {texts:count} written answers, reviews and posts."),
        too_few=_("Written answers, reviews and posts: {texts:count}, too few to hear more than single voices."),
        not_supplied=_("There are no words of the customers' own, so what hurts them can only be guessed from what they do."),
    ),
    "feedback": Sentence(
        found=_("Remarks on the profile and the plan: {remarks:count}, of which {employees:count} from employees and {customers:count} from customers. Still without an answer: {waiting:count}, the oldest for {oldest:days}."),
        none=_("Remarks on the profile and the plan: {remarks:count}, of which {employees:count} from employees and {customers:count} from customers. All have been answered."),
        not_supplied=_("Feedback is not supplied; it would show what employees and customers say of the profile, and what still waits for an answer."),
    ),
    "cases": Sentence(
        found=_("Cases of others with a source and a date: {cases:count}. {about:count} of them {about:tells|tell} something about what we know of customers: {columns:names}. Left out for want of a source or a date: {dropped:count}."),
        none=_("Cases of others with a source and a date: {cases:count}. None of them tells something about what we know of customers. Left out for want of a source or a date: {dropped:count}."),
        not_supplied=_("Cases are not supplied; they would show what has worked for others, each with its source."),
    ),
    "few_or_many": Sentence(
        found=_("{kind:text}: {customers:count} {customers:customer|customers}, of whom about {ideal:count} {ideal:is|are} to be called ideal; enough to look for a profile that holds."),
        too_few=_("{kind:text}: {customers:count} {customers:customer|customers}, of whom about {ideal:count} {ideal:is|are} to be called ideal; with fewer than {needed:count} a profile is a hypothesis."),
        none=_("{kind:text}: no customers yet, so what follows is a hypothesis to be tested."),
    ),
    "cycle": Sentence(
        found=_("Half of the leads are decided within {median:days} (between {low:days} and {high:days}; n = {n:count}, {open:people} of them still open)."),
        unclear=_("Fewer than half of the {n:count} leads are decided, so the usual length of a sale cannot be told yet."),
        too_few=_("There {n:is|are} {n:count} {n:lead|leads}, too few to say how long a sale takes ({needed:count} would do)."),
        not_supplied=_("Leads are not supplied; they would show how long a sale takes and where it is lost."),
    ),
    "deciders": Sentence(
        found=_("A sale meets {roles:number} {roles:person|people} on average (n = {n:count} leads); the one who decides is most often: {role:text} ({decides:count} of {met:count})."),
        too_few=_("The people met are known for {n:count} {n:lead|leads}, too few to say who decides ({needed:count} would do)."),
        not_supplied=_("Contacts are not supplied; they would show who takes part in a decision, and who decides."),
    ),
}

FIGURES = {
    "source_timeline": Figure(
        caption=_("What each source covers, for the {shown:count} of {supplied:count} {supplied:source|sources} that have dates: from {first:date} to {last:date}. Later steps can only speak of time that is covered."),
        alt=_("Bars over time, one for each of {shown:count} sources with dates, sorted by their first day; the axis runs from {first:date} to {last:date}."),
    ),
    "trait_coverage": Figure(
        caption=_("The least known of what is asked about customers; a missing value never meets a criterion."),
        alt=_("Horizontal bars, the share of customers of whom a trait is known, for the {shown:count} least known traits, from {lowest:percent} upwards; the axis runs from 0 to 100 percent."),
    ),
    "sales_cycle": Figure(
        caption=_("How long until a lead is won or lost: leads that are still open count for as long as they have been open."),
        alt=_("A falling step curve with its band: the share of {n:count} leads still open, by days since they came in; a line marks one half."),
    ),
}

TABLES = {
    "rows_aside": Table(
        caption=_("Rows and values that were not taken as they came, by reason (reasons: {lines:count})."),
        columns={"table": (_("Table"), "name"), "check": (_("What was done, and why"), "text"), "rows": (_("Rows"), "count"), "share": (_("Share of the table"), "percent")},
    ),
    "columns_left": Table(
        caption=_("Columns that may not describe a profile."),
        columns={"column": (_("Column"), "name"), "why": (_("Why not"), "text")},
    ),
    "deciders": Table(
        caption=_("Who is met, and who decides, in {n:count} leads."),
        columns={"role": (_("Role"), "text"), "met": (_("Met"), "count"), "decides": (_("Decides"), "count"), "share": (_("Share that decides"), "percent"),
                 "low": (_("At least"), "percent"), "high": (_("At most"), "percent")},
    ),
}

LIMITS = [
    _("That a source is supplied does not make it right: what is checked is its form, and that rows and money add up."),
    _("What is known comes from past customers, not from the market."),
]
