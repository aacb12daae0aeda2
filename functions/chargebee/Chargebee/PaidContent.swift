import FoundationEssentials
import StepKit
import Values

/// The transaction of a payment, and the resources that came with it.
struct PaidContent {
  let transaction: JSON
  /// The invoice that came with the event.
  let invoice: JSON
  let customer: JSON
  let subscription: JSON

  /// The content of an event.
  init(_ event: ChargebeeEvent) {
    transaction = event.content["transaction"]
    invoice = event.content["invoice"]
    customer = event.content["customer"]
    subscription = event.content["subscription"]
  }

  /// A transaction that Chargebee knows, from an event that it does not: only the customer is taken
  /// from the event, and only if it is the transaction's own.
  private init(_ event: ChargebeeEvent, transaction: JSON) {
    self.transaction = transaction
    let customer = event.content["customer"]
    let isSame = customer["id"] == transaction["customer_id"]
    self.customer = isSame ? customer : .null
    invoice = .null
    subscription = .null
  }

  /// The reason why this is not a payment that succeeded; nil if it is one.
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

  /// The reason why the payment paid for nothing yet: it is an excess payment; nil if it did.
  var unused: String? {
    guard invoiceIDs.isEmpty, let unused = transaction["amount_unused"].amount, unused > 0 else {
      return nil
    }
    return "the payment is not used for any invoice: an excess payment"
  }

  /// The ids of the invoices that the payment was applied to, the event's own first.
  var invoiceIDs: [String] {
    var ids = [invoice["id"].verbatim].compactMap(\.self)
    for linked in transaction["linked_invoices"].items {
      if let id = linked["invoice_id"].verbatim, !ids.contains(where: { $0.hasBytes(of: id) }) {
        ids.append(id)
      }
    }
    return ids
  }

  /// The amount that was applied to an invoice, in minor units.
  func applied(to invoice: JSON) -> JSON {
    let id = invoice["id"]
    let linked = transaction["linked_invoices"].items.first { $0["invoice_id"] == id }
    let paid = invoice["linked_payments"].items.first { $0["txn_id"] == transaction["id"] }
    return linked?["applied_amount"] ?? paid?["applied_amount"] ?? .null
  }
}

// MARK: - Verification

extension PaidContent {
  /// The content as the API has it now: webhooks are not signed, and this one grants credits.
  static func verified(
    _ event: ChargebeeEvent, _ answers: [String: Answer]
  ) throws(Halt) -> PaidContent {
    if let id = event.json["id"].verbatim {
      let read = try answers.answer(to: .get("event", "/events/\(id.percentEncodedPath)"))
      if read.status != 404 {
        let value = try ChargebeeAPI.value(of: read, "event \(id.truncated(to: 60))")["event"]
        let known = try ChargebeeEvent(value)
        guard known.type == event.type else {
          throw .permanent(
            "Chargebee's event \(id.truncated(to: 60)) is \(known.type): a forged webhook?")
        }
        return PaidContent(known)
      }
    }
    guard let id = event.content[path: "transaction.id"].nonBlank else { throw unknown }
    let read = try answers.answer(to: .get("transaction", "/transactions/\(id.percentEncodedPath)"))
    if read.status == 404 { throw unknown }
    let value = try ChargebeeAPI.value(of: read, "transaction \(id.truncated(to: 60))")
    return PaidContent(event, transaction: value["transaction"])
  }

  private static var unknown: Halt {
    .permanent("Chargebee does not know this payment: a webhook of another site, or a forged one?")
  }
}
