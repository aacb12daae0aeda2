public import StepKit
public import Values

/// The payments made since the last reading, as the changes of their invoices that Togai's webhook would
/// announce.
public struct NewPayments: Sendable {
  private let list: PolledList

  /// The payments that a poll asks for, in a call at a time.
  public init(_ poll: Poll, at: Timestamp?, _ answers: [String: Answer]) {
    list = PolledList(poll: poll, at: at, answers: answers)
  }

  /// The next page.
  public func page() throws(Halt) -> EventPage {
    let page = try list.read("/payments", size: 50, of: "the list of payments") { isOld($0) }
    var events: [EventPage.Item] = []
    // The oldest first
    for payment in page.items.reversed() where !isOld(payment) {
      guard let id = payment["id"].verbatim else { continue }
      for record in payment["lineItemRecords"].items {
        guard let invoice = record["togaiId"].verbatim else { continue }
        events.append(
          EventPage.Item(
            id: "paid-\(id)-\(invoice)",
            body: ["type": "INVOICE_UPDATED", "payload": ["id": .string(invoice)]]))
      }
    }
    return EventPage(events, cursor: page.cursor, hasMore: page.hasMore)
  }

  private func isOld(_ payment: JSON) -> Bool {
    payment["createdAt"].time.map { $0 < list.after } ?? false
  }
}
