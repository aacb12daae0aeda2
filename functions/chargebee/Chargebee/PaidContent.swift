import StepKit
import Values

/// What a payment was for: the transaction, and all resources that go with it.
struct PaidContent {
  let event: ChargebeeEvent
  let transaction: JSON
  /// Invoices that came with the event, by id.
  let invoice: JSON
  let customer: JSON
  let subscription: JSON

  /// The content of an event.
  init(_ event: ChargebeeEvent) {
    self.event = event
    transaction = event.content["transaction"]
    invoice = event.content["invoice"]
    customer = event.content["customer"]
    subscription = event.content["subscription"]
  }

  /// A transaction that Chargebee knows in an event that it does not: of the event, only who paid is
  /// taken, and only if it is the same customer.
  init(_ event: ChargebeeEvent, transaction: JSON) {
    self.event = event
    self.transaction = transaction
    let customer = event.content["customer"]
    let isSame = customer["id"].nonBlank == transaction["customer_id"].nonBlank
    self.customer = isSame ? customer : .null
    invoice = .null
    subscription = .null
  }

  /// Why this is no payment that went through; nil where it is one.
  var objection: String? {
    let type = transaction["type"].nonBlank ?? "without a type"
    let status = transaction["status"].nonBlank ?? "without a status"
    guard type == "payment", status == "success" else {
      return
        "the transaction is a \(type.truncated(to: 40)) with status \(status.truncated(to: 40)),"
        + " not a payment that succeeded"
    }
    return nil
  }

  /// The invoices that the payment was applied to, the event's own first.
  var invoiceIDs: [String] {
    var ids = [invoice["id"].nonBlank].compactMap(\.self)
    for linked in transaction["linked_invoices"].array ?? [] {
      if let id = linked["invoice_id"].nonBlank, !ids.contains(id) { ids.append(id) }
    }
    return ids
  }

  /// How much of the payment went to an invoice, in minor units.
  func applied(to invoice: JSON) -> JSON {
    let id = invoice["id"]
    let linked = transaction["linked_invoices"].array?.first { $0["invoice_id"] == id }
    let paid = invoice["linked_payments"].array?.first { $0["txn_id"] == transaction["id"] }
    return linked?["applied_amount"] ?? paid?["applied_amount"] ?? .null
  }
}

// MARK: - Verification

extension PaidContent {
  /// The content as Chargebee itself tells it now: a webhook is signed by nobody, and this one makes
  /// credits out of nothing.
  static func verified(
    _ event: ChargebeeEvent, _ answers: [String: Answer]
  ) throws(Failure) -> Part<PaidContent> {
    if let id = event.json["id"].nonBlank {
      guard let read = answers["event"] else {
        return .needs([.get("event", "/events/\(id.percentEncoded)")])
      }
      if read.status != 404 {
        let value = try Chargebee.value(of: read, "event \(id.truncated(to: 60))")["event"]
        let known = try ChargebeeEvent(value)
        guard known.type == event.type else {
          throw .permanent(
            "Chargebee's event \(id.truncated(to: 60)) is \(known.type): a forged webhook?")
        }
        return .has(PaidContent(known))
      }
    }
    guard let id = event.content[path: "transaction.id"].nonBlank else { throw unknown }
    guard let read = answers["transaction"] else {
      return .needs([.get("transaction", "/transactions/\(id.percentEncoded)")])
    }
    if read.status == 404 { throw unknown }
    let value = try Chargebee.value(of: read, "transaction \(id.truncated(to: 60))")
    return .has(PaidContent(event, transaction: value["transaction"]))
  }

  private static var unknown: Failure {
    .permanent("Chargebee does not know this payment: a webhook of another site, or a forged one?")
  }
}
