"""What 04_find_segments can say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "groups": Sentence(
        found=_("The customers fall into {k:count} groups: they explain {gap:percent} more of the differences between customers than one group with the same traits would show (n = {n:count})."),
        none=_("No groups can be shown: customers differ by degree, not by kind, as far as these traits tell (n = {n:count}). The most that any number of groups explained beyond one group is {gap:percent}; {needed:percent} is asked for, and that the groups come back."),
        too_few=_("Too few customers to look for groups (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("No trait can tell customers apart: every column is empty, constant or an identifier. Columns on industry, size, needs or interests would make groups visible."),
    ),
    "stability": Sentence(
        found=_("With {k:count} groups even the least stable one keeps {stability:percent} of its members when the customers are drawn again ({low:percent} to {high:percent} in the draws); {needed:percent} is asked for."),
        none=_("No number of groups passed both tests, so no stability is claimed."),
    ),
    "segment": Sentence(
        found=_("{segment:text}: {size:people} customers ({share:percent} of {n:count})."),
        none=_("No groups are shown, so there are none to describe."),
    ),
    "segment_ideal": Sentence(
        up=_("{segment:text}: ideal customers are more frequent than elsewhere, {rate:percent} ({hits:count} of {n:count}), {difference:points} above the rest ({low:points} to {high:points})."),
        down=_("{segment:text}: ideal customers are rarer than elsewhere, {rate:percent} ({hits:count} of {n:count}), {difference:points} from the rest ({low:points} to {high:points})."),
        unclear=_("{segment:text}: no evidence that ideal customers are more or less frequent than elsewhere, {rate:percent} ({hits:count} of {n:count}; difference {low:points} to {high:points})."),
        too_few=_("{segment:text}: too few customers to say how many are ideal (n = {n:count}; {needed:count} would do)."),
        none=_("No groups are shown, so there are none to compare."),
    ),
    "left": Sentence(
        found=_("{left:count} {left:column|columns} could not help to find groups; {used:count} could."),
        none=_("All {used:count} traits could help to find groups."),
        not_supplied=_("There is no trait to look at."),
    ),
    "sampled": Sentence(info=_("The groups were found on {sampled:count} of {n:count} customers; all others were put into the group that they fit best.")),
}

FIGURES = {
    "groups_gap": Figure(
        caption=_("How much more {traits:count} traits are explained by groups than if there were one group only (n = {n:count})"),
        alt=_("Line chart. Across: the number of groups, 2 to {most:count}. Up: the share explained beyond one group, at most {best:percent}, reached at {at:count} groups. A dashed line marks the {needed:percent} that is asked for."),
    ),
    "groups_stability": Figure(
        caption=_("The share of its members that the least stable group keeps, by number of groups"),
        alt=_("Bar chart. Across: the number of groups tested. Up: the share of members kept, from {worst:percent} to {best:percent}. A dashed line marks the {needed:percent} that is asked for."),
    ),
    "segment_profiles": Figure(
        caption=_("What sets each of the {k:count} groups apart: distance from all other customers in standard deviations"),
        alt=_("Heat map of {k:count} groups by the {traits:count} traits that differ most. The largest distance is {largest:number} standard deviations, for {trait:name} in the group {segment:text}."),
    ),
    "segment_ideal": Figure(
        caption=_("The share of ideal customers in each group, with 95% intervals; the line is all customers ({overall:percent})"),
        alt=_("Dots with intervals, one for each of {k:count} groups. The share of ideal customers goes from {lowest:percent} in {lowest_in:text} to {highest:percent} in {highest_in:text}; the line at {overall:percent} is all customers."),
    ),
}

TABLES = {
    "left_out": Table(
        caption=_("Columns that could not help to find groups ({n:count})"),
        columns={"column": (_("Column"), "name"), "why": (_("Why"), "text")},
    ),
}

LIMITS = [
    _("Groups describe the customers at hand, not the market, and they never define the ideal profile by themselves."),
    _("They are found from traits alone; the outcome was not looked at."),
]

LABELS = [_("Number of groups"), _("Explained beyond one group"), _("Members kept"), _("Share of ideal customers"),
          _("asked for"), _("all customers"), _("high"), _("low"), _("yes"), _("no"),
          _("empty"), _("constant"), _("identifier"), _("date")]
