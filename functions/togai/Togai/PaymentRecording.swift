public import StepKit
import Values

/// Records a payment of another app on Togai's own invoices that it paid, once each.
///
/// | answer of Togai | result |
/// |---|---|
/// | 201 | recorded |
/// | the payment is in the list, or the invoice is paid | unchanged |
/// | refused, and the invoice is paid in full in the other app | the invoice is marked as paid |
/// | refused, and it is not | failed |
/// | unknown, and the payment is in the list then | recorded |
/// | unknown, and it is not | retried later |
public struct PaymentRecording: Sendable {
  private let payment: Payment
  private let source: Source
  private let answers: [String: Answer]

  /// The recording of the payment of a call.
  public init(_ call: Invocation<Payment>) throws(Halt) {
    source = try Source(of: "payment", call.input.ids, besides: Togai.name)
    payment = call.input
    answers = call.answers
  }

  /// The payment with the links to its records, or a stop if there is nothing to record.
  public func reply() throws(Halt) -> Reply<Payment> {
    let own = try OwnInvoices(invoices: payment.invoices, app: source.app, answers: answers).ids()
    let all = own.indices.compactMap { index in
      own[index].map {
        RecordedPayment(
          index: index, togai: $0, paid: payment.invoices[index], source: source,
          payment: payment, answers: answers)
      }
    }
    guard !all.isEmpty else { return .stop("the payment is for no invoice of Togai's") }

    let records = all.filter { !$0.isFromTogai }
    guard !records.isEmpty else {
      return .stop(
        "the payment was made in Togai, and \(source.app.titled) only has it written down")
    }
    try answers.require(records.flatMap(\.finds))
    // One after the other, so that each request is confirmed before the next
    let results = try records.map { (record) throws(Halt) in try record.record() }
    return .done(
      payment, results.compactMap(\.link), note: results.map(\.note).joined(separator: "; "))
  }
}
