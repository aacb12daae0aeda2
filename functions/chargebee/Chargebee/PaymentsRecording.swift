public import StepKit
import Values

/// Records a payment of another app or, if it carries several, each of them, on the Chargebee invoices that
/// they paid.
public struct PaymentsRecording: Sendable {
  private let call: Invocation<Payment>
  private let parts: [Payment]

  /// The recording of the payments of a call.
  public init(_ call: Invocation<Payment>) throws(Halt) {
    self.call = call
    let source = try Source(of: "payment", call.input.ids, besides: ChargebeeAPI.name)
    parts = call.input.parts(in: source.app)
  }

  /// The payment with the links to its transactions, or a stop if there is nothing to record.
  public func reply() throws(Halt) -> Reply<Payment> {
    guard parts.count > 1 else { return try PaymentRecording(call).reply() }
    var links: [Effect] = []
    var notes: [String] = []
    // One after the other, so that each is confirmed before the next
    for (index, part) in parts.enumerated() {
      let prefix = index == 0 ? "" : "payment-\(index)-"
      let reply = try call.answers.scoped(prefix, after: links) { (answers) throws(Halt) in
        try PaymentRecording(
          Invocation(
            run: call.run, at: call.at, input: part, payload: call.payload, settings: call.settings,
            answers: answers)
        ).reply()
      }
      guard case .done(_, let more, let note) = reply else { return reply }
      links += more
      notes += [note].compactMap(\.self)
    }
    return .done(call.input, links, note: notes.joined(separator: "; "))
  }
}
