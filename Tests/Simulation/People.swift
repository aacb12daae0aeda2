import FoundationEssentials
import HTTPClient
import HTTPServer
import HTTPTypes
import Sandbox
import Values

/// Hands requests to the systems, and does there what people do.
struct People: Sendable {
  let sandbox: InProcessSandbox

  private static let chargebeeKey = "Basic " + Data("test_sandbox:".utf8).base64EncodedString()

  /// Hands a request to its system, with a fault of the system's own.
  func send(_ request: ClientRequest, _ fault: Fault.Kind? = nil) -> Response {
    let target = String(request.url.dropFirst(SharedSetup.server.utf8.count))
    guard
      let request = Request(
        request.method, target, headers: request.headers, body: request.body ?? [])
    else { return .problem(400, "the target is not valid") }
    if let fault { sandbox.inject(Fault(fault, app: request.path.first ?? "")) }
    return sandbox.answer(request)
  }

  /// Does what people do, if it is possible now; says what came of it, nil if it may be possible later.
  func perform(_ action: Action) -> String? {
    switch action {
    case .addCustomer(let id): addCustomer(id)
    case .rename(let id, let count):
      done(chargebee("/customers/\(id)", [Field("company", Action.name(id, count))]), action)
    case .addAccount(let id): addAccount(id, action)
    case .payForPlan(let id):
      attempt(action) { () throws(SandboxError) in
        try sandbox.payForPlan([
          "customer": .string(id),
          "items": [["item_price": .string(SharedSetup.itemPrice), "quantity": 1]],
        ])
      }
    case .giveCredits(let id, let cents):
      attempt(action) { () throws(SandboxError) in
        try sandbox.giveCredits(["customer": .string(id), "amount": .number(Numeral(cents))])
      }
    case .invoice(let id, let owner, let cents):
      attempt(action) { () throws(SandboxError) in try invoice(id, of: owner, cents) }
    case .payInTogai(let id, let part): payInTogai(id, part, action)
    case .payInChargebee(let id, let part): payInChargebee(id, part, action)
    case .setStatus(let id, let status): setStatus(id, status, action)
    case .end(let id, let operation): end(id, operation, action)
    case .addSecondAccount(let id, let owner): addSecondAccount(id, of: owner, action)
    case .setClock, .outage, .revokeKey, .restoreKey: "\(action)"
    }
  }
}

// MARK: - Chargebee

extension People {
  private func addCustomer(_ id: String) -> String {
    do throws(SandboxError) {
      try sandbox.addCustomer([
        "id": .string(id), "company": .string(Action.name(id, 0)),
        "email": .string("\(id)@example.com"), "preferred_currency_code": "USD",
      ])
      return "\(Action.addCustomer(id))"
    } catch {
      return "\(Action.addCustomer(id)): no, \(error)"
    }
  }

  private func payInChargebee(_ id: String, _ part: Int, _ action: Action) -> String? {
    let invoices = sandbox.state["chargebee"]["invoices"].array ?? []
    guard let invoice = invoices.first(where: { $0["po_number"].string == id }),
      let own = invoice["id"].string, let due = invoice["amount_due"].int
    else { return nil }
    guard due > 0 else { return "\(action): nothing is due" }
    let fields = [
      Field("transaction[payment_method]", "bank_transfer"),
      Field("transaction[amount]", String(max(due * part / 100, 1))),
    ]
    return done(chargebee("/invoices/\(own)/record_payment", fields), action)
  }

  private func end(_ id: String, _ operation: String, _ action: Action) -> String? {
    let invoices = sandbox.state["chargebee"]["invoices"].array ?? []
    guard let invoice = invoices.first(where: { $0["po_number"].string == id })?["id"].string
    else { return nil }
    let method = [Field("transaction[payment_method]", "bank_transfer")]
    let response = chargebee(
      "/invoices/\(invoice)/\(operation)", operation == "record_refund" ? method : [])
    return response.status == 200 ? "\(action)" : "\(action): no, \(response.status)"
  }

  private func chargebee(_ path: String, _ fields: [Field]) -> Response {
    let headers: Headers = [
      "Authorization": Self.chargebeeKey, "Content-Type": "application/x-www-form-urlencoded",
    ]
    return send(
      ClientRequest(
        "POST", "\(SharedSetup.server)/chargebee/api/v2\(path)", headers: headers,
        body: Array(Form.encode(fields).utf8)))
  }
}

// MARK: - Togai

extension People {
  private func addAccount(_ id: String, _ action: Action) -> String {
    let body: JSON = [
      "id": .string(id), "name": .string("Company \(id) of Togai's own"), "address": [:],
      "primaryEmail": .string("\(id)@example.com"),
    ]
    let response = togai("/customers", body)
    return response.status == 201 ? "\(action)" : "\(action): no, \(response.status)"
  }

  private func addSecondAccount(_ id: String, of owner: String, _ action: Action) -> String? {
    let body: JSON = [
      "id": .string(id), "customerId": .string(owner),
      "name": .string("Company \(id) of Togai's own"),
      "address": [:], "primaryEmail": .string("\(id)@example.com"),
    ]
    let response = togai("/accounts", body)
    if response.status == 404 { return nil }
    return response.status == 201 ? "\(action)" : "\(action): no, \(response.status)"
  }

  private func invoice(_ id: String, of owner: String, _ cents: Int) throws(SandboxError) -> JSON {
    let total = JSON.number(Numeral(Money(minor: cents, places: 2, "USD").amount))
    try sandbox.addInvoice([
      "id": .string(id), "account": .string(owner),
      "revenueInfo": [
        "type": "GRAND_TOTAL_AMOUNT", "description": "Usage", "value": total, "units": "USD",
      ],
    ])
    return try sandbox.generateInvoice(id)
  }

  private func payInTogai(_ id: String, _ part: Int, _ action: Action) -> String? {
    let invoices = sandbox.state["togai"]["invoices"].array ?? []
    guard let invoice = invoices.first(where: { $0["id"].string == id }) else { return nil }
    let total = invoice["totalAmount"].decimal?.minor(places: 2) ?? 0
    let open = total - (invoice["paidAmount"].decimal?.minor(places: 2) ?? 0)
    guard open > 0 else { return "\(action): nothing is open" }
    let cents = max(open * part / 100, 1)
    let amount = JSON.number(Numeral(Money(minor: cents, places: 2, "USD").amount))
    let body: JSON = [
      "accountId": invoice["ownerId"], "currency": "USD", "totalAmount": amount,
      "externalPaymentReference": [
        "sourceName": "Wallet", "sourceType": "CASH",
        "transactionNumber": .string("w-\(id)-\(open)"),
      ],
      "lineItemRecords": [
        ["type": "INVOICE", "togaiId": .string(id), "amount": amount, "order": 1]
      ],
    ]
    return done(togai("/payments", body), action)
  }

  private func setStatus(_ id: String, _ status: String, _ action: Action) -> String? {
    let response = togai("/invoices/\(id)", ["status": .string(status)], method: "PATCH")
    if response.status == 404 { return nil }
    return response.status == 200 ? "\(action)" : "\(action): no, \(response.status)"
  }

  private func togai(_ path: String, _ body: JSON, method: String = "POST") -> Response {
    let headers: Headers = [
      "Authorization": "Bearer togai_sandbox", "Content-Type": "application/json",
    ]
    return send(
      ClientRequest(
        method, "\(SharedSetup.server)/togai\(path)", headers: headers, body: body.bytes))
  }
}

// MARK: - Outcomes

extension People {
  private func done(_ response: Response, _ action: Action) -> String? {
    (200..<300).contains(response.status) ? "\(action)" : nil
  }

  private func attempt(
    _ action: Action, _ body: () throws(SandboxError) -> JSON
  ) -> String? {
    do throws(SandboxError) {
      _ = try body()
      return "\(action)"
    } catch {
      return nil
    }
  }
}
