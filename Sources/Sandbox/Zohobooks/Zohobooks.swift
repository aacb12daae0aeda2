import HTTPTypes
import StepKit
import Values

/// Zoho's accounts server and the operations of Zoho Books' API v3 that the integration calls:
/// https://www.zoho.com/books/api/v3.
struct Zohobooks: Emulation {
  static let name = "zohobooks"
  static let root: [String] = []
  private static let api = ["books", "v3"]

  var settings: ZohobooksSettings
  var context = SandboxContext.idle
  var tokens: ZohobooksTokens
  var contacts = ObjectTable()
  var invoices = ObjectTable()
  var limiter = RateLimiter()

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
    [
      "contacts": contacts.json, "invoices": invoices.json,
      "tokensGiven": .number(Numeral(tokens.count)),
    ]
  }

  mutating func answer(_ call: Call) -> Reply {
    if call.path == ["oauth", "v2", "token"] { return tokens.answer(call, settings, &context) }
    do throws(ZohobooksError) {
      return try serve(call)
    } catch {
      var reply = error.reply
      if settings.hidesErrors, error.status != 401 { reply.status = 200 }
      return reply
    }
  }

  /// Makes a code of the self client.
  mutating func makeCode() -> String {
    tokens.makeCode(settings, &context)
  }

  // MARK: Private

  private mutating func serve(_ call: Call) throws(ZohobooksError)
    -> Reply
  {
    guard call.path.starts(with: Self.api) else {
      throw ZohobooksError(404, 5, "Invalid URL Passed")
    }
    guard tokens.admits(call.headers["Authorization"], at: context.now) else { throw .unauthorized }
    if let wait = limiter.count(limit: settings.callsPerMinute, per: 60, at: context.now) {
      return Self.error(429).retry(after: wait)
    }
    let organizations = call.query.filter { $0.name == "organization_id" }.map(\.value)
    guard organizations == [settings.organization] else {
      let named = organizations.joined(separator: ",")
      throw ZohobooksError(
        400, 6041, "This user is not associated with the CompanyID/CompanyName:\(named).")
    }
    let path = Array(call.path.dropFirst(Self.api.count))
    switch Route.match(call.method, path, in: ZohobooksOperation.routes) {
    case .operation(let operation, let ids):
      return try perform(operation, ZohobooksRequest(call, operation, ids: ids))
    case .unknownPath: throw ZohobooksError(404, 5, "Invalid URL Passed")
    case .unknownMethod:
      throw ZohobooksError(405, 37, "The HTTP method \(call.method) is not allowed")
    }
  }

  private mutating func perform(
    _ operation: ZohobooksOperation, _ request: ZohobooksRequest
  ) throws(ZohobooksError) -> Reply {
    switch operation {
    case .createContact: try createContact(request)
    case .getContact: Self.good("contact", try contact(request.id))
    case .listContacts: try listContacts(request)
    case .createInvoice: try createInvoice(request)
    case .getInvoice: Self.good("invoice", try invoice(request.id))
    case .listInvoices: try listInvoices(request)
    case .markInvoiceAsSent: try markAsSent(request)
    case .listCurrencies: try request.page(of: currencies, named: "currencies")
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

  /// The currencies with the IDs by which contacts refer to them.
  var currencies: [Members] {
    settings.currencies.enumerated().map { index, code in
      [
        "currency_id": .string(String(460_000_000_000_097 + 2 * index)),
        "currency_code": .string(code), "is_base_currency": .bool(index == 0),
      ]
    }
  }
}
