import FoundationEssentials
public import StepKit
public import Values

/// The invoices of a status that changed since the last reading, as Togai's webhook would announce them.
///
/// An invoice may be created a year before it is due, so all invoices of the status are read. One that is
/// linked to what was made for it in another app is left out.
public struct GeneratedInvoices: Sendable {
  /// Which invoices are read.
  public enum Portion: Sendable {
    /// Those that are due.
    case due
    /// Those of less than nothing, which are credits: Togai gives them the status REFUND_COMPLETED.
    case credits

    fileprivate var status: String { self == .due ? "DUE" : "REFUND_COMPLETED" }
    fileprivate var kind: Kind { self == .due ? .invoice : .credit }
    fileprivate var word: String { self == .due ? "due" : "credit" }
  }

  private let portion: Portion
  private let list: PolledList

  /// The invoices that a poll asks for, in a call at a time.
  public init(_ portion: Portion, _ poll: Poll, at: Timestamp?, _ answers: [String: Answer]) {
    self.portion = portion
    list = PolledList(poll: poll, at: at, answers: answers)
  }

  /// The next page.
  public func page() throws(Halt) -> EventPage {
    let page = try list.read(
      "/invoices", size: 50, filter: ["status": .string(portion.status)],
      of: "the list of invoices")
    let changed = page.items.filter {
      ($0["updatedAt"].time ?? list.after) >= list.after && isWanted($0)
    }
    let ids = changed.compactMap { $0["id"].verbatim }
    if !ids.isEmpty { try list.answers.require(ids.map(lookup)) }
    var events: [EventPage.Item] = []
    for invoice in changed {
      guard let id = invoice["id"].verbatim,
        try !list.answers.answer(to: lookup(of: id)).isSuccess
      else { continue }
      events.append(
        EventPage.Item(
          id: "\(portion.word)-\(id)-\(invoice["updatedAt"].time?.milliseconds ?? 0)",
          body: ["type": "INVOICE_GENERATED", "payload": ["id": .string(id)]]))
    }
    return EventPage(events, cursor: page.cursor, hasMore: page.hasMore)
  }

  /// Whether an invoice belongs to the portion; one whose total cannot be read is left to the flow.
  private func isWanted(_ invoice: JSON) -> Bool {
    guard portion == .credits, let id = invoice["id"].verbatim else { return true }
    return (try? TogaiInvoice(invoice, id: id).total < 0) ?? true
  }

  private func lookup(of id: String) -> Effect {
    .find(name: "linked-\(id)", kind: portion.kind, ids: [TogaiAPI.name: id])
  }
}
