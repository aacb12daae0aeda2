import Catalog
import Operations
import Records
import Setup
import Values

/// How events come in: what came of webhooks, why some were refused, and reading what they did not bring.
enum DeliveryPage {
  static let routes: [Route] = [
    .get("/delivery", .viewer, .one("getDelivery", "How events come in", "Delivery")) {
      (visit) throws(Problem) in try page(visit)
    },
    .post(
      "/delivery/catch-up", .operator,
      .one("catchUp", "Read events that webhooks did not bring", "CatchUp", choices)
    ) { (visit) throws(Problem) in
      let progress = try visit.console.catchUp.start(
        connection: visit.field("connection"), since: time("since", visit),
        until: time("until", visit), by: visit.person)
      return .done(
        progress.json, next: Address("delivery"),
        note: "The apps are asked. This may take minutes; you can leave the page.")
    },
  ]

  private static let choices: [APIOperation.Parameter] = [
    .init(name: "connection", help: "Only the account of this connection"),
    .init(name: "since", help: "From when on: a time, or an age such as 2d; default: what is new"),
    .init(name: "until", help: "Until when; default: now"),
  ]

  private static func time(_ name: String, _ visit: Visit) throws(Problem) -> Timestamp? {
    guard let text = visit.field(name) else { return nil }
    guard let time = Timestamp(timeOrAge: text, now: visit.now) else {
      throw Problem(.usage, "\(name): \"\(text)\" is neither a time nor an age such as 30d")
    }
    return time
  }

  private typealias Poll = (plan: PollPlan, cursor: PollCursor?)

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let polls = try PollPlan.all(visit.registry).map { (plan) throws(Problem) -> Poll in
      (plan, try plan.cursor(in: visit.home))
    }
    let counts = visit.console.options.metrics?.webhooks
    let unreadable = try UnreadablePage.link(visit)
    let content = group {
      pageHead("Delivery", words: "How events come in") {
        unreadable
        a(.class("button"), .href(Address("schedules"))) { "Schedules" }
        a(.class("button"), .href(Address("events"))) { "Events" }
      }
      if let counts { webhooks(counts) }
      h2 { "Catch-up" }
      p(.class("soft")) {
        "Reads from the apps what webhooks did not bring. An event that is known starts nothing."
      }
      if visit.may(.operator), !polls.isEmpty { form(polls, visit) }
      div(.id("progress"), .live) { visit.console.catchUp.progress.map(progress) ?? .empty }
      pollTable(polls)
    }
    let document: JSON = .members([
      "webhooks": counts?.json, "catchUp": visit.console.catchUp.progress?.json,
      "polls": .array(polls.map(json)),
    ])
    return .page(
      Answer.Page(title: "Delivery", section: .events, document: document, content: content))
  }

  private static func json(_ poll: Poll) -> JSON {
    .members([
      "poll": .string("\(poll.plan.step)"), "account": .string(poll.plan.connection.scope),
      "types": .texts(poll.plan.types), "since": .text(poll.cursor?.since.text),
      "readThrough": .text(poll.cursor?.at?.text), "failing": .text(poll.cursor?.failure?.reason),
    ])
  }

  // MARK: Webhooks

  private static let outcomes: KeyValuePairs = [
    "taken": "started runs", "unheard": "no flow listened", "duplicate": "came again",
    "unreadable": "could not be read", "refused": "refused",
  ]

  @NodeBuilder
  private static func webhooks(_ counts: WebhookCounts) -> Node {
    h2 {
      "Webhooks "
      small {
        "since the server began, "
        moment(counts.since)
      }
    }
    div(.class("kpis"), .id("webhooks"), .live) {
      for (outcome, words) in outcomes {
        div {
          strong { "\(counts.outcomes[outcome] ?? 0)" }
          span { words }
        }
      }
    }
    if !counts.refusals.isEmpty {
      dataTable(
        "Refused webhooks", head: ["Why webhooks were refused or kept", "Number", "Last"],
        numeric: [1], live: "refusals"
      ) {
        for one in counts.refusals {
          tr {
            td { bdi { one.reason.titled } }
            td(.class("num")) { "\(one.count)" }
            td { moment(one.last) }
          }
        }
      }
    }
  }

  // MARK: Catch-up

  private static func form(_ polls: [Poll], _ visit: Visit) -> Node {
    let names = Set(polls.map(\.plan.connection.name)).sorted()
    return visit.postForm(Address("delivery", "catch-up"), .class("filters")) {
      label {
        "Connection"
        choice(.name("connection")) {
          option(.value("")) { "All" }
          for name in names { option(.value(name)) { name } }
        }
      }
      label {
        "From"
        input(.name("since"), .placeholder("what is new, or 2d"), .noSpelling, .autocomplete("off"))
      }
      label {
        "To"
        input(.name("until"), .placeholder("now, or 1d"), .noSpelling, .autocomplete("off"))
      }
      button(.class("first")) { "Catch up" }
    }
  }

  private static func progress(_ one: CatchUpRunner.Progress) -> Node {
    div(.class(one.failures.isEmpty ? one.isRunning ? "note" : "note good" : "note bad")) {
      p {
        one.isRunning ? "Under way, begun " : "Begun "
        moment(one.at)
        " by "
        bdi { one.by }
        one.isRunning ? "." : ", ended."
      }
      for result in one.results {
        p {
          result.begins
            ? "\(result.step) of \(result.account): reading begins now; From reads what happened earlier."
            : "\(result.step) of \(result.account): \(result.read) read, \(result.new) new,"
              + " \(result.runs) runs started."
        }
      }
      for failure in one.failures { p { bdi { "\(failure.titled)." } } }
    }
  }

  @NodeBuilder
  private static func pollTable(_ polls: [Poll]) -> Node {
    if polls.isEmpty {
      emptyList("No enabled flow connection listens to events of an app that can be read.")
    } else {
      dataTable("Polls", head: ["What is read", "Account", "Read through", "State"]) {
        for poll in polls {
          tr {
            td {
              poll.plan.connection.app.steps[poll.plan.step.name]?.label ?? "\(poll.plan.step)"
              span(.class("next")) { bdi { poll.plan.types.joined(separator: ", ") } }
            }
            td { code(.class("id")) { bdi { poll.plan.connection.scope } } }
            td { poll.cursor?.at.map(moment) ?? Node("never") }
            td {
              if let failure = poll.cursor?.failure {
                tag("Failing", "bad")
                span(.class("why")) { bdi { failure.reason } }
              } else if poll.cursor == nil {
                tag("Not begun")
              } else {
                tag("Good", "good")
              }
            }
          }
        }
      }
    }
  }
}
