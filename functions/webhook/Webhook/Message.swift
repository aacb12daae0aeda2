public import StepKit
public import Values

/// What goes to a receiver.
public enum Message {
  /// The document that the flow carries; in an envelope where the flow names a type, as the
  /// specification of Standard Webhooks advises (standardwebhooks.com, payload structure).
  public static func body(of call: Invocation<JSON>) throws(Failure) -> JSON {
    guard call.input.object != nil else {
      throw .permanent("a webhook carries an object, and the flow gives none")
    }
    guard let type = call.payload["type"].nonBlank else { return call.input }
    return .members([
      "type": .string(type), "timestamp": .text(call.at?.text), "data": call.input,
    ])
  }
}
