"""The ten KPIs, said once: name, formula in words, what they need, unit, interval, and how many it takes.

`n` of a KPI is the number of independent observations its interval rests on (accounts or persons, leads, weeks aside),
so ten orders of one customer are one observation. Below `minimum` the status is `too_few`.
"""

from dataclasses import dataclass

from icp_helpers.analysis.kpis.rows import MINIMUM


@dataclass(frozen=True)
class Kpi:
    """One KPI. `needs`: table -> columns; where several tables serve, `or_needs` holds the other way.

    `formula` and `formula_da` say in words what is divided by what, `interval` and `interval_da` where its limits come from.
    `scale` is how its values are written: percent (a share 0-1), points (-100 to 100), money, days.
    `better` is the direction in which a firm wants it to go: up or down.
    """

    id: str
    name_en: str
    name_da: str
    formula: str
    needs: dict[str, tuple[str, ...]]
    or_needs: dict[str, tuple[str, ...]] | None
    unit: str
    scale: str
    counts: str
    interval: str
    better: str
    formula_da: str
    interval_da: str
    minimum: int = MINIMUM


_LIST = (
    Kpi("conversion_rate", "Conversion rate", "Konverteringsrate",
        "customers won / leads, of the leads old enough to have been won (at least as old as the time in which 90% of wins come)",
        {"leads": ("lead_id", "created_on", "won_on")}, None, "share", "percent", "leads", "Wilson", "up",
        "vundne kunder / leads, af de leads, der er gamle nok til at kunne være vundet (alder mindst den tid, hvori "
        "90 % af de vundne kommer)",
        "Wilson"),
    Kpi("nps", "Customer satisfaction (NPS)", "Kundetilfredshed (NPS)",
        "100 x (share answering 9-10 minus share answering 0-6), all valid answers in the denominator; "
        "a person's last answer, an account's mean",
        {"surveys": ("asked_on", "kind", "score")}, None, "points", "points", "respondents",
        "score interval with one promoter and one detractor added", "up",
        "100 x (andelen, der svarer 9-10, minus andelen, der svarer 0-6), med alle gyldige svar i nævneren; en "
        "persons seneste svar, en virksomheds gennemsnit",
        "scoreinterval med én tilhænger og én kritiker lagt til"),
    Kpi("churn", "Customer churn", "Kundeafgang (churn)",
        "customers lost in the quarter of those active when it began / customers active when it began; "
        "without contracts, lost is when the silence reaches the time in which 90% of repeat orders come",
        {"subscriptions": ("customer_id", "started_on", "ended_on")}, {"orders": ("customer_id", "ordered_at")},
        "share per quarter", "percent", "customers active when the quarter began", "Wilson", "down",
        "kunder mistet i kvartalet, af dem der var aktive, da det begyndte / kunder aktive, da det begyndte; uden "
        "kontrakter er en kunde mistet, når tavsheden når den tid, hvori 90 % af genkøbene kommer",
        "Wilson"),
    Kpi("aov", "Average order value (AOV)", "Gennemsnitlig ordrestørrelse (AOV)",
        "amount of the orders, their refunds taken off / orders not refunded in full",
        {"orders": ("order_id", "customer_id", "ordered_at", "amount")}, None, "{currency} per order", "money",
        "customers who ordered", "bootstrap-t by customer", "up",
        "ordrernes beløb, kreditnotaer trukket fra / ordrer, der ikke er krediteret helt",
        "bootstrap-t efter kunde"),
    Kpi("cx", "Customer experience (CX)", "Kundeoplevelse (CX)",
        "share of satisfaction answers in the two top boxes, an account's or a person's answers averaged first",
        {"surveys": ("asked_on", "kind", "score", "scale_max")}, None, "share", "percent", "respondents",
        "Wilson with the effective number of answers", "up",
        "andelen af tilfredshedssvar i de to øverste felter, efter gennemsnit af en virksomheds eller en persons svar",
        "Wilson med det effektive antal svar"),
    Kpi("time_to_value", "Time to value (TTV)", "Time-to-value (TTV)",
        "median days from start to the first value event, those who have not reached it yet counted as still waiting",
        {"usage": ("customer_id", "at", "event"), "customers": ("customer_id", "acquired_on")},
        {"usage": ("customer_id", "at", "event"), "subscriptions": ("customer_id", "started_on")},
        "days", "days", "customers who started", "Kaplan-Meier, log-log", "down",
        "median af dage fra start til den første værdihændelse; de, der ikke er nået dertil, tæller som stadig "
        "ventende",
        "Kaplan-Meier, log-log"),
    Kpi("cost_per_lead", "Cost per lead (CPL)", "Kostpris pr. lead (CPL)",
        "spend of whole months / new leads of the channels that the spend was for",
        {"spend": ("date", "channel", "amount"), "leads": ("lead_id", "created_on", "channel")}, None,
        "{currency} per lead", "money", "leads", "ratio bootstrap-t by week or month", "down",
        "forbrug i hele måneder / nye leads i de kanaler, forbruget gjaldt",
        "bootstrap-t af forholdet efter uge eller måned"),
    Kpi("ltv", "Lifetime value (LTV)", "Lifetime value (LTV)",
        "discounted margin of a new customer to a stated horizon: sum over months of margin x share still there; "
        "margin is amount x margin rate less what the customer's cases cost, where that is supplied",
        {"subscriptions": ("customer_id", "started_on", "ended_on", "monthly_amount")},
        {"orders": ("order_id", "customer_id", "ordered_at", "amount")},
        "{currency} per customer, {horizon} months", "money", "customers", "grouped jackknife by customer", "up",
        "diskonteret dækning af en ny kunde til en angivet horisont: sum over måneder af dækning x andelen, der "
        "stadig er der; dækning er beløb x dækningsgrad minus udgiften til kundens henvendelser, hvor den er oplyst",
        "grupperet jackknife efter kunde"),
    Kpi("lead_to_mql", "Lead-to-MQL rate", "Lead-to-MQL-konverteringsrate",
        "leads that became MQL / leads, of the leads old enough (at least as old as the time in which 90% of MQLs come)",
        {"leads": ("lead_id", "created_on", "mql_on")}, None, "share", "percent", "leads", "Wilson", "up",
        "leads, der blev MQL / leads, af de leads, der er gamle nok (alder mindst den tid, hvori 90 % af MQL'erne "
        "kommer)",
        "Wilson"),
    Kpi("mql_to_sql", "MQL-to-SQL rate", "MQL-to-SQL-konverteringsrate",
        "MQLs that became SQL / MQLs, of the MQLs old enough (at least as old as the time in which 90% of SQLs come)",
        {"leads": ("lead_id", "mql_on", "sql_on")}, None, "share", "percent", "MQLs", "Wilson", "up",
        "MQL'er, der blev SQL / MQL'er, af de MQL'er, der er gamle nok (alder mindst den tid, hvori 90 % af SQL'erne "
        "kommer)",
        "Wilson"),
)

KPIS: dict[str, Kpi] = {kpi.id: kpi for kpi in _LIST}

# What is behind a KPI, or beside it: id -> (KPI, scale, unit, name in English, name in Danish).
DETAILS = {
    "conversion_tempo": ("conversion_rate", "percent", "won per lead in the same months", "Tempo: won per new lead", "Tempo: vundne pr. nyt lead"),
    "mql_skipped": ("mql_to_sql", "percent", "share", "SQL without MQL", "SQL uden MQL"),
    "nps_of_those_who_left": ("nps", "points", "points", "NPS of customers who have left", "NPS blandt tidligere kunder"),
    "churn_revenue": ("churn", "percent", "share per quarter", "Revenue churn", "Omsætningsafgang"),
    "aov_median": ("aov", "money", "{currency} per order", "Median order", "Medianordre"),
    "aov_top_order": ("aov", "percent", "share", "Largest order, of all orders' amount", "Største ordre, andel af beløbet"),
    "cx_support": ("cx", "percent", "share", "Satisfied with support", "Tilfredse med support"),
    "cx_communication": ("cx", "percent", "share", "Satisfied with communication", "Tilfredse med kommunikation"),
    "cx_usability": ("cx", "percent", "share", "Satisfied with usability", "Tilfredse med brugervenlighed"),
    "cx_effort": ("cx", "percent", "share", "Found it easy (CES 5-7 of 7)", "Fandt det let (CES 5-7 af 7)"),
    "cx_first_response": ("cx", "number", "hours", "Median hours to first response", "Mediantimer til første svar"),
    "cx_resolution": ("cx", "number", "hours", "Median hours to solution", "Mediantimer til løsning"),
    "ttv_p90": ("time_to_value", "days", "days", "Days until nine in ten have reached value", "Dage til ni af ti har fået værdi"),
    "ttv_within_30": ("time_to_value", "percent", "share", "Reached value within 30 days", "Har fået værdi inden 30 dage"),
    "ttv_within_90": ("time_to_value", "percent", "share", "Reached value within 90 days", "Har fået værdi inden 90 dage"),
    "cost_per_mql": ("cost_per_lead", "money", "{currency} per MQL", "Cost per MQL", "Kostpris pr. MQL"),
    "cost_per_win": ("cost_per_lead", "money", "{currency} per customer won", "Cost per customer won", "Kostpris pr. vundet kunde"),
    "leads_without_spend": ("cost_per_lead", "percent", "share", "Leads from channels without spend", "Leads fra kanaler uden forbrug"),
    "ltv_to_date": ("ltv", "money", "{currency} per customer", "Margin earned per customer to date", "Optjent dækning pr. kunde til dato"),
    "ltv_cases": ("ltv", "money", "{currency} per customer", "Cost of a customer's cases to date", "Udgift til en kundes henvendelser til dato"),
    "ltv_referred": ("ltv", "money", "{currency} per customer", "Margin to date of those recommended, per customer",
                     "Optjent dækning på anbefalede kunder, pr. kunde"),
}
