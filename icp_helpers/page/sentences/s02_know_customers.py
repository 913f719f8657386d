"""What step 02 may say: who buys, when, how often, for how much, and whether they buy more than a year ago."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "book": Sentence(
        found=_("{buyers:people} of {customers:count} customers {buyers:has|have} ordered: {orders:count} {orders:order|orders}, {amount:money} net of {refunded:money} given back."),
        too_few=_("{buyers:people} of {customers:count} customers {buyers:has|have} ordered: {orders:count} {orders:order|orders}, {amount:money} net. With fewer than {needed:count} buyers what follows is a description, no more."),
        info=_("{buyers:people} of {customers:count} customers {buyers:has|have} ordered: {orders:count} {orders:order|orders}, {amount:money} net. What was given back was mostly one customer's, and is held back."),
        unclear=_("{buyers:people} of {customers:count} customers {buyers:has|have} ordered: {orders:count} {orders:order|orders}. What they come to is mostly one customer's, and is held back."),
        none=_("None of the {customers:count} customers has ordered yet."),
        not_supplied=_("Orders are not supplied; they would show who buys, when, how often and for how much."),
    ),
    "strangers": Sentence(
        found=_("{amount:money} in {orders:count} {orders:order|orders} is booked on ids that are not among the customers; it is left out below."),
        unclear=_("A few orders are booked on ids that are not among the customers; they are left out below, and what they come to is held back."),
        none=_("Every order belongs to a customer that is known."),
        not_supplied=_("Whether every order belongs to a known customer cannot be checked without orders."),
    ),
    "who": Sentence(
        found=_("{trait:name} {level:level}: {customer_share:percent} of the customers ({customers:count} of {n:count}; between {low:percent} and {high:percent}) and {amount_share:percent} of the money."),
        too_few=_("There {n:is|are} {n:count} {n:buyer|buyers}, too few to compare groups ({needed:count} would do)."),
        none=_("No trait divides the customers into groups that can be told apart."),
        not_supplied=_("Who buys cannot be shown without orders."),
    ),
    "when": Sentence(
        found=_("The strongest month is {month:text}: {index:times} an average month's orders (between {low:times} and {high:times}); the weakest is {weakest:text} with {weakest_index:times}."),
        unclear=_("No month differs clearly from the average: the strongest, {month:text}, lies between {low:times} and {high:times} an average month's orders."),
        too_few=_("There {n:is|are} {n:count} {n:order|orders} in full years, too few to speak of a season ({needed:count} would do)."),
        not_supplied=_("When they buy cannot be shown without a full year of orders."),
    ),
    "week": Sentence(
        found=_("{share:percent} of the orders ({orders:count} of {n:count}) are placed on the busiest day, {weekday:text}; {weekend:percent} at weekends."),
        too_few=_("There {n:is|are} {n:count} {n:order|orders}, too few to speak of days and hours ({needed:count} would do)."),
        not_supplied=_("On which days they buy cannot be shown without orders."),
    ),
    "again": Sentence(
        found=_("Half of the customers have ordered again after {median:days} (between {low:days} and {high:days}; n = {n:count}, {once:people} {once:has|have} not yet)."),
        unclear=_("Fewer than half of the customers order again within the time that is covered: {again:people} of {n:count} {again:has|have} so far."),
        too_few=_("There {n:is|are} {n:count} {n:buyer|buyers}, too few to say how soon they come back ({needed:count} would do)."),
        not_supplied=_("How often they buy cannot be shown without orders."),
    ),
    "concentration": Sentence(
        found=_("The best fifth of the customers bring {share:percent} of the money (between {low:percent} and {high:percent}; n = {n:count})."),
        unclear=_("How the money is spread is held back: most of what the best fifth bring is one customer's (n = {n:count})."),
        too_few=_("There {n:is|are} {n:count} {n:buyer|buyers}, too few to say how the money is spread ({needed:count} would do)."),
        not_supplied=_("How the money is spread cannot be shown without orders."),
    ),
    "fifths": Sentence(
        found=_("A customer of the best fifth orders {best:number} times on average, one of the last fifth {last:number} times (n = {n:count})."),
        too_few=_("There {n:is|are} {n:count} {n:buyer|buyers}, too few to divide into fifths ({needed:count} would do)."),
        not_supplied=_("Frequent and rare buyers cannot be told apart without orders."),
    ),
    "types": Sentence(
        found=_("The most frequent way to buy is {type:text}: {customers:count} of {n:count} customers ({share:percent}; between {low:percent} and {high:percent})."),
        none=_("No way to buy stands out: of the {n:count} customers none meets a rule, or what it looks at is not known."),
        too_few=_("There {n:is|are} {n:count} {n:buyer|buyers}, too few to tell ways to buy apart ({needed:count} would do)."),
        not_supplied=_("Ways to buy cannot be told apart without orders."),
    ),
    "prices": Sentence(
        up=_("{share:percent} of the orders were at a reduced price. Customers who began at one come back more often: {reduced:percent} within half a year, against {full:percent} ({low:points} to {high:points} more)."),
        down=_("{share:percent} of the orders were at a reduced price. Customers who began at one come back less often: {reduced:percent} within half a year, against {full:percent} ({low:points} to {high:points} of difference)."),
        unclear=_("{share:percent} of the orders were at a reduced price. No evidence that customers who began at one come back more or less often: {reduced:percent} within half a year, against {full:percent} ({low:points} to {high:points})."),
        too_few=_("{share:percent} of the orders were at a reduced price; too few customers began at one, or at the full price, to say who comes back (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("Discounts are not supplied; they would show who buys at a reduced price, and whether those customers come back."),
    ),
    "complexity": Sentence(
        up=_("Customers who bought a complex product need service more often: {inside:number} cases a year against {outside:number} ({ratio:number} times as much; {low:number} to {high:number})."),
        down=_("Customers who bought a complex product need service less often: {inside:number} cases a year against {outside:number} ({ratio:number} times as much; {low:number} to {high:number})."),
        unclear=_("No evidence that customers who bought a complex product need service more or less often: {inside:number} cases a year against {outside:number} ({low:number} to {high:number} times as much)."),
        too_few=_("Too few customers with or without a complex product to compare how often they need service (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("How complex the products are is not supplied; with products, order lines and service cases it would show whether the hard ones cost more help."),
    ),
    "trend": Sentence(
        up=_("Customers who were here through both of the latest two years bring {strength:text} more: {change:money} a customer a year (between {low:money} and {high:money}; {before:money} before; n = {n:count})."),
        down=_("Customers who were here through both of the latest two years bring {strength:text} less: {change:money} a customer a year (between {low:money} and {high:money}; {before:money} before; n = {n:count})."),
        unclear=_("Whether customers who were here through both of the latest two years bring more or less cannot be told: {change:money} a customer a year (between {low:money} and {high:money}; n = {n:count})."),
        info=_("{n:count} {n:customer was|customers were} here through both of the latest two years; most of the change in what they bring is one customer's, and is held back."),
        too_few=_("{n:count} {n:customer was|customers were} here through both of the latest two years, too few to say whether they buy more ({needed:count} would do)."),
        not_supplied=_("Whether they buy more than before cannot be shown without two years of orders."),
    ),
}

FIGURES = {
    "who_buys": Figure(
        caption=_("Share of the customers and of the money, by {trait:name}: where the two dots lie apart, a group brings more or less than its number."),
        alt=_("Two dots a level of {trait:name}, share of customers with its interval and share of money, for {levels:count} {levels:level|levels} sorted by money; the largest share of money is {largest:percent}."),
    ),
    "season": Figure(
        caption=_("Orders by month against an average month (full years: {years:count}), growth of the book taken out."),
        alt=_("Twelve dots with intervals, one a month, around a line at one; the lowest is {lowest:times}, the highest {highest:times}."),
    ),
    "week": Figure(
        caption=_("When orders are placed: weekday and hour, {n:count} orders."),
        alt=_("Heat map of weekdays by hours of the day; the darkest field is {weekday:text} at {hour:text}."),
    ),
    "again": Figure(
        caption=_("How long until the next order: customers who have ordered once count for as long as we have known them."),
        alt=_("A rising step curve with its band: the share of {n:count} customers who have ordered again, by days since the first order; it ends at {reached:percent}."),
    ),
    "lorenz": Figure(
        caption=_("How the money is spread: the curve would follow the dotted line if all {n:count} customers brought the same."),
        alt=_("Lorenz curve: cumulative share of the money against cumulative share of the customers from the smallest on, below the dotted diagonal; the best fifth bring {share:percent}."),
    ),
    "months": Figure(
        caption=_("Net money by month, from {first:month} to {last:month}; what has been given back is taken off the month of the refund."),
        alt=_("Line of net money by month, between {lowest:money} and {highest:money}, from {first:month} to {last:month}."),
    ),
}

TABLES = {
    "types": Table(
        caption=_("Ways to buy, one a customer (n = {n:count})."),
        columns={"type": (_("Way to buy"), "text"), "customers": (_("Customers"), "count"), "share": (_("Share"), "percent"),
                 "low": (_("At least"), "percent"), "high": (_("At most"), "percent"), "amount_share": (_("Share of the money"), "percent")},
    ),
    "fifths": Table(
        caption=_("Customers in fifths by what they bring, the best first (n = {n:count})."),
        columns={"group": (_("Fifth"), "count"), "customers": (_("Customers"), "count"), "orders": (_("Orders a customer, mean"), "number"),
                 "recency_days": (_("Days since the latest order, median"), "count"), "amount_share": (_("Share of the money"), "percent")},
    ),
}

LABELS = [_("bargain"), _("loyal"), _("impulse"), _("planned"), _("other")]

LIMITS = [
    _("These are past customers, not the market: whom we never reached is not among them."),
    _("That two things occur together does not say that one makes the other."),
]
