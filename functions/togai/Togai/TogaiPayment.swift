import FoundationEssentials
public import StepKit
public import Values

/// Reads the oldest payment of a Togai invoice that no other app has already.
///
/// What was paid in another app and is only written down in Togai says so: it is not carried back.
public struct TogaiPayment: Sendable {
  /// What was read: the payment, or why there is nothing to do.
  public enum Reading: Sendable {
    /// A payment that was made in Togai.
    case payment(Payment)
    /// None.
    case nothing(String)
  }

  private let id: String
  private let answers: [String: Answer]

  /// The payment of an invoice, as far as the answers go.
  public init(of id: String, _ answers: [String: Answer]) {
    self.id = id
    self.answers = answers
  }

  /// The payment, why there is none, or what must be asked first.
  public func reading() throws(Failure) -> Part<Reading> {
    guard let read = answers["invoice"] else {
      return .needs([.get("invoice", "/invoices/\(id.percentEncoded)")])
    }
    let invoice = TogaiInvoice(try Togai.value(of: read, "invoice \(id.truncated(to: 60))"), id: id)
    guard !invoice.isOrder else {
      return nothing("\(id) is an order, and only invoices are synced")
    }
    guard ["PAID", "PARTIALLY_PAID"].contains(invoice.status) else {
      return nothing("invoice \(id) is \(invoice.status), and not paid")
    }
    let own = try OwnPayments(of: id, answers).all()
    guard let own = own.value else { return .needs(own.effects) }
    guard !own.isEmpty else {
      return nothing("invoice \(id) was paid in another app, or Togai lists no payment of it")
    }
    let finds = finds(own, owner: invoice.owner)
    guard finds.allSatisfy({ answers[$0.0] != nil }) else { return .needs(finds.map(\.1)) }
    let index = own.indices.first { answers["known-\($0)"]?.isSuccess != true }
    guard let index, let payment = own[index]["id"].nonBlank else {
      return nothing("the payments of invoice \(id) are in another app already")
    }
    return .has(.payment(try self.payment(own[index], payment, of: invoice)))
  }

  private func finds(_ payments: [JSON], owner: String?) -> [(String, Effect)] {
    let known = payments.enumerated().map { index, json in
      let ids = [Togai.name: json["id"].nonBlank ?? ""]
      return ("known-\(index)", Effect.find(name: "known-\(index)", kind: .payment, ids: ids))
    }
    let row = owner.map { Effect.find(name: "row", kind: .account, ids: [Togai.name: $0]) }
    return known + (row.map { [("row", $0)] } ?? [])
  }

  private func nothing(_ reason: String) -> Part<Reading> { .has(.nothing(reason)) }

  private func payment(
    _ json: JSON, _ payment: String, of invoice: TogaiInvoice
  ) throws(Failure) -> Payment {
    let record =
      (json["lineItemRecords"].array ?? []).first { $0["togaiId"].nonBlank == id } ?? .null
    guard let amount = record["amount"].decimal ?? json["totalAmount"].decimal,
      let currency = json["currency"].nonBlank ?? invoice.currency,
      let at = json["createdAt"].string.flatMap(Timestamp.init(iso:)) ?? invoice.time("updatedAt")
    else { throw .permanent("Togai payment \(payment) lacks an amount, a currency or a date") }
    var paid = PaidInvoice(
      ids: [Togai.name: id], isPaid: invoice.status == "PAID", items: [])
    paid.applied = amount
    let row = answers["row"]?.value.object?.compactMapValues(\.nonBlank) ?? [:]
    var made = Payment(
      ids: [Togai.name: payment],
      customer: Customer(ids: row.isEmpty ? [Togai.name: invoice.owner ?? id] : row),
      money: Money(amount, currency), at: at, invoices: [paid])
    made.method = json[path: "externalPaymentReferences.sourceType"].nonBlank
    made.reference = json[path: "externalPaymentReferences.transactionNumber"].nonBlank
    return made
  }
}
