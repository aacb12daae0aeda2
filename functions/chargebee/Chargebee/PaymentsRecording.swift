public import StepKit
import Values

/// Records a payment of another app or, if it carries several, each of them, on the Chargebee invoices that
/// they paid.
public struct PaymentsRecording: Sendable {
  private let payment: Payment
  private let source: Source
  private let places: CurrencyPlaces
  private let answers: [String: Answer]

  /// The recording of the payments of a call.
  public init(_ call: Invocation<Payment>) throws(Halt) {
    source = try Source(of: "payment", call.input.ids, besides: ChargebeeAPI.name)
    payment = call.input
    places = try CurrencyPlaces(call.settings["currencyPlaces"])
    answers = call.answers
  }

  /// The payment with the links to its transactions, or a stop if there is nothing to record.
  public func reply() throws(Halt) -> Reply<Payment> {
    guard payment.invoices.contains(where: { $0.ids[source.app] != nil }) else {
      return .stop("the payment is for no invoice")
    }
    var results: [PaymentRecording.Result] = []
    // One after the other, so that each is confirmed before the next
    for (index, part) in payment.parts(in: source.app).enumerated() {
      let source = try Source(of: "payment", part.ids, besides: ChargebeeAPI.name)
      let prefix = index == 0 ? "" : "payment-\(index)-"
      let links = results.compactMap(\.link)
      results += try answers.scoped(prefix, after: links) { (answers) throws(Halt) in
        try PaymentRecording(payment: part, source: source, places: places, answers: answers)
          .results()
      }
    }
    guard !results.isEmpty else { return .stop("the payment is for no invoice of Chargebee's") }
    let links = results.compactMap(\.link)
    let note = results.map(\.note).joined(separator: "; ")
    let findings = results.compactMap(\.finding)
    guard !findings.isEmpty else { return .done(payment, links, note: note) }
    try answers.keep(links, as: "kept")
    return .notSynced(
      "\(findings.joined(separator: "; ")): give back or credit the rest, then `meterbridge attention acknowledge`"
        + " (\(note))")
  }
}
