import Setup
import Values

// What the enabled flow connections grant.

extension Doctor {
  /// Whether enabled flow connections agree on what an event grants, and whether the apps have what
  /// their fields name.
  func grants(
    _ registry: Registry, _ begin: (String) -> Void, _ tell: (Finding) -> Void
  ) throws(Problem) {
    for flow in try registry.flows.connections() where flow.isEnabled {
      let subject = "flow connection \(flow.name)"
      for rival in try registry.flows.rivals(of: flow) {
        tell(
          Finding(
            .warning, subject,
            "\(rival.name) grants something else for the same event (\(rival.step)); the first by name"
              + " applies", advice: "disable one of them with `meterbridge flow disable`"))
      }
      guard !isOffline else { continue }
      begin("looking up what \(flow.name) grants")
      let check = try registry.examine(fieldsOf: flow, clock: clock)
      for found in check.findings {
        tell(Finding(found.isGood ? .ok : .wrong, subject, "\(found.subject): \(found.words)"))
      }
      for reason in check.unknown { tell(Finding(.warning, subject, reason)) }
      for label in check.mayNotRead {
        tell(Finding(.warning, subject, "the key may not read \(label)"))
      }
    }
  }
}
