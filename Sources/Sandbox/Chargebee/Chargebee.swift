import FoundationEssentials
import HTTPTypes
import StepKit
import Values

/// Chargebee's API v2 with the second product catalogue, as far as the integration calls it.
struct Chargebee: Emulation {
  static let name = "chargebee"
  static let root = ["api", "v2"]

  var settings: ChargebeeSettings
  var customers = Shelf()
  var cards = Shelf()
  var itemPrices = Shelf()
  var subscriptions = Shelf()
  var invoices = Shelf()
  var transactions = Shelf()
  var comments = Shelf()
  var events = Shelf()
  var webhookEndpoints = Shelf()
  /// The passwords of the webhook endpoints, which no answer shows.
  var webhookPasswords: [String: String] = [:]
  var remembered = Idempotency()
  var meter = Meter()
  /// The customers that had an invoice before.
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
      "transactions": transactions.json, "comments": comments.json, "events": events.json,
      "webhook_endpoints": webhookEndpoints.json,
    ])
  }

  static func hidesBody(of path: [String]) -> Bool { path.contains("webhook_endpoints") }

  mutating func answer(_ call: Call, in scene: inout Scene) -> Reply {
    do throws(ChargebeeError) {
      return try route(call, in: &scene)
    } catch {
      return error.reply
    }
  }

  // MARK: Private

  private mutating func route(
    _ call: Call, in scene: inout Scene
  ) throws(ChargebeeError) -> Reply {
    guard call.headers["Authorization"] == credentials else {
      throw ChargebeeError(
        status: 401, code: "api_authentication_failed",
        message: "Sorry, authentication failed. Invalid api key")
    }
    if let wait = meter.count(limit: settings.callsPerMinute, per: 60, at: scene.now) {
      var reply = Self.error(429)
      reply.headers["Retry-After"] = String(wait)
      return reply
    }
    guard call.path.starts(with: Self.root) else { throw .missing("path", "this") }
    let path = Array(call.path.dropFirst(Self.root.count))
    let found = ChargebeeOperation.routes.filter { $0.route.ids(in: path) != nil }
    guard !found.isEmpty else { throw .missing("path", "this") }
    guard let (operation, route) = found.first(where: { $0.route.method == call.method }) else {
      throw ChargebeeError(
        status: 405, code: "http_method_not_supported",
        message: "\(call.method) is not supported here")
    }
    let fields = try fields(of: call)
    let id = route.ids(in: path)?.first ?? ""
    let work = Idempotency.Work(call, fields: fields)
    if let stored = try remembered.answer(to: work, at: scene.now) { return stored }
    let reply = perform(operation, id: id, fields: fields, call: call, in: &scene)
    remembered.keep(reply, for: work, at: scene.now, withErrors: settings.storesErrors)
    return reply
  }

  /// The form of a POST, the query of a GET.
  private func fields(of call: Call) throws(ChargebeeError) -> [Field] {
    guard call.method == "POST" else { return call.query }
    guard call.query.isEmpty else { throw .wrong(call.query[0].name, "belongs into the body") }
    let type = call.headers["Content-Type"] ?? ""
    guard call.body.isEmpty || type.hasPrefix("application/x-www-form-urlencoded") else {
      throw ChargebeeError(
        status: 400, code: "invalid_request", message: "the body must be a form")
    }
    guard let fields = Form.decode(call.body) else {
      throw ChargebeeError(
        status: 400, code: "invalid_request", message: "the form cannot be read")
    }
    return fields
  }

  private mutating func perform(
    _ operation: ChargebeeOperation, id: String, fields: [Field], call: Call, in scene: inout Scene
  ) -> Reply {
    do throws(ChargebeeError) {
      let cause = Cause(source: .api, isQuiet: try Self.isQuiet(call.headers))
      let order = try Order(
        fields, id: id, table: operation.parameters, customFields: settings.customFields,
        cause: cause)
      return Reply(200, try perform(operation, order, &scene))
    } catch {
      return error.reply
    }
  }

  /// Whether the call asked that its events cause no webhook.
  private static func isQuiet(_ headers: Headers) throws(ChargebeeError) -> Bool {
    for name in ["event-webhook", "event-email", "event-actions"] {
      guard headers["chargebee-" + name] ?? "all-disabled" == "all-disabled" else {
        throw .wrong("chargebee-" + name, "is not all-disabled")
      }
    }
    return headers["chargebee-event-webhook"] != nil || headers["chargebee-event-actions"] != nil
  }

  private mutating func perform(
    _ operation: ChargebeeOperation, _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    switch operation {
    case .createCustomer: try createCustomer(order, &scene)
    case .retrieveCustomer: try customer(order.id)
    case .updateCustomer: try updateCustomer(order, &scene)
    case .listCustomers: list(customers, as: "customer", order)
    case .retrieveItemPrice: try retrieve(itemPrices, "item_price", order)
    case .createInvoice: try createInvoice(order, &scene)
    case .retrieveInvoice: try retrieveInvoice(order)
    case .listInvoices: list(invoices, as: "invoice", order)
    case .recordPayment: try recordPayment(order, &scene)
    case .collectPayment: try collectPayment(order, &scene)
    case .voidInvoice: try voidInvoice(order, &scene)
    case .listInvoicePayments: try listPayments(order)
    case .createComment: try createComment(order, &scene)
    case .retrieveComment: try retrieve(comments, "comment", order)
    case .listComments: list(comments, as: "comment", order)
    case .retrieveEvent: try retrieve(events, "event", order)
    case .listEvents: list(events, as: "event", order)
    case .retrieveTransaction: try retrieve(transactions, "transaction", order)
    case .retrieveSubscription: try retrieveSubscription(order)
    case .listItemPrices: list(itemPrices, as: "item_price", order)
    case .createWebhookEndpoint: try createWebhookEndpoint(order, &scene)
    case .retrieveWebhookEndpoint: try retrieve(webhookEndpoints, "webhook_endpoint", order)
    case .updateWebhookEndpoint: try updateWebhookEndpoint(order, &scene)
    case .deleteWebhookEndpoint: try deleteWebhookEndpoint(order, &scene)
    case .listWebhookEndpoints: list(webhookEndpoints, as: "webhook_endpoint", order)
    }
  }

  private func retrieve(
    _ shelf: Shelf, _ kind: String, _ order: Order
  ) throws(ChargebeeError) -> JSON {
    guard let found = shelf[order.id] else { throw .missing(kind, order.id) }
    return .object([kind: .object(found)])
  }
}
