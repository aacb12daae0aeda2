import StepKit
import Values
import Webhook

/// Posts the document that the flow carries to the connection's URL, until the receiver takes it.
@main
enum InitiateWebhook: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<JSON> {
    guard let answer = call.answers["delivered"] else {
      return .ask([.post("delivered", "/", body: try Message.body(of: call))])
    }
    return .done(call.input, note: try Receipt.note(answer))
  }
}
