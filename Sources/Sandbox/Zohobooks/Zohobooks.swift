import HTTPTypes
import StepKit
import Values

/// Zoho's accounts server and the API of Zoho Books, version 3, as far as the integration calls them.
struct Zohobooks: Emulation {
  static let name = "zohobooks"
  static let root: [String] = []
  private static let api = ["books", "v3"]

  var settings: ZohobooksSettings
  var tokens: ZohobooksTokens
  var contacts = Shelf()
  var invoices = Shelf()
  var meter = Meter()

  init(settings: ZohobooksSettings) {
    self.settings = settings
    tokens = ZohobooksTokens(settings)
  }

  static func error(_ status: Int) -> Reply {
    switch status {
    case 401: ZohobooksError.unauthorized.reply
    case 429: ZohobooksError(429, 44, "Too many requests in a minute").reply
    default: ZohobooksError(status, 1000, "Internal error").reply
    }
  }

  static func hidesBody(of path: [String]) -> Bool { path.first == "oauth" }

  var state: JSON {
    ["contacts": contacts.json, "invoices": invoices.json, "tokensGiven": .number(given)]
  }

  private var given: Numeral { Numeral(tokens.count) }

  mutating func answer(_ call: Call, in scene: inout Scene) -> Reply {
    if call.path == ["oauth", "v2", "token"] { return tokens.answer(call, settings, &scene) }
    do throws(ZohobooksError) {
      return try serve(call, &scene)
    } catch {
      var reply = error.reply
      if settings.hidesErrors, error.status != 401 { reply.status = 200 }
      return reply
    }
  }

  // MARK: Private

  private mutating func serve(_ call: Call, _ scene: inout Scene) throws(ZohobooksError) -> Reply {
    guard call.path.starts(with: Self.api) else {
      throw ZohobooksError(404, 5, "Invalid URL Passed")
    }
    guard tokens.admits(call.headers["Authorization"], at: scene.now) else { throw .unauthorized }
    if let wait = meter.count(limit: settings.callsPerMinute, per: 60, at: scene.now) {
      var reply = Self.error(429)
      reply.headers["Retry-After"] = String(wait)
      return reply
    }
    let organizations = call.query.filter { $0.name == "organization_id" }.map(\.value)
    guard organizations == [settings.organization] else {
      let named = organizations.joined(separator: ",")
      throw ZohobooksError(
        400, 6041, "This user is not associated with the CompanyID/CompanyName:\(named).")
    }
    let path = Array(call.path.dropFirst(Self.api.count))
    let found = ZohobooksOperation.routes.filter { $0.route.ids(in: path) != nil }
    guard !found.isEmpty else { throw ZohobooksError(404, 5, "Invalid URL Passed") }
    guard let (operation, route) = found.first(where: { $0.route.method == call.method }) else {
      throw ZohobooksError(405, 37, "The HTTP method \(call.method) is not allowed")
    }
    let ids = route.ids(in: path) ?? []
    return try perform(operation, ZohobooksDemand(call, operation, ids: ids), &scene)
  }

  private mutating func perform(
    _ operation: ZohobooksOperation, _ demand: ZohobooksDemand, _ scene: inout Scene
  ) throws(ZohobooksError) -> Reply {
    switch operation {
    case .createContact: try createContact(demand, &scene)
    case .getContact: Self.good("contact", try contact(demand.id))
    case .listContacts: try listContacts(demand)
    case .createInvoice: try createInvoice(demand, &scene)
    case .getInvoice: Self.good("invoice", try invoice(demand.id))
    case .listInvoices: try listInvoices(demand)
    case .markInvoiceAsSent: try markAsSent(demand)
    case .listCurrencies: try demand.page(of: currencies, named: "currencies")
    case .listOrganizations:
      Self.good(
        "organizations",
        .array([["organization_id": .string(settings.organization), "name": "Sandbox"]]))
    }
  }

  static func good(_ name: String, _ members: Members, status: Int = 200) -> Reply {
    good(name, .object(members), status: status)
  }

  private static func good(_ name: String, _ value: JSON, status: Int = 200) -> Reply {
    Reply(status, ["code": 0, "message": "success", name: value])
  }

  /// The currencies with the ids that contacts name them by.
  var currencies: [Members] {
    settings.currencies.enumerated().map { index, code in
      [
        "currency_id": .string(String(460_000_000_000_097 + 2 * index)),
        "currency_code": .string(code), "is_base_currency": .bool(index == 0),
      ]
    }
  }
}
