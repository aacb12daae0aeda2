import StepKit
import Values

/// The control paths and the members of what they are sent, for people.
enum ControlGuide {
  static let json = JSON.object([
    "apis": [
      "chargebee": "/chargebee/api/v2, Basic authentication with the API key as the name",
      "togai": "/togai, Bearer authentication with the secret key",
      "zohobooks": "/zohobooks/books/v3, access tokens from /zohobooks/oauth/v2/token",
    ],
    "notation": "members that must be there; those that may be left out: what happens",
    "control": .object(
      Dictionary(
        uniqueKeysWithValues: paths.map { ($0.key, JSON.string($0.value)) })),
  ])

  private static let paths: KeyValuePairs = [
    "GET /sandbox/state": "everything that the apps hold",
    "GET /sandbox/requests": "the last thousand requests and what came of them",
    "GET /sandbox/deliveries": "the tries to deliver webhooks, and their outcomes",
    "POST /sandbox/clock": "; now (ISO 8601), advance (seconds), speed (0 stands still)",
    "POST /sandbox/misbehaviour": """
    app, kind (limit, fail, page, drop, do-and-drop, do-and-fail, slow, garbage, wrong-json); \
    method, path, times, status, seconds, retryAfter
    """,
    "DELETE /sandbox/misbehaviour": "calls off what was ordered",
    "POST /sandbox/webhooks/{app}": "url; username, password, copies, shuffle (a seed), timeout",
    "DELETE /sandbox/webhooks/{app}": "sends no more",
    "POST /sandbox/webhooks/{app}/hold": "keeps webhooks back",
    "POST /sandbox/webhooks/{app}/release": "sends what was kept back",
    "POST /sandbox/chargebee/customers": "as in the API, nested: a customer made at the console",
    "POST /sandbox/chargebee/item_prices": """
    id; name, item_type (plan, addon, charge), price, currency_code, pricing_model, period, \
    period_unit, is_taxable, status, metadata
    """,
    "POST /sandbox/chargebee/payments": """
    customer, items (item_price, quantity); subscription, unpaid: pays for a term of a plan
    """,
    "POST /sandbox/chargebee/credits": "customer, amount (minor units);: promotional credits",
    "POST /sandbox/chargebee/events": "event_type, content: an event of any kind",
    "POST /sandbox/chargebee/events/{id}/resend": "sends its webhook once more",
    "POST /sandbox/chargebee/settings": """
    ; taxRate, storesErrors, reportsRecordedPayments, leavesOut, pagesLineItems, eventVersion, \
    customFields, currencies, callsPerMinute
    """,
    "POST /sandbox/togai/price_plans": """
    ; id, name, type (BILLING, PURCHASE), status, price, currencies, features (id, name, credits)
    """,
    "POST /sandbox/togai/invoices": """
    account, revenueInfo or totalAmount; id, pricePlanId, startDate, endDate, invoiceClass, \
    invoiceType, usageInfo, netTermDays: an invoice that still runs
    """,
    "POST /sandbox/togai/invoices/{id}/generate": "ends its grace period: DRAFT becomes DUE",
    "POST /sandbox/zohobooks/codes": "a code of the self client, good once and for three minutes",
    "DELETE /sandbox/zohobooks/tokens": "no access token is good any more",
    "POST /sandbox/zohobooks/contacts": "as in the API: a contact that a person adds",
    "POST /sandbox/zohobooks/settings": """
    ; tokenLife, codeLife (seconds), tokensInTenMinutes, callsPerMinute, hidesErrors (status 200), \
    currencies
    """,
  ]
}
