/// The choices when a flow is created.
extension AppCatalog {
  /// The triggers of flows of a direction, ordered by name.
  public func triggers(_ direction: Flow.Direction) -> [StepSpec] {
    steps.filter { step in
      step.isTrigger && (apps[step.id.app]?.isHub == true) == (direction == .outbound)
    }
  }

  /// The actions that accept the noun of a trigger, ordered by name.
  public func actions(after trigger: StepSpec) -> [StepSpec] {
    guard case .trigger(_, let noun) = trigger.role else { return [] }
    return steps.filter { step in
      guard case .action(let takes) = step.role else { return false }
      return noun == "*" || takes.contains("*") || takes.contains(noun)
    }
  }

  private var steps: [StepSpec] { apps.values.flatMap(\.steps.values).sorted { $0.id < $1.id } }
}
