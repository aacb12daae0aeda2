import Dispatcher
import StepKit
import Values

/// A plan as text.
enum PlanPage {
  static func text(_ plan: Plan) -> String {
    let head = "plan of \(plan.flowConnection) for event \(plan.event)".displayed()
    let parts = plan.parts.enumerated().map { text($0.element, $0.offset + 1) }
    return ([head] + parts + [summary(plan)]).joined(separator: "\n")
  }

  private static func text(_ part: Plan.Part, _ number: Int) -> String {
    let lines = part.effects.flatMap(lines)
    let words = part.reason.map { ": \($0)" } ?? ""
    let all =
      ["\(number) \(part.step) (\(part.connection)): \(part.summary)"] + lines
      + ["    \(part.outcome)\(words)"]
    return all.map { $0.displayed() }.joined(separator: "\n")
  }

  private static func lines(_ effect: PlannedEffect) -> [String] {
    let mark = effect.isAssumed ? "? " : "  "
    let kind = effect.changeKind.rawValue.padded(to: 7)
    return ["  \(mark)\(kind) \(what(effect))\(answer(effect))"]
      + (effect.body.map { ["            \($0)"] } ?? [])
  }

  private static func what(_ effect: PlannedEffect) -> String {
    switch effect.effect {
    case .http(let http): "\(http.method.rawValue) \(effect.path ?? http.path)"
    case .mail(let mail): "mail \(mail.to.text): \(mail.subject)"
    case .find(let find):
      "\(find.kind.rawValue) \(ids(find.ids))"
        + (find.app.map { find.wantsVersion ? ", the version in \($0)" : " in \($0)" } ?? "")
    case .link(let link): "\(link.kind.rawValue) \(ids(link.ids))"
    }
  }

  private static func answer(_ effect: PlannedEffect) -> String {
    guard let (answer, isAssumed) = effect.answer, !effect.changeKind.isChange else { return "" }
    let said = answer.status == 404 ? "none" : answer.value.string ?? "\(answer.status ?? 0)"
    return " → \(isAssumed ? "assumed " : "")\(said)"
  }

  private static func ids(_ ids: [String: String]) -> String {
    ids.sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value)" }.joined(separator: " = ")
  }

  private static func summary(_ plan: Plan) -> String {
    let kinds = plan.parts.flatMap(\.effects).map(\.changeKind)
    let counts = [PlannedEffect.ChangeKind.create, .update, .link].compactMap { kind -> String? in
      let count = kinds.count { $0 == kind }
      return count == 0 ? nil : "\(count) \(kind.rawValue)"
    }
    let rest = plan.needsAttention ? "; the flow would not complete, as far as is known" : ""
    return
      (counts.isEmpty
      ? plan.needsAttention ? "no known changes" : "nothing would change"
      : "would change: \(counts.joined(separator: ", "))") + rest
  }
}
