import Foundation
import StepKit
import Testing
import Values

/// The requests in the fixtures have only members that the APIs document.
struct EffectTests {
  @Test(arguments: Fixture.all)
  func requestsHaveOnlyMembersThatTheAPIAccepts(fixture: Fixture) throws {
    let reply = try JSON(parsing: Data(contentsOf: fixture.reply))
    for effect in reply["effects"].array ?? [] where !effect["http"].isNull {
      let http = try HTTPEffect(json: effect["http"])
      let app = try #require(fixture.step.split(separator: "/").first).description
      let request = try #require(Request.named(http, in: app), "\(app) \(http.method) \(http.path)")
      #expect(unknown(http.query, request.query).isEmpty, "\(http.name)")
      #expect(unknown(http.body, request.body).isEmpty, "\(http.name)")
    }
  }

  @Test func requestTableIsComplete() throws {
    var made: Set<String> = []
    for fixture in Fixture.all {
      let reply = try JSON(parsing: Data(contentsOf: fixture.reply))
      let app = fixture.step.split(separator: "/")[0].description
      for effect in reply["effects"].array ?? [] where !effect["http"].isNull {
        let request = Request.named(try HTTPEffect(json: effect["http"]), in: app)
        made.insert("\(app) \(request?.method.rawValue ?? "") \(request?.path ?? "")")
      }
    }
    #expect(made == Set(Request.all.map { "\($0.app) \($0.method.rawValue) \($0.path)" }))
  }
}

/// A request of an API, with the paths of the members that its query and its body may have; an array is
/// transparent.
private struct Request {
  let app: String
  let method: HTTPEffect.Method
  /// The path, in which `*` stands for an id.
  let path: String
  let query: String
  let body: String

  init(
    _ app: String, _ method: HTTPEffect.Method, _ path: String, query: String = "",
    body: String = ""
  ) {
    self.app = app
    self.method = method
    self.path = path
    self.query = query
    self.body = body
  }

  static func named(_ http: HTTPEffect, in app: String) -> Request? {
    let segments = http.path.split(separator: "/")
    let requests = all.filter { $0.app == app && $0.method == http.method }
    return requests.first { matches($0.path.split(separator: "/"), segments) }
      // An id of Chargebee's may have slashes
      ?? requests.first { request in
        guard app == "chargebee", request.path.hasSuffix("/*") else { return false }
        return http.path.hasPrefix(request.path.dropLast(1))
      }
  }

  private static func matches(_ pattern: [Substring], _ segments: [Substring]) -> Bool {
    pattern.count == segments.count
      && zip(pattern, segments).allSatisfy { $0 == "*" || $0 == $1 }
  }
}

/// The members of a document that are not listed.
private func unknown(_ json: JSON, _ words: String) -> Set<String> {
  Set(members(json, "")).subtracting(words.split(separator: " ").map(String.init))
}

private func members(_ json: JSON, _ path: String) -> [String] {
  switch json {
  case .array(let items): return items.flatMap { members($0, path) }
  case .object(let object):
    // A person chooses the names of the features of a purchase.
    if path == "rateCardQuantities" { return [path] }
    return object.flatMap { members($1, path.isEmpty ? $0 : "\(path).\($0)") }
  default: return path.isEmpty ? [] : [path]
  }
}

extension Request {
  private static let address =
    "address.phoneNumber address.line1 address.line2 address.postalCode address.city"
    + " address.state address.country"
  private static let settings =
    "settings.id settings.value settings.namespace settings.name settings.dataType"
  private static let account = (address + " " + settings).split(separator: " ")
    .map { "account." + $0 }.joined(separator: " ")

  /// The requests according to the published API references.
  static let all: [Request] = [
    // The document of the flow and its envelope
    Request(
      "webhook", .post, "/",
      body: "type timestamp company currency ids.chargebee data.company data.currency"
        + " data.ids.chargebee"),
    Request("slack", .post, "/", body: "text"),
    Request("slack", .post, "/chat.postMessage", body: "channel text"),
    Request("chargebee", .get, "/events/*"),
    Request(
      "chargebee", .get, "/events",
      query: "limit offset sort_by.asc occurred_at.after event_type.in"),
    Request("chargebee", .get, "/transactions/*"),
    Request("chargebee", .get, "/customers/*"),
    Request("chargebee", .get, "/item_prices/*"),
    Request("chargebee", .get, "/invoices/*", query: "line_items_limit line_items_offset"),
    Request("chargebee", .get, "/invoices/*/payments", query: "limit offset"),
    Request(
      "chargebee", .get, "/credit_notes",
      query: "subscription_id.is reference_invoice_id.is sort_by.desc limit"),
    Request("chargebee", .get, "/subscriptions/*"),
    Request(
      "chargebee", .get, "/subscriptions", query: "customer_id.is sort_by.asc limit offset"),
    Request(
      "chargebee", .get, "/invoices",
      query:
        "limit offset customer_id.is customer_id.in date.after date.between sort_by.desc sort_by.asc"
    ),
    Request(
      "chargebee", .get, "/comments", query: "entity_type entity_id limit sort_by.desc"),
    Request("chargebee", .post, "/comments", body: "entity_type entity_id notes"),
    Request(
      "chargebee", .get, "/promotional_credits",
      query: "customer_id.is created_at.between type.is limit offset"),
    Request(
      "chargebee", .post, "/promotional_credits/add",
      body: "customer_id amount currency_code credit_type description reference"),
    Request("chargebee", .post, "/invoices/*/collect_payment"),
    Request("chargebee", .post, "/invoices/*/void", body: "comment"),
    Request("chargebee", .post, "/invoices/*/write_off", body: "comment"),
    Request(
      "chargebee", .post, "/invoices/*/record_payment",
      body: "comment transaction.payment_method transaction.amount transaction.reference_number"),
    Request(
      "chargebee", .post, "/invoices/create_for_charge_items_and_charges",
      body: "customer_id currency_code po_number invoice_note auto_collection invoice_date"
        + " net_term_days charges.amount charges.description charges.taxable charges.date_from"
        + " charges.date_to item_prices.item_price_id item_prices.quantity item_prices.unit_price"
        + " item_prices.description item_prices.date_from item_prices.date_to discounts.apply_on"
        // The last is a custom field of the site
        + " discounts.amount cf_togai_invoice"),
    Request(
      "chargebee", .post, "/customers",
      body: "id company first_name last_name email phone preferred_currency_code net_term_days"
        + " auto_collection meta_data.togai_customer_id meta_data.togai_account_id"
        + " billing_address.company billing_address.phone billing_address.line1"
        + " billing_address.line2 billing_address.line3 billing_address.city"
        + " billing_address.state billing_address.state_code billing_address.zip"
        + " billing_address.country"),
    Request("togai", .patch, "/customers/*", body: "name primaryEmail \(address)"),
    Request("togai", .patch, "/accounts/*", body: "name primaryEmail netTermDays \(address)"),
    Request("togai", .patch, "/invoices/*", body: "status"),
    Request("togai", .get, "/customers/*"),
    Request("togai", .get, "/customers", query: "pageSize nextToken"),
    Request("togai", .get, "/accounts", query: "customer_id pageSize nextToken"),
    Request("togai", .get, "/accounts/*", query: "includeGroupDetails"),
    Request("togai", .get, "/invoice_groups/*", query: "nextToken"),
    Request(
      "togai", .get, "/invoices", query: "pageSize nextToken status owner_id start_time end_time"),
    Request("togai", .get, "/accounts/*/pricing_schedules", query: "pageSize nextToken"),
    Request("togai", .get, "/accounts/*/purchases"),
    Request("togai", .get, "/license_updates", query: "account_id licenseId pageSize"),
    Request(
      "togai", .post, "/license_updates",
      body: "licenseId accountId updateType quantity idempotencyKey"),
    Request("togai", .get, "/accounts/*/features/*/entries", query: "pageSize nextToken"),
    Request("togai", .post, "/accounts/*/features/*/entries/*/void"),
    Request("togai", .get, "/purchases/*"),
    Request("togai", .get, "/price_plans/*"),
    Request("togai", .get, "/invoices/*"),
    Request("togai", .get, "/payments", query: "account_id pageSize nextToken"),
    Request(
      "togai", .get, "/settings", query: "entity_type entity_id setting_id namespace pageSize"),
    Request(
      "togai", .post, "/settings", body: "id value entityType entityId namespace name dataType"),
    Request(
      "togai", .post, "/customers",
      body: "id name primaryEmail \(address) \(settings) account.id account.name"
        + " account.invoiceCurrency account.netTermDays account.primaryEmail account.aliases"
        + " \(account)"),
    Request(
      "togai", .post, "/accounts/*/edit_schedules", query: "dry_run",
      body: "edits.mode edits.pricePlanId edits.effectiveFrom edits.effectiveUntil"),
    Request(
      "togai", .post, "/accounts/*/purchases",
      body: "pricePlanId type quantity rateCardQuantities idempotencyKey effectiveFrom"),
    Request(
      "togai", .post, "/payments",
      body: "accountId currency totalAmount description externalPaymentReference.sourceName"
        + " externalPaymentReference.sourceType externalPaymentReference.transactionNumber"
        + " externalPaymentReference.description externalPaymentReference.metadata.origin"
        + " lineItemRecords.type lineItemRecords.togaiId"
        + " lineItemRecords.amount lineItemRecords.order"),
    Request("zohobooks", .get, "/contacts", query: "contact_name search_text per_page"),
    Request("zohobooks", .get, "/contacts/*"),
    Request("zohobooks", .get, "/settings/currencies"),
    Request("zohobooks", .get, "/invoices", query: "reference_number customer_id per_page page"),
    Request("zohobooks", .get, "/invoices/*"),
    Request("zohobooks", .post, "/invoices/*/status/sent"),
    Request(
      "zohobooks", .post, "/contacts",
      body: "contact_name company_name contact_type currency_id payment_terms notes"
        + " billing_address.attention billing_address.address billing_address.street2"
        + " billing_address.city billing_address.state billing_address.zip"
        + " billing_address.country billing_address.phone contact_persons.first_name"
        + " contact_persons.last_name contact_persons.email contact_persons.phone"
        + " contact_persons.is_primary_contact"),
    Request(
      "zohobooks", .post, "/invoices",
      body: "customer_id reference_number date payment_terms discount discount_type"
        + " is_discount_before_tax notes line_items.name line_items.description line_items.rate"
        + " line_items.quantity"),
  ]
}
