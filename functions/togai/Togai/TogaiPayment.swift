import FoundationEssentials
public import StepKit
import Values

/// Reads the payments of a Togai invoice that no other app has yet.
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
    let payments = OwnPayments(of: invoice, answers)
    let own = try payments.all()
    let isPaidOtherwise = try payments.unlisted() > 0
    guard !own.isEmpty || isPaidOtherwise else {
      guard try payments.areNone(), try invoice.hasPayments else {
        return .stop("invoice \(id) was paid in another app")
      }
      return .notSynced(
        "\(try invoice.paid) \(invoice.currency ?? "") of invoice \(id) is paid, and Togai lists no payment"
          + " of it: record the payment in the other app")
    }
    try answers.require(
      finds(own, owner: invoice.owner)
        + (isPaidOtherwise
          ? [.find(name: "known-total", kind: .payment, ids: [TogaiAPI.name: totalID])] : []))
    let unknown = own.indices.filter { answers["known-\($0)"]?.isSuccess != true }
    var settlements: [Settlement] = []
    for index in unknown { settlements.append(try settlement(own[index])) }
    if isPaidOtherwise, answers["known-total"]?.isSuccess != true {
      settlements.append(try total(payments))
    }
    guard let first = settlements.first else {
      return .stop("the payments of invoice \(id) are in another app already")
    }
    let json = unknown.first.map { own[$0] } ?? .null
    var noun = try payment(json, first, of: invoice)
    // All of them, since another run for this invoice may be about to record the oldest
    if settlements.count > 1 || first.isTotal { noun.invoices[0].settlements = settlements }
    return .done(noun)
  }

  private func finds(_ payments: [JSON], owner: String?) -> [Effect] {
    let known = payments.enumerated().map { index, json in
      let ids = [TogaiAPI.name: json["id"].verbatim ?? ""]
      return Effect.find(name: "known-\(index)", kind: .payment, ids: ids)
    }
    let row = owner.map { Effect.find(name: "row", kind: .account, ids: [TogaiAPI.name: $0]) }
    return known + [row].compactMap(\.self)
  }

  private func payment(
    _ json: JSON, _ first: Settlement, of invoice: TogaiInvoice
  ) throws(Halt) -> Payment {
    guard let currency = json["currency"].nonBlank ?? invoice.currency,
      let at = json["createdAt"].time ?? invoice.json["updatedAt"].time
    else {
      throw .permanent(
        "Togai payment \(first.id) lacks a currency or a date: correct it in Togai, and retry the run"
      )
    }
    var paid = PaidInvoice(
      ids: [TogaiAPI.name: id], isPaid: invoice.status == "PAID", items: [])
    paid.applied = first.amount
    let row = answers["row"]?.value.textMembers ?? [:]
    var made = Payment(
      ids: [TogaiAPI.name: first.id],
      customer: Customer(ids: row.isEmpty ? [TogaiAPI.name: invoice.owner ?? id] : row),
      money: Money(first.amount, currency), at: at, invoices: [paid])
    made.method = first.method
    made.reference = first.reference
    return made
  }

  /// The id of the settlement that stands for all that was paid in Togai.
  private var totalID: String { "paid-in-full/\(id)" }

  private func total(_ payments: OwnPayments) throws(Halt) -> Settlement {
    var total = Settlement(id: totalID, amount: try payments.total())
    total.isTotal = true
    return total
  }

  private func settlement(_ json: JSON) throws(Halt) -> Settlement {
    var settlement = Settlement(
      id: json["id"].verbatim ?? "", amount: try json.paidAmount(of: id),
      method: json[path: "externalPaymentReferences.sourceType"].nonBlank)
    settlement.reference = json.transactionNumber
    return settlement
  }
}
