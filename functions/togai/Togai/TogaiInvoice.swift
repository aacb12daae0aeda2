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
    self.id = json["id"].nonBlank ?? id
  }

  /// Reads an invoice, under the effect name `invoice`.
  public init(reading id: String, _ answers: [String: Answer]) throws(Halt) {
    let read = try answers.answer(to: .get("invoice", "/invoices/\(id.percentEncoded)"))
    self.init(try Togai.value(of: read, "invoice \(id.truncated(to: 60))"), id: id)
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
  public var owner: String? { json["ownerId"].nonBlank }

  /// The total in major units.
  var total: Decimal { json["totalAmount"].decimal ?? 0 }

  /// The paid amount in major units.
  var paid: Decimal { json["paidAmount"].decimal ?? 0 }

  /// Whether any of it is paid.
  public var hasPayments: Bool { paid > 0 }

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
  public func objection(orders: Bool) -> String? {
    let kind = json["invoiceClass"].nonBlank ?? "without a class"
    guard kind == "INVOICE" || (isOrder && orders) else {
      return "\(id) is \(kind), and only invoices are synced"
    }
    guard status == "DUE" || status == "PARTIALLY_PAID" else {
      return "invoice \(id) is \(status), and only those that are due are synced"
    }
    let isDue = total > 0 && total.minor(places: Money.places(of: currency ?? "")) != 0
    return isDue ? nil : "invoice \(id) has nothing to pay"
  }
}
