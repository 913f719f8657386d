"""Exports as the usual programs write them, made by code: their whole header rows, and customers, deals and orders in them.

What a column holds is told by its name; a column that nothing here speaks of is filled as such columns are, or stays empty.
"""

import csv
import datetime as dt
import hashlib
import io

FIRMS = 40
INDUSTRIES, COUNTRIES, CITIES = ("Construction", "Retail", "Manufacturing"), ("Denmark", "Sweden"), ("Aarhus", "Odense", "Malmö")
BOUGHT = [number for number in range(FIRMS) if number % 4]  # the others were never won

HUBSPOT_COMPANIES = """Record ID|Company name|Company owner|Create Date|Phone Number|Last Activity Date|City|Country/Region|Industry|Lifecycle Stage|Lead Status
Number of Employees|Annual Revenue|Website URL|Company Domain Name|State/Region|Postal Code|Year Founded|Original Traffic Source|Number of Associated Contacts
Number of Associated Deals|Recent Deal Amount|Recent Deal Close Date|Total Revenue|Number of times contacted|Number of Sessions|Is Public|LinkedIn Company Page
Time Zone|Description|Type|Target Account|Ideal Customer Profile Tier|Days to Close|First Deal Created Date|Close Date|Associated Contact|Associated Contact IDs
Associated Deal|Associated Deal IDs"""
HUBSPOT_DEALS = """Record ID|Deal Name|Deal Stage|Close Date|Deal owner|Amount|Pipeline|Create Date|Deal Type|Priority|Forecast category|Deal probability|Weighted amount
Amount in company currency|Currency|Is Closed Won|Is closed lost|Closed Won Reason|Closed Lost Reason|Days to close|Original Traffic Source
Number of Associated Contacts|Last Activity Date|Next Activity Date|Associated Company|Associated Company IDs|Associated Contact|Associated Contact IDs"""
HUBSPOT_CONTACTS = """Record ID|First Name|Last Name|Email|Phone Number|Contact owner|Last Activity Date|Lead Status|Marketing contact status|Create Date|Lifecycle Stage
Original Traffic Source|Became a Lead Date|Became a Marketing Qualified Lead Date|Became a Sales Qualified Lead Date|Became a Customer Date|Job Title|Company Name
Buying Role|City|Country/Region|Number of Pageviews|Number of Sessions|Unsubscribed from all email|Associated Company|Associated Company IDs|Associated Deal
Associated Deal IDs"""
SALESFORCE_ACCOUNTS = """Account Owner|Account Name|Account ID|Type|Rating|Industry|Employees|Annual Revenue|Ownership|Account Source|Billing Street|Billing City
Billing State/Province|Billing Zip/Postal Code|Billing Country|Phone|Website|SIC Code|Created Date|Last Activity|Last Modified Date"""
SALESFORCE_DEALS = """Opportunity Owner|Account Name|Account ID|Opportunity Name|Opportunity ID|Stage|Fiscal Period|Amount Currency|Amount|Expected Revenue Currency
Expected Revenue|Probability (%)|Age|Close Date|Created Date|Next Step|Lead Source|Type|Loss Reason|Owner Role"""
SALESFORCE_LEADS = """Lead Owner|Lead ID|First Name|Last Name|Title|Company / Account|Email|Phone|Lead Source|Rating|Lead Status|Industry|Employees|Annual Revenue|Country
Create Date|Converted|Converted Date|Converted Account ID|Last Activity"""
LOADER_ACCOUNTS = """ID|ISDELETED|MASTERRECORDID|NAME|TYPE|PARENTID|BILLINGSTREET|BILLINGCITY|BILLINGSTATE|BILLINGPOSTALCODE|BILLINGCOUNTRY|BILLINGLATITUDE|PHONE|FAX
ACCOUNTNUMBER|WEBSITE|SIC|INDUSTRY|ANNUALREVENUE|NUMBEROFEMPLOYEES|OWNERSHIP|DESCRIPTION|RATING|OWNERID|CREATEDDATE|CREATEDBYID|LASTMODIFIEDDATE|LASTMODIFIEDBYID
SYSTEMMODSTAMP|LASTACTIVITYDATE|LASTVIEWEDDATE|YEARSTARTED|ACCOUNTSOURCE"""
LOADER_DEALS = """ID|ISDELETED|ACCOUNTID|ISPRIVATE|NAME|DESCRIPTION|STAGENAME|AMOUNT|PROBABILITY|EXPECTEDREVENUE|TOTALOPPORTUNITYQUANTITY|CLOSEDATE|TYPE|NEXTSTEP|LEADSOURCE
ISCLOSED|ISWON|FORECASTCATEGORY|CURRENCYISOCODE|CAMPAIGNID|OWNERID|CREATEDDATE|CREATEDBYID|LASTMODIFIEDDATE|SYSTEMMODSTAMP|FISCALQUARTER|FISCALYEAR"""
LOADER_LEADS = """ID|ISDELETED|LASTNAME|FIRSTNAME|SALUTATION|NAME|TITLE|COMPANY|STREET|CITY|STATE|POSTALCODE|COUNTRY|PHONE|EMAIL|WEBSITE|LEADSOURCE|STATUS|INDUSTRY|RATING
ANNUALREVENUE|NUMBEROFEMPLOYEES|OWNERID|HASOPTEDOUTOFEMAIL|ISCONVERTED|CONVERTEDDATE|CONVERTEDACCOUNTID|CONVERTEDOPPORTUNITYID|CREATEDDATE|LASTACTIVITYDATE"""
PIPEDRIVE_FIRMS = """Organization - Name|Organization - Label|Organization - Address|Organization - City/town/village/locality of Address|Organization - Country of Address
Organization - ZIP/Postal code of Address|Organization - People|Organization - Open deals|Organization - Won deals|Organization - Lost deals|Organization - Closed deals
Organization - Next activity date|Organization - Last activity date|Organization - Total activities|Organization - Done activities|Organization - Activities to do
Organization - Email messages count|Organization - Owner|Organization - ID|Organization - Organization created|Organization - Update time|Organization - Visible to
Organization - Industry|Organization - Number of employees|Organization - Annual revenue|Organization - Website|Organization - LinkedIn profile"""
PIPEDRIVE_DEALS = """Deal - ID|Deal - Title|Deal - Creator|Deal - Owner|Deal - Value|Deal - Currency of Value|Deal - Weighted value|Deal - Currency of Weighted value
Deal - Probability|Deal - Organization|Organization - ID|Deal - Pipeline|Deal - Contact person|Person - ID|Deal - Stage|Deal - Label|Deal - Status|Deal - Deal created
Deal - Update time|Deal - Last stage change|Deal - Next activity date|Deal - Last activity date|Deal - Won time|Deal - Lost time|Deal - Deal closed on
Deal - Lost reason|Deal - Visible to|Deal - Total activities|Deal - Done activities|Deal - Email messages count|Deal - Expected close date|Deal - Source channel"""
PIPEDRIVE_PEOPLE = """Person - ID|Person - Name|Person - Label|Person - Organization|Organization - ID|Person - Email - Work|Person - Phone - Work|Person - Open deals
Person - Won deals|Person - Lost deals|Person - Closed deals|Person - Next activity date|Person - Last activity date|Person - Owner|Person - Person created
Person - Marketing status"""
PIPEDRIVE_FIRMS_DA = """Organisation - Navn|Organisation - Etiket|Organisation - Adresse|Organisation - Land for Adresse|Organisation - Personer|Organisation - Åbne aftaler
Organisation - Vundne aftaler|Organisation - Tabte aftaler|Organisation - Lukkede aftaler|Organisation - Dato for næste aktivitet|Organisation - Dato for seneste aktivitet
Organisation - Aktiviteter i alt|Organisation - Ejer|Organisation - ID|Organisation - Organisation oprettet|Organisation - Branche|Organisation - Antal medarbejdere
Organisation - Årlig omsætning"""
PIPEDRIVE_DEALS_DA = """Aftale - ID|Aftale - Titel|Aftale - Ejer|Aftale - Værdi|Aftale - Valuta for Værdi|Aftale - Sandsynlighed|Aftale - Organisation|Organisation - ID
Aftale - Pipeline|Aftale - Kontaktperson|Aftale - Fase|Aftale - Status|Aftale - Aftale oprettet|Aftale - Vundet tidspunkt|Aftale - Tabt tidspunkt
Aftale - Tabsårsag|Aftale - Forventet lukkedato|Aftale - Kildekanal"""
SHOPIFY_ORDERS = """Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing|Currency|Subtotal|Shipping|Taxes|Total|Discount Code|Discount Amount
Shipping Method|Created at|Lineitem quantity|Lineitem name|Lineitem price|Lineitem compare at price|Lineitem sku|Lineitem requires shipping|Lineitem taxable
Lineitem fulfillment status|Billing Name|Billing Street|Billing Address1|Billing Address2|Billing Company|Billing City|Billing Zip|Billing Province|Billing Country
Billing Phone|Shipping Name|Shipping Street|Shipping Address1|Shipping Address2|Shipping Company|Shipping City|Shipping Zip|Shipping Province|Shipping Country
Shipping Phone|Notes|Note Attributes|Cancelled at|Payment Method|Payment Reference|Refunded Amount|Vendor|Outstanding Balance|Employee|Location|Device ID|Id|Tags
Risk Level|Source|Lineitem discount|Tax 1 Name|Tax 1 Value|Phone|Receipt Number|Duties|Billing Province Name|Shipping Province Name|Payment ID|Payment Terms Name
Next Payment Due At|Payment References"""
SHOPIFY_CUSTOMERS = """Customer ID|First Name|Last Name|Email|Accepts Email Marketing|Default Address Company|Default Address Address1|Default Address Address2
Default Address City|Default Address Province Code|Default Address Country Code|Default Address Zip|Default Address Phone|Phone|Accepts SMS Marketing|Total Spent
Total Orders|Note|Tax Exempt|Tags"""
WOO_ORDERS = """order_id|order_number|order_number_formatted|date|status|shipping_total|shipping_tax_total|fee_total|fee_tax_total|tax_total|cart_discount|order_discount
discount_total|order_total|refunded_total|order_currency|payment_method|shipping_method|customer_id|billing_first_name|billing_last_name|billing_full_name
billing_company|vat_number|billing_email|billing_phone|billing_address_1|billing_postcode|billing_city|billing_state|billing_country|shipping_city|shipping_country
customer_note|line_items|shipping_items|coupons|refunds|order_notes"""
WOO_ITEMS = WOO_ORDERS.replace("line_items|shipping_items", "item_id|item_product_id|item_name|item_sku|item_quantity|item_subtotal|item_total|item_refunded")
WOO_CUSTOMERS = """customer_id|first_name|last_name|user_login|email|date_registered|billing_first_name|billing_last_name|billing_company|billing_email|billing_phone
billing_address_1|billing_postcode|billing_city|billing_state|billing_country|total_spent|order_count"""
WOO_ADVANCED = """Order Number|Order Status|Order Date|Customer Note|First Name (Billing)|Last Name (Billing)|Company (Billing)|Address 1&2 (Billing)|City (Billing)
State Code (Billing)|Postcode (Billing)|Country Code (Billing)|Email (Billing)|Phone (Billing)|City (Shipping)|Payment Method Title|Cart Discount Amount
Order Subtotal Amount|Shipping Method Title|Order Shipping Amount|Order Refund Amount|Order Total Amount|Order Total Tax Amount|SKU|Item #|Item Name
Quantity (- Refund)|Item Cost|Coupon Code|Discount Amount|Discount Amount Tax"""


def exports() -> dict[str, dict[str, str]]:
    """Name of a program's set of files -> file name -> its text."""
    firms, deals = [_firm(number) for number in range(FIRMS)], [_deal(number) for number in range(2 * FIRMS)]
    people, orders = [_person(number) for number in range(FIRMS)], [_order(number) for number in range(2 * FIRMS)]
    american = {"day": "%m/%d/%Y", "moment": "%m/%d/%Y"}
    danish = {"day": "%d-%m-%Y", "moment": "%d-%m-%Y %H:%M"}
    items = [line for number, order in enumerate(orders) for line in _lines(number, order)]
    return {
        "hubspot": {"hubspot-crm-exports-all-companies.csv": text(HUBSPOT_COMPANIES, firms), "hubspot-crm-exports-all-deals.csv": text(HUBSPOT_DEALS, deals),
                    "hubspot-crm-exports-all-contacts.csv": text(HUBSPOT_CONTACTS, people)},
        "salesforce": {"report1.csv": text(SALESFORCE_ACCOUNTS, firms, **american) + '\n"Confidential Information - Do Not Distribute"\n',
                       "report2.csv": text(SALESFORCE_DEALS, deals, **american)},
        "salesforce-leads": {"report3.csv": text(SALESFORCE_LEADS, people, **american), "report1.csv": text(SALESFORCE_ACCOUNTS, firms, **american)},
        "salesforce-loader": {"Account.csv": text(LOADER_ACCOUNTS, firms, moment="%Y-%m-%dT%H:%M:%S.000Z"),
                              "Opportunity.csv": text(LOADER_DEALS, deals, moment="%Y-%m-%dT%H:%M:%S.000Z")},
        "salesforce-loader-leads": {"Lead.csv": text(LOADER_LEADS, people, moment="%Y-%m-%dT%H:%M:%S.000Z"),
                                    "Account.csv": text(LOADER_ACCOUNTS, firms, moment="%Y-%m-%dT%H:%M:%S.000Z")},
        "pipedrive": {"organizations-1234567-1.csv": text(PIPEDRIVE_FIRMS, firms), "deals-1234567-2.csv": text(PIPEDRIVE_DEALS, deals),
                      "people-1234567-3.csv": text(PIPEDRIVE_PEOPLE, people)},
        "pipedrive-da": {"organisationer-1.csv": text(PIPEDRIVE_FIRMS_DA, firms, sign=";", **danish),
                         "aftaler-1.csv": text(PIPEDRIVE_DEALS_DA, deals, sign=";", **danish)},
        "shopify": {"orders_export_1.csv": text(SHOPIFY_ORDERS, items, moment="%Y-%m-%d %H:%M:%S +0200"), "customers_export.csv": text(SHOPIFY_CUSTOMERS, people)},
        "shopify-orders": {"orders_export_1.csv": text(SHOPIFY_ORDERS, items, moment="%Y-%m-%d %H:%M:%S +0200")},
        "woocommerce": {"orders-export-2026.csv": text(WOO_ORDERS, orders), "customers-export-2026.csv": text(WOO_CUSTOMERS, people)},
        "woocommerce-items": {"orders-export-2026.csv": text(WOO_ITEMS, _woo_items(items))},
        "woocommerce-advanced": {"orders.csv": text(WOO_ADVANCED, _woo_items(items))},
    }


def text(header: str, rows: list[dict], *, sign: str = ",", day: str = "%Y-%m-%d", moment: str = "%Y-%m-%d %H:%M:%S") -> str:
    """The rows as csv under the header: each cell by its column's name, a date or time as the program writes it."""
    names = header.replace("\n", "|").split("|")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        cells = (row.get(_plain(name), "") for name in names)
        writer.writerow([cell.strftime(moment) if isinstance(cell, dt.datetime) else cell.strftime(day) if isinstance(cell, dt.date) else
                         str(cell).replace(".", ",") if sign == ";" and isinstance(cell, float) else cell for cell in cells])
    return out.getvalue()


def _plain(name: str) -> str:
    """A header without what programs put round it: small letters and signs, the object's name in front taken off."""
    low = name.lower()
    for front in ("organization - ", "organisation - ", "deal - ", "aftale - ", "person - ", "default address "):
        if low.startswith(front) and low not in ("organization - id", "organisation - id"):
            low = low.removeprefix(front)
    return "".join(letter for letter in low if letter.isalnum())


def _row(*pairs) -> dict:
    """Each value under all the names (plain) that programs have for it."""
    return {_plain(name): value for names, value in pairs for name in names.split("|")}


def _when(number: int, year: int = 2025) -> dt.datetime:
    return dt.datetime(year, 1, 1, 9, 30) + dt.timedelta(days=(number * 37) % 350, hours=number % 8)


def _firm(number: int) -> dict:
    won = number in BOUGHT
    return _row(("record id|id|account id|organization - id|organisation - id", 9001 + number), ("company name|account name|name|navn", f"Firma {number} ApS"),
                ("lifecycle stage", "Customer" if won else "Lead"), ("type", "Customer - Direct" if won else "Prospect"), ("lead status", "Open" if number % 2 else "New"),
                ("company owner|account owner|owner|ejer", f"Anna {'AB'[number % 2]}"), ("ownerid", f"005{number % 3}"), ("is deleted", "false"),
                ("create date|created date|createddate|organization created|organisation oprettet", _when(number, 2023)),
                ("last activity date|last activity|lastactivitydate|dato for seneste aktivitet", dt.date(2026, 5, number % 28 + 1)),
                ("last modified date|lastmodifieddate|systemmodstamp|update time", _when(number, 2025)),
                ("city|billing city|city/town/village/locality of address", CITIES[number % 3]),
                ("country/region|billing country|country of address|land for adresse", COUNTRIES[number % 2]),
                ("industry|branche", INDUSTRIES[number % 3]), ("number of employees|employees|numberofemployees|antal medarbejdere", 5 + 7 * (number % 11)),
                ("annual revenue|annualrevenue|årlig omsætning", 1_000_000 + 250_000 * (number % 9)), ("website url|website", f"https://firma{number}.example"),
                ("company domain name", f"firma{number}.example"), ("phone number|phone", f"+45 20 00 {number:02} 00"), ("postal code|billing zip/postal code|billingpostalcode", 8000 + number),
                ("year founded|yearstarted", 1980 + number % 30), ("original traffic source|account source|accountsource", ("Organic Search", "Direct Traffic")[number % 2]),
                ("number of associated contacts|people|personer", number % 4), ("number of associated deals", number % 3), ("total revenue|recent deal amount", 900.0 * won + number),
                ("number of times contacted|total activities|aktiviteter i alt|number of sessions|email messages count", number % 9), ("days to close", 20 + number),
                ("is public", "false"), ("target account", "true" if number % 5 == 0 else "false"), ("ideal customer profile tier|rating", f"Tier {number % 3 + 1}"),
                ("won deals|vundne aftaler", int(won)), ("lost deals|tabte aftaler", 1 - int(won)), ("open deals|åbne aftaler", 0), ("closed deals|lukkede aftaler", 1),
                ("label|etiket", "Hot" if number % 2 else "Cold"), ("ownership", "Private"), ("sic code|sic", 1500 + number % 7), ("visible to", "Entire company"))


def _deal(number: int) -> dict:
    firm, closed = number % FIRMS, _when(number)
    won, lost = firm in BOUGHT, firm not in BOUGHT
    stage = "Closed Won" if won else "Closed Lost"
    return _row(("record id|id|opportunity id|deal - id|aftale - id", 70001 + number), ("deal name|opportunity name|title|titel|name", f"Firma {firm} ApS {number}"),
                ("deal stage|stage|stagename|fase", stage), ("status", "Won" if won else "Lost"), ("is closed won|iswon", str(won).lower()), ("is closed lost", str(lost).lower()),
                ("isclosed", "true"), ("close date|closedate|deal closed on", closed.date()), ("won time|vundet tidspunkt", closed if won else ""),
                ("lost time|tabt tidspunkt", closed if lost else ""), ("create date|created date|createddate|deal created|aftale oprettet", closed - dt.timedelta(days=30)),
                ("amount|value|værdi|amount in company currency", 1000.5 + 100 * number), ("currency|amount currency|currencyisocode|currency of value|valuta for værdi", "DKK"),
                ("weighted amount|weighted value|expected revenue|expectedrevenue", 500.0), ("expected revenue currency|currency of weighted value", "DKK"),
                ("closed lost reason|lost reason|loss reason|tabsårsag", "" if won else ("Price", "No need")[number % 2]), ("pipeline", "Sales"), ("probability|probability (%)", 100 * won),
                ("associated company ids|account id|accountid|organization - id|organisation - id", 9001 + firm), ("associated company|account name|organization|organisation", f"Firma {firm} ApS"),
                ("original traffic source|lead source|leadsource|source channel|kildekanal", ("Web", "Phone", "Referral")[number % 3]),
                ("deal owner|opportunity owner|owner|ejer", f"Anna {'AB'[number % 2]}"), ("type|deal type", "New Business"))


def _person(number: int) -> dict:
    became = _when(number, 2024)
    return _row(("record id|lead id|id|person - id|customer id", 301 + number), ("first name|firstname", f"Bo{number}"), ("last name|lastname", "Holm"), ("name|person - name", f"Bo{number} Holm"),
                ("email|billing_email|email - work", f"bo{number}@example.com"), ("phone number|phone|phone - work", f"+45 30 00 {number:02} 00"), ("lifecycle stage", "Customer" if number in BOUGHT else "Lead"),
                ("create date|createddate|person created|date_registered", became), ("became a marketing qualified lead date", became + dt.timedelta(days=9)),
                ("became a customer date", became + dt.timedelta(days=40) if number in BOUGHT else ""), ("job title|title", ("CEO", "Buyer", "CFO")[number % 3]),
                ("buying role", ("Decision maker", "Champion", "")[number % 3]), ("company name|company / account|company|organization", f"Firma {number} ApS"),
                ("associated company ids|organization - id", 9001 + number), ("associated deal ids", 70001 + number), ("original traffic source|lead source|leadsource", ("Web", "Fair")[number % 2]),
                ("lead status|status", "Closed - Converted" if number in BOUGHT else "Open - Not Contacted"), ("converted|isconverted", "true" if number in BOUGHT else "false"),
                ("converted date|converteddate", (became + dt.timedelta(days=40)).date() if number in BOUGHT else ""),
                ("converted account id|convertedaccountid", 9001 + number if number in BOUGHT else ""), ("industry", INDUSTRIES[number % 3]), ("rating", "Hot" if number % 2 else "Cold"),
                ("employees|numberofemployees", 5 + 7 * (number % 11)), ("annual revenue|annualrevenue", 1_000_000 + 250_000 * (number % 9)), ("country|country/region", COUNTRIES[number % 2]),
                ("accepts email marketing|accepts sms marketing", "yes" if number % 2 else "no"), ("country code|billing_country", ("DK", "SE")[number % 2]),
                ("city|billing_city", CITIES[number % 3]), ("zip|billing_postcode", 8000 + number), ("total spent", 300.0 + number), ("total orders|order count", 2), ("tax exempt", "no"),
                ("tags", "vip" if number % 7 == 0 else ""), ("hasoptedoutofemail|unsubscribed from all email", "true" if number % 10 == 0 else "false"), ("is deleted", "false"),
                ("lead owner|contact owner|owner", f"Anna {'AB'[number % 2]}"), ("won deals", 1), ("number of pageviews|number of sessions", number))


def _order(number: int) -> dict:
    buyer, at = number % FIRMS, _when(number)
    email, country, city = f"bo{buyer}@example.com", ("DK", "SE")[buyer % 2], CITIES[buyer % 3]
    status = {0: "cancelled", 1: "refunded"}.get(number % 20, "completed")
    total, refunded = 250.5 + number, (250.5 + number if status == "refunded" else 25.0 if number % 20 == 2 else 0.0)
    return _row(("name", f"#{1001 + number}"), ("order_id|order_number|order number|order_number_formatted|id", 5001 + number), ("email|billing_email|email (billing)", email),
                ("financial status", {"cancelled": "voided", "refunded": "refunded"}.get(status, "paid")), ("status", status), ("order status", status.capitalize()),
                ("paid at|created at|date|order_date", at), ("currency|order_currency", "DKK"), ("subtotal|order subtotal amount", total - 50), ("shipping|shipping_total|order shipping amount", 50.0),
                ("taxes|tax_total|order total tax amount", 50.0), ("total|order_total|order total amount", total), ("refunded amount|refunded_total|order refund amount", refunded),
                ("fulfillment status", "fulfilled"), ("accepts marketing", "yes" if buyer % 2 else "no"), ("payment method|payment_method|payment method title", "Visa"), ("source", "web"),
                ("billing name|shipping name|billing_full_name", f"Bo{buyer} Holm"), ("billing_first_name|first name (billing)", f"Bo{buyer}"), ("billing_last_name|last name (billing)", "Holm"),
                ("billing street|billing address1|shipping street|billing_address_1|address 1&2 (billing)", f"Vej {buyer}"), ("billing zip|shipping zip|billing_postcode|postcode (billing)", 8000 + buyer),
                ("billing city|shipping city|billing_city|shipping_city|city (billing)|city (shipping)", city),
                ("billing country|shipping country|billing_country|shipping_country|country code (billing)", country), ("customer_id", 301 + buyer), ("tax 1 name", "DK VAT 25%"),
                ("line_items", "name:Mug|quantity:1"), ("shipping_method|shipping method|shipping method title", "GLS"), ("risk level", "Low"))


def _lines(number: int, order: dict) -> list[dict]:
    """A row a line item, as Shopify writes them: the order's own cells stand on the first of its rows alone."""
    half = round(float(order["subtotal"]) / 2, 2)
    first = order | _row(("lineitem name", "Mug"), ("lineitem quantity", 1), ("lineitem price", half), ("lineitem sku", "M1"), ("lineitem discount", 0.0))
    kept = {name: order[name] for name in ("name", "email", "createdat")}
    return [first, kept | _row(("lineitem name", "Cup"), ("lineitem quantity", 1), ("lineitem price", half), ("lineitem sku", "C1"), ("lineitem discount", 0.0))][: 1 + number % 2]


def _woo_items(items: list[dict]) -> list[dict]:
    """The same as WooCommerce writes them: the order's cells on every row."""
    made, order = [], {}
    for item in items:
        order = item if "total" in item else order
        line = item["lineitemname"], item["lineitemquantity"], item["lineitemprice"], item["lineitemsku"]
        made.append(order | _row(("item_name|item name", line[0]), ("item_quantity|quantity (- refund)", line[1]), ("item_total|item cost|item_subtotal", line[2]), ("item_sku|sku", line[3]),
                                 ("item_id", len(made) + 1), ("item #", 1)))
    return made


def customer_of(email: str) -> str:
    """The customer's id that `icp new` makes of an e-mail address."""
    return hashlib.md5(email.lower().encode(), usedforsecurity=False).hexdigest()
