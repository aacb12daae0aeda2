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
  public func all() throws(Halt) -> [JSON] {
    let payments = InvoicePayments(
      invoice: invoice.id, account: invoice.account, answers: answers)
    return try payments.all("payments").filter { $0["id"].nonBlank != nil && !$0.isRecorded }
      .reversed()
  }
}
