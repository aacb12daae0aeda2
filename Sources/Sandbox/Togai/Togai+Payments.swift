import FoundationEssentials
import Values

extension Togai {
  private static let payable: Set = ["DUE", "PARTIALLY_PAID", "UN_COLLECTIBLE"]

  /// Books a payment; payments have no idempotency key, so one sent twice is booked twice.
  mutating func createPayment(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    let body = request.body
    let account = try account(body["accountId"].string ?? "")
    guard body["currency"] == account["invoiceCurrency"] else {
      throw TogaiError(400, "currency must be the account's, \(account.text("invoiceCurrency"))")
    }
    guard let amount = body["totalAmount"].decimal, amount > 0 else {
      throw TogaiError(400, "totalAmount must be more than 0")
    }
    let records = body["lineItemRecords"].array ?? []
    let paid = try records.filter { $0["type"] == "INVOICE" }.map { record throws(TogaiError) in
      try check(record, account: account)
    }
    guard Set(paid.map(\.id)).count == paid.count else {
      throw TogaiError(400, "an invoice is paid twice in one payment")
    }
    for (id, amount) in paid { book(amount, on: id) }
    let id = context.ids.togai("payment")
    payments[id] = Members([
      "id": .string(id), "accountId": body["accountId"], "currency": body["currency"],
      "totalAmount": body["totalAmount"], "description": body["description"],
      "notes": body["notes"], "externalPaymentReferences": body["externalPaymentReference"],
      "lineItemRecords": body["lineItemRecords"], "version": 1, "createdBy": "sandbox",
      "createdAt": .string(context.now.text),
    ])
    return Reply(201, payments[id].map(JSON.object))
  }

  // MARK: Private

  private func check(
    _ record: JSON, account: Members
  ) throws(TogaiError) -> (id: String, amount: Decimal) {
    guard let id = record["togaiId"].string, let amount = record["amount"].decimal, amount > 0
    else { throw TogaiError(400, "a record of type INVOICE wants togaiId and amount") }
    let invoice = try invoice(id)
    guard owns(account, invoice) else {
      throw TogaiError(400, "invoice \(id) belongs to another account")
    }
    guard Self.payable.contains(invoice.text("status")) else {
      throw TogaiError(400, "invoice \(id) is \(invoice.text("status"))")
    }
    guard amount <= Self.open(invoice) else {
      throw TogaiError(400, "invoice \(id) has only \(Self.open(invoice)) open")
    }
    return (id, amount)
  }

  private mutating func book(_ amount: Decimal, on id: String) {
    guard let invoice = invoices[id] else { return }
    let status = amount == Self.open(invoice) ? "PAID" : "PARTIALLY_PAID"
    set(status, of: id, paid: (invoice["paidAmount"]?.decimal ?? 0) + amount)
  }

  private static func open(_ invoice: Members) -> Decimal {
    (invoice["totalAmount"]?.decimal ?? 0) - (invoice["paidAmount"]?.decimal ?? 0)
  }
}
