import Catalog
import Dispatcher
public import Records
public import Setup
import StepKit
public import Values

/// A person's request that the invoice of another app be voided: an event for the flow connections that begin with
/// a step `void-requested`.
public struct VoidRequest: Sendable {
  private let registry: Registry
  private let flow: FlowConnection

  /// A request for the invoices of an account, such as `togai:production`; nil if no flow connection that takes
  /// requests is enabled for it.
  public init?(account: String, _ registry: Registry) throws(Problem) {
    guard let flow = try Self.flows(registry)[account] else { return nil }
    (self.registry, self.flow) = (registry, flow)
  }

  /// The accounts whose invoices can be voided by a request.
  public static func accounts(_ registry: Registry) throws(Problem) -> Set<String> {
    Set(try flows(registry).keys)
  }

  /// The enabled flow connections that take requests, by the account of the invoices.
  private static func flows(_ registry: Registry) throws(Problem) -> [String: FlowConnection] {
    var flows: [String: FlowConnection] = [:]
    for flow in try registry.flows.connections() where flow.isEnabled {
      guard let first = flow.parts.first, first.step.name == "void-requested",
        let connection = try registry.connections.find(first.connection)
      else { continue }
      flows[connection.scope] = flow
    }
    return flows
  }

  /// Starts the run that voids the invoice.
  ///
  /// - Throws: The problem for which the event was not stored.
  public func send(
    invoice id: String, by person: String, clock: WallClock = .system
  ) throws(Problem) -> Run {
    guard let part = flow.parts.first else { throw Problem(.software, "a flow has a trigger") }
    let event: JSON = [
      "voidRequest": [
        "invoice": .string(id), "by": .string(person), "at": .string(clock.now().text),
      ]
    ]
    let intake = Intake(registry: registry, clock: clock, person: person)
    switch intake.take(event, from: try registry.connections.get(part.connection)) {
    case .taken(let runs):
      guard let run = runs.first(where: { $0.flowConnection == flow.name }) else {
        throw Problem(.refused, "the flow connection \(flow.name) does not listen: is it enabled?")
      }
      return run
    case .duplicate: throw Problem(.refused, "this was asked for in this moment already")
    case .refused(let problem): throw problem
    }
  }

  /// Why there is no request for an account.
  public static func missing(_ account: String) -> Problem {
    Problem(
      .noInput,
      "no flow connection takes requests to void invoices of \(account): connect one with"
        + " `meterbridge flow connect togai-chargebee-void-requests --enable`")
  }
}
