/// What can be chosen when a flow is made.
extension AppCatalog {
  /// The triggers of flows in a direction, sorted by their names.
  public func triggers(_ direction: Flow.Direction) -> [StepSpec] {
    steps.filter { step in
      step.isTrigger && (apps[step.id.app]?.isHub == true) == (direction == .outbound)
    }
  }

  /// The actions that take what a trigger gives, sorted by their names.
  public func actions(after trigger: StepSpec) -> [StepSpec] {
    guard case .trigger(_, let noun) = trigger.role else { return [] }
    return steps.filter { step in
      guard case .action(let takes) = step.role else { return false }
      return noun == "*" || takes.contains("*") || takes.contains(noun)
    }
  }

  private var steps: [StepSpec] { apps.values.flatMap(\.steps.values).sorted { $0.id < $1.id } }
}
