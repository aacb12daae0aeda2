public import FoundationEssentials
public import StepKit
public import Values

/// The payments of a Togai invoice that were made in Togai, and not only recorded there.
public struct OwnPayments: Sendable {
  private let invoice: TogaiInvoice
  private let answers: [String: Answer]

  /// The payments of an invoice.
  public init(of invoice: TogaiInvoice, _ answers: [String: Answer]) {
    self.invoice = invoice
    self.answers = answers
  }

  /// All of them, the oldest first.
  public func all() throws(Halt) -> [JSON] { try listed().filter { !$0.isRecorded } }

  /// Whether Togai lists none, recorded ones neither.
  func areNone() throws(Halt) -> Bool { try listed().isEmpty }

  /// What of a paid invoice no payment paid, recorded ones neither: Togai lists none for an invoice that a
  /// person marked as paid, or that a wallet paid.
  func unlisted() throws(Halt) -> Decimal {
    guard invoice.status == "PAID" else { return 0 }
    var rest = try invoice.paid
    for payment in try listed() { rest -= try payment.paidAmount(of: invoice.id) }
    let places = Money.places(of: invoice.currency ?? "")
    return rest >= Decimal(minor: 1, places: places) ? rest : 0
  }

  /// What was paid in Togai by any means: the paid amount less what is only recorded there.
  func total() throws(Halt) -> Decimal {
    var total = try invoice.paid
    for payment in try listed().filter(\.isRecorded) {
      total -= try payment.paidAmount(of: invoice.id)
    }
    return total
  }

  /// Those that the paid amount of the invoice can include, the oldest first.
  ///
  /// The list is read after the invoice. A payment that was made in between has an event of its own.
  public func counted() throws(Halt) -> [JSON] { try allCounted().filter { !$0.isRecorded } }

  /// What of the paid amount was paid elsewhere and only recorded in Togai.
  public func recorded() throws(Halt) -> Decimal {
    try allCounted().filter(\.isRecorded).map { (json) throws(Halt) in
      try json.paidAmount(of: invoice.id)
    }.reduce(0, +)
  }

  private func allCounted() throws(Halt) -> [JSON] {
    var payments = try listed()
    let paid = try invoice.paid
    var sum = Decimal(0)
    for payment in payments { sum += try payment.paidAmount(of: invoice.id) }
    while let last = payments.last {
      let amount = try last.paidAmount(of: invoice.id)
      guard amount > 0, sum - amount >= paid else { break }
      payments.removeLast()
      sum -= amount
    }
    return payments
  }

  /// The payments, recorded ones too, the oldest first.
  private func listed() throws(Halt) -> [JSON] {
    let payments = InvoicePayments(
      invoice: invoice.id, account: invoice.account, answers: answers)
    return try payments.all("payments").filter { $0["id"].verbatim != nil }.reversed()
  }
}
