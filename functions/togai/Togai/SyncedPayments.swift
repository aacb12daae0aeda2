import FoundationEssentials
public import StepKit
public import Values

/// Writes on Togai's own invoices what was paid for them in another app, each payment once.
///
/// | what Togai says | what comes of it |
/// |---|---|
/// | 201 | written down |
/// | the payment is in its list, or the invoice is paid | nothing more |
/// | refused, and the other app says that nothing is left to pay | the invoice is marked as paid |
/// | refused, and something is left to pay | failed |
/// | nothing, and the payment is in the list then | written down |
/// | nothing, and it is not | later again |
public struct SyncedPayments: Sendable {
  /// How it ended.
  public enum Ending: Sendable {
    /// Written down, now or before; with the last links.
    case done([Effect], note: String)
    /// There is nothing to write down.
    case stop(String)
  }

  private let payment: Payment
  private let app: String
  private let id: String
  private let answers: [String: Answer]

  /// The payments of a call, as far as its answers go.
  public init(_ call: Invocation<Payment>) throws(Failure) {
    let source = try Source(of: "payment", call.input.ids, besides: Togai.name)
    (app, id) = (source.app, source.id)
    payment = call.input
    answers = call.answers
  }

  /// The ending, or what must be asked first.
  public func ending() throws(Failure) -> Part<Ending> {
    let own = try OwnInvoices(invoices: payment.invoices, app: app, answers: answers).ids()
    guard let own = own.value else { return .needs(own.effects) }
    let all = own.indices.compactMap { index in
      own[index].map {
        SyncedPayment(
          index: index, togai: $0, paid: payment.invoices[index], app: app, id: id,
          payment: payment, answers: answers)
      }
    }
    guard !all.isEmpty else { return .has(.stop("the payment is for no invoice of Togai's")) }

    let synced = all.filter { !$0.isFromTogai }
    guard !synced.isEmpty else {
      return .has(
        .stop("the payment was made in Togai, and \(app.titled) only has it written down"))
    }
    let finds = synced.flatMap(\.finds)
    guard finds.allSatisfy({ answers[$0.name] != nil }) else { return .needs(finds.map(\.effect)) }

    var links: [Effect] = []
    var notes: [String] = []
    for one in synced {
      let result = try one.result()
      guard let result = result.value else { return .needs(result.effects) }
      links += [result.link].compactMap(\.self)
      notes.append(result.note)
    }
    return .has(.done(links, note: notes.joined(separator: "; ")))
  }
}
