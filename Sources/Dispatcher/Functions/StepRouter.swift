public import Catalog
public import Setup
import StepKit
public import Values

/// Calls each step on this machine, or at the endpoint that a flow connection or its app names.
public struct StepRouter: Sendable {
  /// The caller behind the router.
  public let caller: any StepCaller
  private let endpoints: StepEndpoints

  /// Creates a router with the endpoints of a home and its apps.
  public init(_ caller: any StepCaller, registry: Registry) {
    (self.caller, endpoints) = (caller, StepEndpoints(registry))
  }

  /// The endpoint of a step in a flow connection; nil for this machine.
  ///
  /// - Throws: an `io` or `temporary` problem if the store cannot be read.
  public func endpoint(of step: StepID, in flowConnection: String?) throws(Problem)
    -> StepEndpoints.Place?
  {
    try endpoints.place(of: step, in: flowConnection)
  }

  /// Calls a step at its endpoint in a flow connection.
  ///
  /// - Throws: as ``endpoint(of:in:)`` and ``call(_:at:with:)``.
  public func call(
    _ step: StepID, in flowConnection: String?, with invocation: JSON
  ) throws(Problem) -> JSON {
    try call(step, at: endpoint(of: step, in: flowConnection), with: invocation.bytes).value
  }

  /// Calls a step at an endpoint, nil for this machine, with an invocation on one line.
  ///
  /// - Throws: as ``StepCaller/call(_:at:with:)``, also if the secret of the endpoint is missing.
  public func call(
    _ step: StepID, at endpoint: StepEndpoints.Place?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput {
    let destination = try endpoint.map { (endpoint) throws(Problem) in
      StepDestination(
        url: endpoint.url, authorization: try endpoints.authorization(of: step, at: endpoint))
    }
    return try caller.call(step, at: destination, with: invocation)
  }
}
