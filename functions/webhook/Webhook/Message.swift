public import StepKit
public import Values

/// The body of a delivery.
public enum Message {
  /// The flow's document, in an envelope if the flow sets a type: the payload structure of Standard
  /// Webhooks (standardwebhooks.com).
  ///
  /// - Throws: A permanent failure if the document is not an object.
  public static func body(of call: Invocation<JSON>) throws(Halt) -> JSON {
    guard call.input.object != nil else {
      throw .permanent("a webhook carries an object, and the flow gives none")
    }
    guard let type = call.payload["type"].nonBlank else { return call.input }
    return .members([
      "type": .string(type), "timestamp": .text(call.at?.text), "data": call.input,
    ])
  }
}
