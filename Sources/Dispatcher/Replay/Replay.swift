import Catalog
public import Records
public import Setup
import StepKit
public import Values

/// Repeats the calls of a past run with the recorded answers, and compares the replies.
///
/// It sends no requests and writes nothing.
public struct Replay: Sendable {
  private let registry: Registry
  private let router: StepRouter

  /// Creates a replay of runs of a home.
  public init(registry: Registry, caller: any StepCaller) {
    self.registry = registry
    router = StepRouter(caller, registry: registry)
  }

  /// A call with its recorded and its new reply.
  public struct Call: Sendable {
    /// The number of the step, from 1.
    public let step: Int
    /// The number of the call within the step, from 1.
    public let round: Int
    /// The recorded reply.
    public let then: JSON
    /// The new reply.
    public let now: JSON

    /// Whether the replies are equal, to the byte.
    public var isSame: Bool { then.text == now.text }
  }

  /// Repeats the calls of the last attempt of a run.
  ///
  /// - Throws: a `noInput` problem if the flow connection or the event no longer exists; `unavailable`
  ///   if a step gives no reply; `software` if a reply is invalid.
  public func replay(_ run: Run) throws(Problem) -> [Call] {
    let flow = try ResolvedFlow(run.flowConnection, registry: registry, router: router)
    var interpreter = FlowInterpreter(flow, try ReplayPerformer(of: run, in: registry.home))
    try interpreter.run(router)
    return interpreter.performer.calls
  }
}
