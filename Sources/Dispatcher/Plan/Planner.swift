import HTTPClient
public import Setup
import StepKit
public import Values

/// Makes plans: calls the steps of a flow, and answers them without changing anything.
public struct Planner: Sendable {
  private let registry: Registry
  private let router: StepRouter
  private let clock: WallClock
  private let mayRead: Bool

  /// A planner over a home; `mayRead` says whether the apps may be read.
  public init(
    registry: Registry, functions: any StepCaller, mayRead: Bool, clock: WallClock = .system
  ) {
    self.registry = registry
    router = StepRouter(functions, registry: registry)
    self.mayRead = mayRead
    self.clock = clock
  }

  /// The plan of a flow connection for an event.
  ///
  /// - Throws: a `noInput` problem if there is no such flow connection; `unavailable` if a step gave no
  ///   reply or an app that may be read does not answer; `software` if a reply is bad.
  public func plan(_ event: JSON, for name: String) throws(Problem) -> Plan {
    let flow = try ResolvedFlow(name, registry: registry, router: router)
    let id = event["id"].nonBlank ?? Fingerprint(of: event.bytes).text
    let performer = PlanPerformer(
      Plan(flowConnection: name, event: id), event: event, links: Links(home: registry.home),
      api: mayRead ? APIClient(home: registry.home, clock: clock) : nil, at: clock.now())
    var interpreter = FlowInterpreter(flow, performer)
    try interpreter.run { (call) throws(Problem) in
      try router.call(call.step, at: call.place, with: call.line)
    }
    return interpreter.performer.plan
  }
}
