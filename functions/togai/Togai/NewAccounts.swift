public import StepKit
public import Values

/// The accounts of customers created since the last reading, as Togai's webhook would announce them.
///
/// Togai shows no time of an account, so a new account of an older customer is not found.
public struct NewAccounts: Sendable {
  private let list: PolledList

  /// The accounts that a poll asks for, in a call at a time.
  public init(_ poll: Poll, at: Timestamp?, _ answers: [String: Answer]) {
    list = PolledList(poll: poll, at: at, answers: answers)
  }

  /// The next page.
  public func page() throws(Halt) -> EventPage {
    // The newest change comes first, and a customer is changed by its creation.
    let page = try list.read("/customers", size: 100, of: "the list of customers") {
      isBefore($0["updatedAt"])
    }
    var events: [EventPage.Item] = []
    for customer in page.items.reversed() where !isBefore(customer["createdAt"]) {
      guard let id = customer["id"].verbatim else { continue }
      for account in try accounts(of: id) {
        guard let account = account["id"].verbatim else { continue }
        events.append(
          EventPage.Item(
            id: "new-\(account)",
            body: ["type": "ACCOUNT_CREATED", "payload": ["id": .string(account)]]))
      }
    }
    return EventPage(events, cursor: page.cursor, hasMore: page.hasMore)
  }

  private func accounts(of customer: String) throws(Halt) -> [JSON] {
    var found: [JSON] = []
    let pages = Pages(
      name: "accounts-\(customer)", path: "/accounts", size: 100, thing: "the list of accounts",
      filter: ["customer_id": .string(customer)], answers: list.answers)
    try pages.read { items in
      found += items
      return true
    }
    return found
  }

  private func isBefore(_ time: JSON) -> Bool { time.time.map { $0 < list.after } ?? false }
}
