public import StepKit
import Values

/// The list of a site's events, read by the time at which they occurred.
///
/// It is sorted by a time in whole seconds, may show an event late, and does not say whether `after`
/// excludes its own second. So each reading begins some minutes before the newest event of the last one;
/// events that come twice have the same id. Chargebee shows events of the last 90 days.
///
/// Source: https://apidocs.chargebee.com/docs/api/events.
public struct EventList: Sendable {
  private let poll: Poll
  private let answers: [String: Answer]

  /// The seconds before the newest known event at which a reading begins.
  private static let overlap = 600

  /// The list as a poll asks for it.
  public init(_ poll: Poll, _ answers: [String: Answer]) {
    self.poll = poll
    self.answers = answers
  }

  /// The next page.
  public func page() throws(Halt) -> EventPage {
    let cursor = poll.cursor ?? JSON.null
    // Chargebee reads a page by the same filter as the pages before.
    let start = cursor["start"].int ?? poll.since.seconds
    let newest = cursor["newest"].int ?? start
    let types = JSON.array(poll.types.map(JSON.string)).text
    let query = JSON.members([
      "limit": 100, "offset": .text(cursor["offset"].string), "sort_by": ["asc": "occurred_at"],
      "occurred_at": ["after": .number(Numeral(max(start - 1, 0)))],
      "event_type": poll.types.isEmpty ? nil : ["in": .string(types)],
    ])
    let answer = try answers.answer(to: .get("events", "/events", query: query))
    let list = try ChargebeeAPI.value(of: answer, "the list of events")
    let events = list["list"].items.map { $0["event"] }
    let last = events.compactMap { $0["occurred_at"].int }.max() ?? newest
    let offset = list["next_offset"].string
    let end = max(last, newest)
    let next = JSON.members([
      "start": .int(offset == nil ? max(end - Self.overlap, poll.since.seconds) : start),
      "newest": .int(end), "offset": .text(offset),
    ])
    return EventPage(events.map { EventPage.Item(body: $0) }, cursor: next, hasMore: offset != nil)
  }
}
