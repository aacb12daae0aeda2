import Records
import Values

/// A run as text: its state, its activity log and its effects.
enum RunPage {
  static func text(
    _ run: Run, behind other: String? = nil,
    _ effects: [RunEffect]
  ) -> String {
    var head = [
      ["run", run.id], ["status", run.status.rawValue], ["flow connection", run.flowConnection],
      ["event", run.event],
    ]
    if let reason = run.reason { head.append(["reason", reason]) }
    if run.status == .pending, run.attempts > 0 {
      let count = run.attempts == 1 ? "once" : "\(run.attempts) times"
      head.append(["tried", "\(count); again at \(run.due.text)"])
    }
    if let other { head.append(["waits", "behind \(other), the previous run of \(run.lane)"]) }
    let log = run.log.map {
      [$0.name, $0.status, $0.at.text, $0.by ?? "Meterbridge", $0.note ?? ""]
    }
    let rows = effects.map { effect in
      [
        "Step \(effect.step + 1)", effect.name, summary(of: effect.record),
        effect.record["state"].string ?? "", effect.record["took"].int.map { "\($0) ms" } ?? "",
        answer(of: effect.record),
      ]
    }
    return """
      \(Table.text(head))

      \(Table.text([["NAME", "STATUS", "TIMESTAMP", "EXECUTED BY", "NOTE"]] + log))

      \(Table.text([["STEP", "EFFECT", "ASKED", "STATE", "TOOK", "ANSWER"]] + rows))
      """
  }

  private static func summary(of record: JSON) -> String {
    let effect = record["effect"]
    if let path = effect["http"]["path"].string {
      return "\(effect["http"]["method"].string ?? "") \(path)"
    }
    if let address = effect["mail"]["to"].string { return "mail \(address)" }
    let isFind = !effect["find"].isNull
    let part = effect[isFind ? "find" : "link"]
    return "\(isFind ? "find" : "link") \(part["kind"].string ?? "") \(part["ids"].text)"
  }

  /// The answer's status and the beginning of its value; `--json` prints all of it.
  private static func answer(of record: JSON) -> String {
    let answer = record["answer"]
    let status = answer["status"].int.map { "\($0)" } ?? (answer.isNull ? "" : "unknown")
    let value = answer["value"].isNull ? "" : " " + answer["value"].text
    return status + (value.count > 80 ? value.truncated(to: 80) + "…" : value)
  }
}
