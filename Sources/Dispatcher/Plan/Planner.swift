public import HTTPClient
import Requests
public import Setup
import StepKit
public import Values

/// Makes plans: calls the steps of a flow, and answers them without changing anything.
public struct Planner: Sendable {
  private let registry: Registry
  private let router: StepRouter
  private let transport: (any HTTPTransport)?
  private let clock: WallClock

  /// Creates a planner for a home that sends reads to the apps if `mayRead` is true.
  public init(
    registry: Registry, caller: any StepCaller, mayRead: Bool,
    transport: any HTTPTransport = CurlClient(), clock: WallClock = .system
  ) {
    self.registry = registry
    router = StepRouter(caller, registry: registry)
    self.transport = mayRead ? transport : nil
    self.clock = clock
  }

  /// The plan of a flow connection for an event.
  ///
  /// - Throws: a `noInput` problem if the flow connection does not exist; `unavailable` if a step gives
  ///   no reply or an app does not answer a read; `software` if a reply is invalid.
  public func plan(_ event: JSON, for name: String) throws(Problem) -> Plan {
    let flow = try ResolvedFlow(name, registry: registry, router: router)
    let id = event["id"].nonBlank ?? Fingerprint(of: event.bytes).text
    let performer = PlanPerformer(
      Plan(flowConnection: name, event: id), event: event, links: Links(home: registry.home),
      api: transport.map { APIClient(home: registry.home, transport: $0, clock: clock) },
      at: clock.now())
    var interpreter = FlowInterpreter(flow, performer)
    try interpreter.run(router)
    return interpreter.performer.plan
  }
}
