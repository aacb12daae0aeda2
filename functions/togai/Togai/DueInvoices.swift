public import StepKit
public import Values

/// The invoices that are due and changed since the last reading, as Togai's webhook would announce them.
///
/// An invoice may be created a year before it is due, so all invoices that are due are read. One that is
/// linked to an invoice of another app is left out.
public struct DueInvoices: Sendable {
  private let list: PolledList

  /// The invoices that a poll asks for, in a call at a time.
  public init(_ poll: Poll, at: Timestamp?, _ answers: [String: Answer]) {
    list = PolledList(poll: poll, at: at, answers: answers)
  }

  /// The next page.
  public func page() throws(Halt) -> EventPage {
    let page = try list.read(
      "/invoices", size: 50, filter: ["status": "DUE"], of: "the list of invoices")
    let changed = page.items.filter { ($0["updatedAt"].time ?? list.after) >= list.after }
    let ids = changed.compactMap { $0["id"].verbatim }
    if !ids.isEmpty { try list.answers.require(ids.map(Self.lookup)) }
    var events: [EventPage.Item] = []
    for invoice in changed {
      guard let id = invoice["id"].verbatim,
        try !list.answers.answer(to: Self.lookup(of: id)).isSuccess
      else { continue }
      events.append(
        EventPage.Item(
          id: "due-\(id)-\(invoice["updatedAt"].time?.milliseconds ?? 0)",
          body: ["type": "INVOICE_GENERATED", "payload": ["id": .string(id)]]))
    }
    return EventPage(events, cursor: page.cursor, hasMore: page.hasMore)
  }

  private static func lookup(of id: String) -> Effect {
    .find(name: "linked-\(id)", kind: .invoice, ids: [TogaiAPI.name: id])
  }
}
