import FoundationEssentials
public import StepKit
public import Values

/// An invoice or order of Togai.
public struct TogaiInvoice: Sendable {
  /// The whole resource.
  public let json: JSON
  /// The id.
  public let id: String

  /// An invoice from the answer to `GET /invoices/{id}`.
  init(_ json: JSON, id: String) {
    self.json = json
    self.id = json["id"].verbatim ?? id
  }

  /// Reads an invoice, under the effect name `invoice`.
  public init(reading id: String, _ answers: [String: Answer]) throws(Halt) {
    let read = try answers.answer(to: .get("invoice", "/invoices/\(id.percentEncoded)"))
    self.init(try TogaiAPI.value(of: read, "invoice \(id.truncated(to: 60))"), id: id)
  }

  /// The status, such as `DUE` or `PAID`.
  var status: String { json["status"].nonBlank ?? "without a status" }

  /// Whether it is the order of a purchase.
  public var isOrder: Bool { json["invoiceClass"].string == "ORDER" }

  /// Whether it is the invoice of a group of accounts, into which those of the accounts are merged.
  public var isComposite: Bool { json["invoiceType"].string == "COMPOSITE" }

  /// Whether Togai is still preparing it; it becomes final within minutes.
  public var isFinalizing: Bool {
    json["finalizingStatus"].nonBlank.map { $0 != "FINALIZED" } ?? false
  }

  /// The id of the account or the group of accounts that it bills.
  public var owner: String? { json["ownerId"].verbatim }

  /// The account that it bills; nil if it bills a group of accounts.
  var account: String? { json["invoiceType"].string == "COMPOSITE" ? nil : owner }

  /// The total in major units.
  var total: Decimal { get throws(Halt) { try amount("totalAmount") } }

  /// The paid amount in major units; 0 if the invoice does not say.
  var paid: Decimal {
    get throws(Halt) { json["paidAmount"].isNull ? 0 : try amount("paidAmount") }
  }

  /// Whether any of it is paid.
  public var hasPayments: Bool { get throws(Halt) { try paid > 0 } }

  private func amount(_ member: String) throws(Halt) -> Decimal {
    if let amount = json[member].amount { return amount }
    throw .permanent(
      "the \(member) of Togai invoice \(id) cannot be read: correct it in Togai, and retry the run")
  }

  /// The ISO 4217 code of the currency, from any of the members that may hold it.
  var currency: String? {
    let details = json["invoiceDetails"]
    let code =
      details[path: "account.invoiceCurrency"].nonBlank
      ?? details[path: "invoiceGroup.invoiceCurrency"].nonBlank
      ?? json["invoiceCurrency"].nonBlank ?? json[path: "revenueInfo.units"].nonBlank
    return code.flatMap { $0.count == 3 ? $0.uppercased() : nil }
  }

  /// The reason why the invoice is not to be paid now; nil if it is.
  ///
  /// Ongoing invoices are drafts, invoices of nothing are paid at once, and those in a group become
  /// parts of another one.
  public func objection(orders: Bool) throws(Halt) -> String? {
    let kind = json["invoiceClass"].nonBlank ?? "without a class"
    guard kind == "INVOICE" || (isOrder && orders) else {
      return "\(id) is \(kind), and only invoices are synced"
    }
    guard status == "DUE" || status == "PARTIALLY_PAID" else {
      return "invoice \(id) is \(status), and only those that are due are synced"
    }
    let total = try total
    let isDue = total > 0 && total.minor(places: Money.places(of: currency ?? "")) != 0
    return isDue ? nil : "invoice \(id) has nothing to pay"
  }
}
