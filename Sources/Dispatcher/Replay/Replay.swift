import Catalog
public import Records
public import Setup
import StepKit
public import Values

/// Calls the steps of a past run again with the answers that they had, and compares what they say.
///
/// Nothing is sent, and nothing written.
public struct Replay: Sendable {
  private let registry: Registry
  private let router: StepRouter

  /// Replays runs of a home.
  public init(registry: Registry, functions: any StepCaller) {
    self.registry = registry
    router = StepRouter(functions, registry: registry)
  }

  /// One call, then and now.
  public struct Call: Sendable {
    /// The step, from 1.
    public let step: Int
    /// The call of the step, from 1.
    public let round: Int
    /// What the step said then.
    public let then: JSON
    /// What it says now.
    public let now: JSON

    /// Whether both are the same, to the byte.
    public var isSame: Bool { then.text == now.text }
  }

  /// The calls of a run's last try, made again.
  ///
  /// - Throws: a `noInput` problem if the flow connection or the event is gone; `unavailable` if a step
  ///   gives no reply now; `software` if a reply is bad.
  public func replay(_ run: Run) throws(Problem) -> [Call] {
    let flow = try ResolvedFlow(run.flowConnection, registry: registry, router: router)
    var interpreter = FlowInterpreter(flow, try ReplayPerformer(of: run, in: registry.home))
    try interpreter.run { (call) throws(Problem) in
      try router.call(call.step, at: call.place, with: call.line)
    }
    return interpreter.performer.calls
  }
}
