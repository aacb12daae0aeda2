import Setup
import Values

/// A cache of the resolved flow connections of a home.
struct ResolvedFlows: Sendable {
  private let registry: Registry
  private let router: StepRouter
  private let cache = VersionedCache<ResolvedFlow>()

  init(registry: Registry, router: StepRouter) {
    self.registry = registry
    self.router = router
  }

  /// A flow connection with its current settings.
  ///
  /// - Throws: as ``ResolvedFlow/init(_:registry:router:)``.
  func flow(_ name: String) throws(Problem) -> ResolvedFlow {
    let flow = try cache.value(at: name, in: registry.home) { () throws(Problem) in
      try ResolvedFlow(name, registry: registry, router: router)
    }
    guard let flow else { throw Problem(.software, "the flow connection \(name) was not read") }
    return flow
  }
}
