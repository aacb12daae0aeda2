import Dispatcher
import StepKit
import Values

/// A plan as text.
enum PlanPage {
  static func text(_ plan: Plan) -> String {
    let head = "plan of \(plan.flowConnection) for event \(plan.event)"
    let parts = plan.parts.enumerated().map { text($0.element, $0.offset + 1) }
    return ([head] + parts + [summary(plan)]).joined(separator: "\n")
  }

  private static func text(_ part: Plan.Part, _ number: Int) -> String {
    let lines = part.effects.flatMap(lines)
    let words = part.words.map { ": \($0)" } ?? ""
    return
      (["\(number) \(part.step) (\(part.connection)): \(part.deed)"] + lines
      + ["    \(part.outcome)\(words)"]).joined(separator: "\n")
  }

  private static func lines(_ effect: PlannedEffect) -> [String] {
    let mark = effect.isAssumed ? "? " : "  "
    let deed = effect.deed.rawValue.padded(to: 7)
    return ["  \(mark)\(deed) \(what(effect))\(answer(effect))"]
      + (effect.body.map { ["            \($0)"] } ?? [])
  }

  private static func what(_ effect: PlannedEffect) -> String {
    switch effect.effect {
    case .http(let http): "\(http.method.rawValue) \(effect.path ?? http.path)"
    case .find(let find):
      "\(find.kind.rawValue) \(ids(find.ids))"
        + (find.app.map { find.wantsVersion ? ", the version in \($0)" : " in \($0)" } ?? "")
    case .link(let link): "\(link.kind.rawValue) \(ids(link.ids))"
    }
  }

  private static func answer(_ effect: PlannedEffect) -> String {
    guard let (answer, isAssumed) = effect.answer, !effect.deed.isChange else { return "" }
    let said = answer.status == 404 ? "none" : answer.value.string ?? "\(answer.status ?? 0)"
    return " → \(isAssumed ? "assumed " : "")\(said)"
  }

  private static func ids(_ ids: [String: String]) -> String {
    ids.sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value)" }.joined(separator: " = ")
  }

  private static func summary(_ plan: Plan) -> String {
    let deeds = plan.parts.flatMap(\.effects).map(\.deed).filter(\.isChange)
    let counts = [PlannedEffect.ChangeKind.create, .update, .link].compactMap { deed -> String? in
      let count = deeds.count { $0 == deed }
      return count == 0 ? nil : "\(count) \(deed.rawValue)"
    }
    let rest = plan.isInTrouble ? "; the flow would not complete, as far as is known" : ""
    return
      (counts.isEmpty
      ? plan.isInTrouble ? "no known changes" : "nothing would change"
      : "would change: \(counts.joined(separator: ", "))") + rest
  }
}
