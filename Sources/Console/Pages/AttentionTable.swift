import Operations
import Records
import Values

/// The items of one cause, with what can be done about those that are picked.
struct AttentionTable {
  private let cause: AttentionCause
  private let items: [AttentionItem]
  private let count: Int
  private let visit: Visit
  private let people: [String]

  /// The number of items of a cause that are shown.
  static let most = 100

  init(_ cause: AttentionCause, _ all: AttentionPortion, _ people: [String], _ visit: Visit) {
    (self.cause, self.people, self.visit) = (cause, people, visit)
    items = all.items.filter { $0.cause == cause }
    count = all.counts[cause] ?? 0
  }

  /// The table; nothing without an item.
  @NodeBuilder var node: Node {
    let deeds = visit.may(.operator) ? Self.deeds(of: cause) : []
    if !items.isEmpty {
      h2 {
        "\(cause.title) "
        small { "\(count) · \(cause.meaning)" }
      }
      if !visit.may(.operator) {
        table(isPicked: false)
      } else {
        visit.postForm(Address("attention"), .id("form-\(cause.rawValue)")) {
          table(isPicked: true)
          div(.class("deeds")) {
            if items.count > 1 {
              label(.class("check")) {
                input(.type("checkbox"), .checksAll)
                "Pick all"
              }
            }
            if count > items.count, visit.query("cause") == cause.rawValue {
              label(.class("check")) {
                input(.type("checkbox"), .name("all"), .value(cause.rawValue))
                "All of this cause, up to 1,000 at once"
              }
            }
            for deed in deeds { button(.name("do"), .value(deed)) { "\(deed.titled) picked" } }
            assignment
          }
        }
      }
      if count > items.count, visit.filters.isEmpty {
        p {
          a(.href(Address(["attention"], query: [Field("cause", cause.rawValue)]))) {
            "All \(count)"
          }
        }
      }
    }
  }

  private func table(isPicked: Bool) -> Node {
    dataTable(
      cause.title, head: (isPicked ? ["Pick"] : []) + ["What", "Customer", "Amount", "Since"],
      numeric: [isPicked ? 3 : 2]
    ) {
      for item in items { row(item, isPicked: isPicked) }
    }
  }

  private static func deeds(of cause: AttentionCause) -> [String] {
    switch cause {
    case .failed, .notSynced: ["retry", "acknowledge"]
    case .waiting: ["acknowledge"]
    case .unreadable, .paused, .tripped, .silent, .behind, .schedule, .clock: ["acknowledge"]
    case .inDoubt, .held, .disk, .notServed: []
    }
  }

  private var assignment: Node {
    group {
      label {
        "to"
        choice(.name("to")) {
          option(.value("")) { "nobody" }
          for name in people {
            if name == visit.person { option(.selected) { name } } else { option { name } }
          }
        }
      }
      button(.name("do"), .value("assign")) { "Assign picked" }
    }
  }

  private func row(_ item: AttentionItem, isPicked: Bool) -> Node {
    tr {
      if isPicked {
        td {
          input(.type("checkbox"), .name("id"), .value(item.id), .label("Pick \(item.subject)"))
        }
      }
      td {
        Self.subject(item)
        span(.class("why")) { bdi { item.reason } }
        if let next = item.nextTry {
          span(.class("next")) {
            "Next try "
            moment(next)
          }
        }
      }
      td { Self.customer(item) }
      td(.class("num")) { item.amount ?? "" }
      td {
        moment(item.since)
        span(.class("next")) { item.since.age(at: visit.now) }
        if let person = item.assignedTo { span(.class("next")) { bdi { "assigned to \(person)" } } }
      }
    }
  }

  private static func subject(_ item: AttentionItem) -> Node {
    if let run = item.run { return a(.class("id"), .href(Address("runs", run))) { run } }
    if item.cause == .paused {
      return a(.href(Address("connections", item.subject))) { item.subject }
    }
    return bdi { item.subject }
  }

  private static func customer(_ item: AttentionItem) -> Node {
    item.customer.map(customerLink) ?? .empty
  }
}

extension Timestamp {
  /// How long ago it was, in words: `2 days`, `5 h`, `38 min`.
  func age(at now: Timestamp) -> String {
    let minutes = max(now.milliseconds - milliseconds, 0) / 60_000
    if minutes < 120 { return "\(minutes) min" }
    return minutes < 2880 ? "\(minutes / 60) h" : "\(minutes / 1440) days"
  }
}
