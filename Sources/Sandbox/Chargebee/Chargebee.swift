import FoundationEssentials
import HTTPTypes
import StepKit
import Values

/// The operations of Chargebee's API v2 that the integration calls, with Product Catalog 2.0:
/// https://apidocs.chargebee.com/docs/api.
struct Chargebee: Emulation {
  static let name = "chargebee"
  static let root = ["api", "v2"]

  var settings: ChargebeeSettings
  var context = SandboxContext.idle
  var customers = ObjectTable()
  var cards = ObjectTable()
  var itemPrices = ObjectTable()
  var subscriptions = ObjectTable()
  var invoices = ObjectTable()
  var transactions = ObjectTable()
  var creditNotes = ObjectTable()
  var promotionalCredits = ObjectTable()
  var comments = ObjectTable()
  var events = ObjectTable()
  var webhookEndpoints = ObjectTable()
  /// The passwords of the webhook endpoints, which no reply shows.
  var webhookPasswords: [String: String] = [:]
  var replies = IdempotencyCache()
  var limiter = RateLimiter()
  /// The customers that have had an invoice.
  var billed: Set<String> = []

  private let credentials: String

  init(settings: ChargebeeSettings) {
    self.settings = settings
    credentials = "Basic " + Data("\(settings.key):".utf8).base64EncodedString()
  }

  static func error(_ status: Int) -> Reply {
    let (code, message) =
      switch status {
      case 429: ("api_request_limit_exceeded", "Sorry, the API request limit has been exceeded.")
      case 503: ("internal_temporary_error", "Sorry, Chargebee is not available for the moment.")
      case 504: ("gateway_timeout", "Sorry, the answer took too long.")
      default: ("internal_error", "Sorry, something went wrong on our side.")
      }
    return ChargebeeError(status: status, code: code, type: "operation_failed", message: message)
      .reply
  }

  var state: JSON {
    .members([
      "customers": customers.json, "cards": cards.json, "item_prices": itemPrices.json,
      "subscriptions": subscriptions.json, "invoices": invoices.json,
      "transactions": transactions.json, "credit_notes": creditNotes.json,
      "promotional_credits": promotionalCredits.json, "comments": comments.json,
      "events": events.json,
      "webhook_endpoints": webhookEndpoints.json,
    ])
  }

  static func hidesBody(of path: [String]) -> Bool { path.contains("webhook_endpoints") }

  mutating func answer(_ call: Call) -> Reply {
    do throws(ChargebeeError) {
      return try route(call)
    } catch {
      return error.reply
    }
  }

  // MARK: Private

  private mutating func route(_ call: Call) throws(ChargebeeError) -> Reply {
    guard call.headers["Authorization"] == credentials else {
      throw ChargebeeError(
        status: 401, code: "api_authentication_failed",
        message: "Sorry, authentication failed. Invalid api key")
    }
    if let wait = limiter.count(limit: settings.callsPerMinute, per: 60, at: context.now) {
      return Self.error(429).retry(after: wait)
    }
    guard call.path.starts(with: Self.root) else { throw .missing("path", "this") }
    let path = Array(call.path.dropFirst(Self.root.count))
    let operation: ChargebeeOperation
    let id: String
    // Chargebee's own clients leave slashes in ids as they are; it does not find %2F
    if let encoded = path.first(where: { $0.contains("/") }) { throw .missing("path", encoded) }
    switch Route.match(call.method, path, in: ChargebeeOperation.routes, hasSlashesInIDs: true) {
    case .operation(let found, let ids): (operation, id) = (found, ids.first ?? "")
    case .unknownPath: throw .missing("path", "this")
    case .unknownMethod:
      throw ChargebeeError(
        status: 405, code: "http_method_not_supported",
        message: "\(call.method) is not supported here")
    }
    let fields = try fields(of: call)
    let idempotentCall = IdempotentCall(call, fields: fields)
    if let stored = try replies.reply(to: idempotentCall, at: context.now) { return stored }
    let reply = perform(operation, id: id, fields: fields, call: call)
    replies.keep(reply, for: idempotentCall, at: context.now, withErrors: settings.storesErrors)
    return reply
  }

  /// The parameters: the form of a POST or the query of a GET.
  private func fields(of call: Call) throws(ChargebeeError) -> [Field] {
    guard call.method == "POST" else { return call.query }
    guard call.query.isEmpty else { throw .wrong(call.query[0].name, "belongs into the body") }
    guard call.body.isEmpty || call.hasType("application/x-www-form-urlencoded") else {
      throw ChargebeeError(status: 400, code: "invalid_request", message: "the body must be a form")
    }
    guard let fields = Form.decode(call.body) else {
      throw ChargebeeError(status: 400, code: "invalid_request", message: "the form cannot be read")
    }
    return fields
  }

  private mutating func perform(
    _ operation: ChargebeeOperation, id: String, fields: [Field], call: Call
  ) -> Reply {
    do throws(ChargebeeError) {
      let cause = Cause(source: .api, isQuiet: try Self.isQuiet(call.headers))
      let request = try ChargebeeRequest(
        fields, id: id, table: operation.parameters, customFields: settings.customFields,
        cause: cause)
      return Reply(200, try perform(operation, request))
    } catch {
      return error.reply
    }
  }

  /// Whether the call suppresses the webhooks of its events by `chargebee-event-webhook` or
  /// `chargebee-event-actions`: https://apidocs.chargebee.com/docs/api/advanced-features.
  private static func isQuiet(_ headers: Headers) throws(ChargebeeError) -> Bool {
    for name in ["event-webhook", "event-email", "event-actions"] {
      guard headers["chargebee-" + name] ?? "all-disabled" == "all-disabled" else {
        throw .wrong("chargebee-" + name, "is not all-disabled")
      }
    }
    return headers["chargebee-event-webhook"] != nil || headers["chargebee-event-actions"] != nil
  }

  private mutating func perform(
    _ operation: ChargebeeOperation, _ request: ChargebeeRequest
  ) throws(ChargebeeError) -> JSON {
    switch operation {
    case .createCustomer: try createCustomer(request)
    case .retrieveCustomer: try customer(request.id)
    case .updateCustomer: try updateCustomer(request)
    case .listCustomers: list(customers, as: "customer", request)
    case .retrieveItemPrice: try retrieve(itemPrices, "item_price", request)
    case .createInvoice: try createInvoice(request)
    case .retrieveInvoice: try retrieveInvoice(request)
    case .listInvoices: list(invoices, as: "invoice", request)
    case .recordPayment: try recordPayment(request)
    case .collectPayment: try collectPayment(request)
    case .voidInvoice: try voidInvoice(request)
    case .writeOff: try writeOff(request)
    case .recordTaxWithheld: try recordTaxWithheld(request)
    case .removeTaxWithheld: try removeTaxWithheld(request)
    case .removePayment: try removePayment(request)
    case .refund: try refund(request)
    case .recordRefund: try recordRefund(request)
    case .retrieveCreditNote: try retrieve(creditNotes, "credit_note", request)
    case .listCreditNotes: list(creditNotes, as: "credit_note", request)
    case .listInvoicePayments: try listPayments(request)
    case .addPromotionalCredit: try addPromotionalCredit(request)
    case .listPromotionalCredits:
      list(promotionalCredits, as: "promotional_credit", request)
    case .createComment: try createComment(request)
    case .retrieveComment: try retrieve(comments, "comment", request)
    case .listComments: list(comments, as: "comment", request)
    case .retrieveEvent: try retrieve(events, "event", request)
    case .listEvents: list(events, as: "event", request)
    case .retrieveTransaction: try retrieve(transactions, "transaction", request)
    case .retrieveSubscription: try retrieveSubscription(request)
    case .listSubscriptions: list(subscriptions, as: "subscription", request)
    case .listItemPrices: list(itemPrices, as: "item_price", request)
    case .createWebhookEndpoint: try createWebhookEndpoint(request)
    case .retrieveWebhookEndpoint: try retrieve(webhookEndpoints, "webhook_endpoint", request)
    case .updateWebhookEndpoint: try updateWebhookEndpoint(request)
    case .deleteWebhookEndpoint: try deleteWebhookEndpoint(request)
    case .listWebhookEndpoints: list(webhookEndpoints, as: "webhook_endpoint", request)
    }
  }

  private func retrieve(
    _ table: ObjectTable, _ kind: String, _ request: ChargebeeRequest
  ) throws(ChargebeeError) -> JSON {
    .object([kind: .object(try find(request.id, in: table, kind))])
  }

  /// The stored object with an ID.
  func find(
    _ id: String, in table: ObjectTable, _ kind: String, param: String? = nil
  ) throws(ChargebeeError) -> Members {
    guard let found = table[id] else { throw .missing(kind, id, param: param) }
    return found
  }
}
