import Setup
import Values

/// The resolved flow connections of a home, each until its settings may have changed.
struct ResolvedFlows: Sendable {
  private let registry: Registry
  private let router: StepRouter
  private let cache = VersionedCache<ResolvedFlow>()

  init(registry: Registry, router: StepRouter) {
    self.registry = registry
    self.router = router
  }

  /// A flow connection by its name.
  ///
  /// - Throws: as ``ResolvedFlow``.
  func flow(_ name: String) throws(Problem) -> ResolvedFlow {
    let flow = try cache.value(at: name, in: registry.home) { () throws(Problem) in
      try ResolvedFlow(name, registry: registry, router: router)
    }
    guard let flow else { throw Problem(.software, "the flow connection \(name) was not read") }
    return flow
  }
}
