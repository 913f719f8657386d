"""What 06_find_patterns can say."""

from icp_helpers.page.catalogue import Figure, Sentence, Table, _

SENTENCES = {
    "success": Sentence(
        up=_("{rule:criteria}: ideal customers are {lift:times} as frequent as among all ({low:times} to {high:times}), {rate:percent} ({hits:count} of {n:count} held out)."),
        unclear=_("{rule:criteria}: no evidence that ideal customers are more frequent ({low:times} to {high:times}, {hits:count} of {n:count} held out)."),
        down=_("{rule:criteria}: ideal customers are rarer than among all, {lift:times} ({low:times} to {high:times}; {hits:count} of {n:count} held out)."),
        too_few=_("{rule:criteria}: too few customers held out to say (n = {n:count}; {needed:count} would do)."),
        none=_("No rule is left to be measured."),
    ),
    "search": Sentence(
        found=_("{tried:count} rules were tried on {searched:count} customers; {beat_chance:count} that {beat_chance:adds|add} something beat the best of shuffled outcomes, and {kept:count} held on {held_out:count} customers that the search never saw."),
        none=_("No pattern of success can be shown: {tried:count} rules were tried on {searched:count} customers, {beat_chance:count} beat the best of shuffled outcomes, and none held on {held_out:count} customers that the search never saw."),
        too_few=_("Too few customers to search for patterns of success (n = {customers:count}, {ideal:count} of them ideal; 100 with 30 ideal and 30 others would do)."),
        not_supplied=_("There is nothing to search: no customers, or no trait that tells them apart."),
    ),
    "orders": Sentence(
        info=_("{total:count} {total:order|orders} with {items:count} {items:product|products}; {several:percent} hold more than one product."),
        found=_("{total:count} {total:order|orders} with {items:count} {items:product|products}, of which {sampled:count} orders were drawn for what follows; {several:percent} hold more than one product."),
        none=_("No order holds a product that can be used."),
        not_supplied=_("Order lines are not supplied; they would show which products are bought together."),
    ),
    "products": Sentence(
        found=_("Who buys {antecedent:text} also buys {consequent:text}: {lift:times} as often as all ({low:times} to {high:times}), in {rate:percent} of these orders ({both:count} of {n:count})."),
        none=_("No products are bought together more often than chance would have it ({tried:count} rules tried, each in {least:percent} of the orders at least)."),
        too_few=_("Too few orders to say which products go together (n = {n:count}; {needed:count} would do)."),
        not_supplied=_("Without order lines nothing can be said about products bought together."),
    ),
    "pairs": Sentence(
        found=_("{kept:count} of {tried:count} rules {kept:remains|remain} after correction for their number; the closest pair among the products shown is {one:text} with {other:text}, {lift:times} as often together as by chance."),
        none=_("After correction for {tried:count} rules none remains."),
        not_supplied=_("There are no product pairs to draw."),
    ),
}

FIGURES = {
    "success_rules": Figure(
        caption=_("How many times as frequent ideal customers are under each rule, on customers held out, with 95% intervals"),
        alt=_("Dots with intervals for {shown:count} {shown:rule|rules}; the line at one is the share among all. The highest is {highest:times}, the lowest {lowest:times}."),
    ),
    "basket_sizes": Figure(
        caption=_("Different products an order ({n:count} {n:order|orders})"),
        alt=_("Bar chart of the number of different products an order; {shown:count} {shown:bar|bars}, the last for the largest orders. The most frequent number is {mode:count}, in {mode_share:percent} of the orders."),
    ),
    "product_rules": Figure(
        caption=_("Rules among products: how many times as often bought together as by chance, with 95% intervals"),
        alt=_("Dots with intervals for {shown:count} {shown:rule|rules}; the line at one is chance. The highest is {highest:times}, the lowest {lowest:times}."),
    ),
    "product_heat": Figure(
        caption=_("How many times as often two products share an order as by chance, for {items:count} products: those of the strongest rules first"),
        alt=_("Heat map of {items:count} products by {items:count} products. The largest value is {largest:times}; one is chance."),
    ),
}

TABLES = {
    "search_table": Table(
        caption=_("How the search was narrowed down"),
        columns={"stage": (_("Stage"), "text"), "rules": (_("Rules"), "count"), "customers": (_("Customers"), "count")},
    ),
}

LIMITS = [
    _("Rules show what occurs together in the past; they do not say that one thing brings about the other."),
    _("Orders of the same customer are counted as if they were different customers'; a few busy customers can carry a rule about products."),
]

LABELS = [_("Times as frequent as among all"), _("Times as often as by chance"), _("Different products"), _("Share of orders"),
          _("tried"), _("beat shuffled outcomes"), _("held on customers not searched")]
