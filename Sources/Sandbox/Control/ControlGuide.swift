import Values

/// The paths of the control API and the members of their bodies, as `GET /sandbox` returns them.
enum ControlGuide {
  static let json = JSON.object([
    "apis": [
      "chargebee": "/chargebee/api/v2, Basic authentication with the API key as the user name",
      "togai": "/togai, Bearer authentication with the secret key",
      "zohobooks": "/zohobooks/books/v3, access tokens from /zohobooks/oauth/v2/token",
      "slack": "/slack/api with a bot token, and the webhook /slack/services/T000/B000/sandbox",
    ],
    "notation": "required members; optional members: effect",
    "control": .object(
      Dictionary(uniqueKeysWithValues: paths.map { ($0.key, JSON.string($0.value)) })),
  ])

  private static let paths: KeyValuePairs = [
    "GET /sandbox/state": "shows all stored objects",
    "GET /sandbox/requests": "shows the last 1000 requests and their outcomes",
    "GET /sandbox/deliveries": "shows the attempts to deliver webhooks and their outcomes",
    "POST /sandbox/clock": """
    ; now (ISO 8601), advance (seconds), speed (0 stops the clock): sets the clock
    """,
    "POST /sandbox/misbehaviour": """
    app, kind (\(Fault.kinds)); method, path, times, status, seconds, retryAfter: injects a fault \
    into the next calls
    """,
    "DELETE /sandbox/misbehaviour": "removes all injected faults",
    "POST /sandbox/webhooks/{app}": """
    url; username, password, copies, shuffle (a seed), timeout: sends webhooks to a URL
    """,
    "DELETE /sandbox/webhooks/{app}": "stops sending webhooks",
    "POST /sandbox/webhooks/{app}/hold": "holds webhooks back",
    "POST /sandbox/webhooks/{app}/release": "sends the webhooks held back",
    "POST /sandbox/chargebee/customers": """
    the members of the API, nested: adds a customer at the console
    """,
    "POST /sandbox/chargebee/item_prices": """
    id; name, item_type (plan, addon, charge), price, currency_code, pricing_model, period, \
    period_unit, is_taxable, status, metadata: adds or replaces an item price
    """,
    "POST /sandbox/chargebee/payments": """
    customer, items (item_price, quantity); subscription, unpaid: pays for a term of a plan
    """,
    "POST /sandbox/chargebee/subscriptions": """
    customer, items (item_price, quantity); subscription, trialDays, startsInDays: begins a subscription with a \
    trial, or in the future
    """,
    "POST /sandbox/chargebee/subscriptions/{id}/{deed}": """
    moves a subscription on: activate, cancel, cancel_at_term_end, keep, pause, resume, reactivate, delete
    """,
    "POST /sandbox/chargebee/subscriptions/{id}/items": """
    items (item_price, quantity);: replaces the items of a subscription without an invoice
    """,
    "POST /sandbox/chargebee/subscriptions/{id}/start": """
    startsInDays;: lets a subscription of the future begin at another time
    """,
    "POST /sandbox/chargebee/credits": """
    customer, amount (minor units);: grants promotional credits
    """,
    "POST /sandbox/chargebee/plan_changes": """
    subscription, items (item_price, quantity);: changes a subscription in the middle of its term, prorated
    """,
    "POST /sandbox/chargebee/adjustments": """
    invoice; amount (minor units): settles what is open of an invoice by a credit note
    """,
    "POST /sandbox/chargebee/payments/{id}/fail": "lets a payment that succeeded fail late",
    "POST /sandbox/chargebee/events": "event_type, content;: emits an event of any type",
    "POST /sandbox/chargebee/events/{id}/resend": "sends the webhook of an event again",
    "POST /sandbox/chargebee/settings": """
    ; taxRate, storesErrors, reportsRecordedPayments, leavesOut, pagesLineItems, eventVersion, \
    customFields, currencies, callsPerMinute, hasInclusivePrices, timeZone: changes the site's settings
    """,
    "POST /sandbox/togai/price_plans": """
    ; id, name, type (BILLING, PURCHASE), status, price, currencies, features (id, name, credits): \
    adds or replaces a price plan
    """,
    "POST /sandbox/togai/licenses": "id;: adds a license",
    "POST /sandbox/togai/usage": "account, feature; quantity: uses feature credits",
    "POST /sandbox/togai/invoices": """
    account, revenueInfo or totalAmount; id, pricePlanId, startDate, endDate, invoiceClass, \
    invoiceType, usageInfo, netTermDays: adds a DRAFT invoice
    """,
    "POST /sandbox/togai/invoices/{id}/generate": """
    ends the grace period of an invoice, whose status changes from DRAFT to DUE
    """,
    "POST /sandbox/togai/invoice_groups/{id}/consolidate": """
    merges the DUE invoices of a group's accounts into one COMPOSITE invoice, as each day's end does
    """,
    "POST /sandbox/zohobooks/codes": """
    makes a code of the self client, valid once and for three minutes
    """,
    "DELETE /sandbox/zohobooks/tokens": "revokes all access tokens",
    "POST /sandbox/zohobooks/contacts": "the members of the API: adds a contact by hand",
    "POST /sandbox/zohobooks/settings": """
    ; tokenLife, codeLife (seconds), tokensInTenMinutes, callsPerMinute, hidesErrors (status 200), \
    currencies: changes the organization's settings
    """,
    "POST /sandbox/slack/channels": """
    id; hasBot, isArchived: adds or changes a channel
    """,
    "DELETE /sandbox/slack/webhook": "removes the incoming webhook",
    "POST /sandbox/slack/settings": "; messagesPerSecond: changes the workspace's settings",
  ]
}
