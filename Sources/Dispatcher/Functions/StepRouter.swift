import StepKit
import Values

/// Calls each step at its place: on this machine, or at a URL.
struct StepRouter: Sendable {
  let caller: any StepCaller
  private let places: Places

  /// Routes calls as a home and its apps say.
  init(_ caller: any StepCaller, registry: Registry) {
    (self.caller, places) = (caller, Places(registry))
  }

  /// The place of a step in a flow connection; nil for this machine.
  func place(of step: StepID, in flowConnection: String?) throws(Problem) -> Places.Place? {
    try places.place(of: step, in: flowConnection)
  }

  /// Calls a step at its place in a flow connection.
  ///
  /// - Throws: as ``StepCaller/call(_:at:with:)``, or a problem with its place.
  func call(
    _ step: StepID, in flowConnection: String?, with invocation: JSON
  ) throws(Problem) -> JSON {
    try call(step, at: place(of: step, in: flowConnection), with: invocation.bytes).value
  }

  /// Calls a step at a place, nil for this machine, with an invocation on one line.
  func call(
    _ step: StepID, at place: Places.Place?, with invocation: [UInt8]
  ) throws(Problem) -> StepOutput {
    let destination = try place.map { (place) throws(Problem) in
      StepDestination(
        url: place.url, authorization: try places.authorization(of: step, at: place))
    }
    return try caller.call(step, at: destination, with: invocation)
  }
}
