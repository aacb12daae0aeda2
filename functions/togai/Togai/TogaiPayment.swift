import FoundationEssentials
public import StepKit
import Values

/// Reads the oldest payment of a Togai invoice that no other app has yet.
///
/// A payment that was made in another app and only recorded in Togai is not carried back.
public struct TogaiPayment: Sendable {
  private let id: String
  private let answers: [String: Answer]

  /// The payment of an invoice.
  public init(of id: String, _ answers: [String: Answer]) {
    self.id = id
    self.answers = answers
  }

  /// The payment, or a stop if there is none to carry.
  public func reply() throws(Halt) -> Reply<Payment> {
    let invoice = try TogaiInvoice(reading: id, answers)
    guard !invoice.isOrder else { return .stop("\(id) is an order, and only invoices are synced") }
    guard ["PAID", "PARTIALLY_PAID"].contains(invoice.status) else {
      return .stop("invoice \(id) is \(invoice.status), and not paid")
    }
    let own = try OwnPayments(of: id, answers).all()
    guard !own.isEmpty else {
      return .stop("invoice \(id) was paid in another app, or Togai lists no payment of it")
    }
    try answers.require(finds(own, owner: invoice.owner))
    let index = own.indices.first { answers["known-\($0)"]?.isSuccess != true }
    guard let index, let payment = own[index]["id"].nonBlank else {
      return .stop("the payments of invoice \(id) are in another app already")
    }
    return .done(try self.payment(own[index], payment, of: invoice))
  }

  private func finds(_ payments: [JSON], owner: String?) -> [Effect] {
    let known = payments.enumerated().map { index, json in
      let ids = [Togai.name: json["id"].nonBlank ?? ""]
      return Effect.find(name: "known-\(index)", kind: .payment, ids: ids)
    }
    let row = owner.map { Effect.find(name: "row", kind: .account, ids: [Togai.name: $0]) }
    return known + [row].compactMap(\.self)
  }

  private func payment(
    _ json: JSON, _ payment: String, of invoice: TogaiInvoice
  ) throws(Halt) -> Payment {
    let record = json["lineItemRecords"].items.first { $0["togaiId"].nonBlank == id } ?? .null
    guard let amount = record["amount"].decimal ?? json["totalAmount"].decimal,
      let currency = json["currency"].nonBlank ?? invoice.currency,
      let at = json["createdAt"].time ?? invoice.json["updatedAt"].time
    else { throw .permanent("Togai payment \(payment) lacks an amount, a currency or a date") }
    var paid = PaidInvoice(
      ids: [Togai.name: id], isPaid: invoice.status == "PAID", items: [])
    paid.applied = amount
    let row = answers["row"]?.value.textMembers ?? [:]
    var made = Payment(
      ids: [Togai.name: payment],
      customer: Customer(ids: row.isEmpty ? [Togai.name: invoice.owner ?? id] : row),
      money: Money(amount, currency), at: at, invoices: [paid])
    made.method = json[path: "externalPaymentReferences.sourceType"].nonBlank
    made.reference = json[path: "externalPaymentReferences.transactionNumber"].nonBlank
    return made
  }
}
