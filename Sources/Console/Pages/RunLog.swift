import Operations
import Records
import Values

/// The activity of a run: the rows of its log, and under each step its requests and answers.
struct RunLog {
  private let view: RunView

  init(_ view: RunView) { self.view = view }

  /// The list.
  var node: Node {
    let last = lastRows
    return ol(.class("steps")) {
      for (index, row) in view.run.log.enumerated() {
        item(row, effects: last[index].map(effects) ?? [])
      }
    }
  }

  /// The step, from 0, of each row that is the last one of a step.
  private var lastRows: [Int: Int] {
    var rows: [Int: Int] = [:]
    for (index, row) in view.run.log.enumerated() {
      let words = row.name.split(separator: " ")
      if words.count >= 3, words[0] == "Step", let number = Int(words[1]) {
        rows[number - 1] = index
      }
    }
    return Dictionary(rows.map { ($1, $0) }) { one, _ in one }
  }

  private func effects(of step: Int) -> [RunEffect] { view.effects.filter { $0.step == step } }

  private func item(_ row: Run.Entry, effects: [RunEffect]) -> Node {
    li(.class(Self.tone(row))) {
      moment(row.at)
      bold { row.name }
      " "
      small { "\(row.status) · by \(row.by ?? "Meterbridge")" }
      if let note = row.note { span(.class("why")) { bdi { note } } }
      for effect in effects { Self.detail(effect) }
    }
  }

  private static func tone(_ row: Run.Entry) -> String {
    switch row.status {
    case "Failed", "Not Synced": "bad"
    case "Parked": "warn"
    case "Pending" where row.name.hasSuffix("Waits"): "warn"
    case "Pending": "wait"
    default: ""
    }
  }

  /// A request with its answer, or a look into the ID mapping.
  private static func detail(_ effect: RunEffect) -> Node {
    let record = effect.record
    let isOpen = !["confirmed", "refused"].contains(record["state"].string ?? "")
    let attributes: [Attribute] = isOpen ? [.open] : []
    return element(
      "details", attributes,
      group {
        summary {
          headline(record["effect"])
          small { " · \(effect.name) · \(state(record))" }
        }
        parts(record)
      })
  }

  @NodeBuilder
  private static func parts(_ record: JSON) -> Node {
    let http = record["effect"]["http"]
    for (name, value) in [
      ("Query", http["query"]), ("Request", http["body"]), ("Mail", record["effect"]["mail"]),
      ("Answer", record["answer"]["value"]),
    ] {
      if !value.isNull, value != [:] {
        paragraphHead(name)
        jsonText(value, label: name)
      }
    }
  }

  private static func paragraphHead(_ words: String) -> Node { p(.class("soft")) { words } }

  private static func headline(_ effect: JSON) -> Node {
    if let path = effect["http"]["path"].string {
      return code { "\(effect["http"]["method"].string ?? "") \(path)" }
    }
    if let address = effect["mail"]["to"].string { return code { "mail \(address)" } }
    let isFind = !effect["find"].isNull
    let part = effect[isFind ? "find" : "link"]
    return code { "\(isFind ? "find" : "link") \(part["kind"].string ?? "") \(part["ids"].text)" }
  }

  private static func state(_ record: JSON) -> String {
    let status = record["answer"]["status"].int.map { "answered \($0)" }
    return [status ?? record["state"].string, record["took"].int.map { "\($0) ms" }]
      .compactMap { $0 }.joined(separator: " · ")
  }
}
