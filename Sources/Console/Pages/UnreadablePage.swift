import Operations
import Records
import Setup
import Values

/// The webhooks that could not be read: kept, with the reason, until a person has looked at them.
enum UnreadablePage {
  static let routes: [Route] = [
    .get(
      "/unreadable", .viewer,
      .list("listUnreadable", "The events that could not be read", of: "UnreadableEvent")
    ) { (visit) throws(Problem) in try page(visit) },
    .get(
      "/unreadable/:event", .operator,
      .one(
        "getUnreadable", "An event that could not be read, as received", "UnreadableEventWithBody")
    ) { (visit) throws(Problem) in try eventPage(visit) },
    .post(
      "/unreadable/:event/remove", .operator,
      .one("removeUnreadable", "Remove an event that could not be read", "UnreadableEvent")
    ) { (visit) throws(Problem) in
      let event = try entry(visit)
      try UnreadableEvents(home: visit.home).remove(event)
      return .done(event.json, next: Address("unreadable"), note: "The event is removed.")
    },
  ]

  /// A link to the list, if it has any.
  static func link(_ visit: Visit) throws(Problem) -> Node {
    let count = try UnreadableEvents(home: visit.home).count()
    guard count > 0 else { return .empty }
    return a(.class("button"), .href(Address("unreadable"))) { "\(count) could not be read" }
  }

  private static func entry(_ visit: Visit) throws(Problem) -> UnreadableEvents.Entry {
    guard let event = try UnreadableEvents(home: visit.home).entry(visit.path[0]) else {
      throw Problem(.noInput, "there is no event \"\(visit.path[0])\" that could not be read")
    }
    return event
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let events = Array(try UnreadableEvents(home: visit.home).entries().reversed())
    let content = group {
      pageHead(
        "Events that could not be read",
        words: "Webhooks with the right password, and no event in them")
      if events.isEmpty {
        emptyList("Every event could be read.")
      } else {
        dataTable(
          "Events that could not be read",
          head: ["Event", "Received", "Connection", "Bytes", "Reason"], numeric: [3],
          live: "unreadable"
        ) {
          for event in events { row(event, visit) }
        }
      }
    }
    return .page(
      Answer.Page(
        title: "Events that could not be read", section: .events,
        document: .array(events.map(\.json)), content: content))
  }

  private static func row(_ event: UnreadableEvents.Entry, _ visit: Visit) -> Node {
    tr {
      td {
        if visit.may(.operator) {
          a(.class("id"), .href(Address("unreadable", event.id))) { "\(event.id.prefix(8))" }
        } else {
          code(.class("id")) { "\(event.id.prefix(8))" }
        }
      }
      td { moment(event.at) }
      td { a(.href(Address("connections", event.connection))) { event.connection } }
      td(.class("num")) { "\(event.size)" }
      td { bdi { event.reason } }
    }
  }

  private static func eventPage(_ visit: Visit) throws(Problem) -> Answer {
    let event = try entry(visit)
    let body = String(decoding: event.body, as: UTF8.self)
    let isWhole = event.body.count == event.size
    let content = group {
      pageHead("Event that could not be read")
      div(.class("note bad")) { p { bdi { "\(event.reason.titled)." } } }
      div(.class("two")) {
        section {
          h2 { isWhole ? "Body" : "The first \(event.body.count) bytes of the body" }
          pre(.tabindex(0), .role("region"), .label("Body of the event")) { body }
        }
        aside {
          h2 { "Facts" }
          factList([
            ("Event", idText(event.id)), ("Received", moment(event.at)),
            (
              "Connection",
              a(.href(Address("connections", event.connection))) { event.connection }
            ), ("Size", Node("\(event.size) bytes")),
          ])
          p(.class("soft")) {
            "To process it, correct the body and give it to meterbridge dispatch, or have the app send it again."
          }
          visit.removal(
            "Remove…", "The body is kept nowhere else.", "Remove it",
            Address("unreadable", event.id, "remove"))
        }
      }
    }
    let document = JSON.object(
      (event.json.object ?? [:]).merging(["body": .string(body)]) { one, _ in one })
    return .page(
      Answer.Page(title: event.id, section: .events, document: document, content: content))
  }
}
