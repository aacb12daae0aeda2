public import Catalog
public import Setup
import StepKit
public import Values

/// Calls each step at its place: on this machine, or at a URL.
public struct StepRouter: Sendable {
  /// The caller behind the router.
  public let caller: any StepCaller
  private let places: StepEndpoints

  /// Routes calls as a home and its apps say.
  public init(_ caller: any StepCaller, registry: Registry) {
    (self.caller, places) = (caller, StepEndpoints(registry))
  }

  /// The place of a step in a flow connection; nil for this machine.
  public func place(of step: StepID, in flowConnection: String?) throws(Problem) -> StepEndpoints
    .Place?
  {
    try places.place(of: step, in: flowConnection)
  }

  /// Calls a step at its place in a flow connection.
  ///
  /// - Throws: as ``StepCaller/call(_:at:with:)``, or a problem with its place.
  public func call(
    _ step: StepID, in flowConnection: String?, with invocation: JSON
  ) throws(Problem) -> JSON {
    try call(step, at: place(of: step, in: flowConnection), with: invocation.bytes).value
  }

  /// Calls a step at a place, nil for this machine, with an invocation on one line.
  public func call(
    _ step: StepID, at place: StepEndpoints.Place?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput {
    let destination = try place.map { (place) throws(Problem) in
      StepDestination(
        url: place.url, authorization: try places.authorization(of: step, at: place))
    }
    return try caller.call(step, at: destination, with: invocation)
  }
}
