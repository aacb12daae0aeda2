public import FoundationEssentials
import StepKit
public import Values

/// An invoice or order as Togai gives it.
public struct TogaiInvoice: Sendable {
  /// All of it.
  public let json: JSON
  /// Its id.
  public let id: String

  /// Reads the answer to `GET /invoices/{id}`.
  public init(_ json: JSON, id: String) {
    self.json = json
    self.id = json["id"].nonBlank ?? id
  }

  /// `DUE`, `PAID` and so on.
  public var status: String { json["status"].nonBlank ?? "without a status" }

  /// Whether it is the order of a purchase.
  public var isOrder: Bool { json["invoiceClass"].string == "ORDER" }

  /// The account or the group of accounts that it is for.
  public var owner: String? { json["ownerId"].nonBlank }

  /// How much, in all, in major units.
  public var total: Decimal { json["totalAmount"].decimal ?? 0 }

  /// How much of it is paid.
  public var paid: Decimal { json["paidAmount"].decimal ?? 0 }

  /// The ISO 4217 code, wherever Togai says it.
  public var currency: String? {
    let details = json["invoiceDetails"]
    let code =
      details[path: "account.invoiceCurrency"].nonBlank
      ?? details[path: "invoiceGroup.invoiceCurrency"].nonBlank ?? json["invoiceCurrency"].nonBlank
      ?? json[path: "revenueInfo.units"].nonBlank
    return code.flatMap { $0.count == 3 ? $0.uppercased() : nil }
  }

  /// Why the invoice is not one to be paid now, or nil where it is.
  ///
  /// Ongoing invoices are drafts; those of nothing go straight to paid, and those in a group become
  /// parts of another one.
  public func objection(orders: Bool) -> String? {
    let kind = json["invoiceClass"].nonBlank ?? "without a class"
    guard kind == "INVOICE" || (isOrder && orders) else {
      return "\(id) is \(kind), and only invoices are synced"
    }
    guard status == "DUE" || status == "PARTIALLY_PAID" else {
      return "invoice \(id) is \(status), and only those that are due are synced"
    }
    if let state = json["finalizingStatus"].nonBlank, state != "FINALIZED" {
      return "invoice \(id) is \(state): Togai tells again when it is final"
    }
    let isSomething = total > 0 && total.minor(places: Money.places(of: currency ?? "")) != 0
    return isSomething ? nil : "invoice \(id) has nothing to pay"
  }

  /// A moment of the invoice, by its name.
  public func time(_ name: String) -> Timestamp? { json[name].string.flatMap(Timestamp.init(iso:)) }
}
