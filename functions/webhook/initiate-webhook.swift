import StepKit
import Values
import Webhook

/// Posts the flow's document to the connection's URL until the receiver accepts it.
@main
enum InitiateWebhook: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<JSON> {
    guard let answer = call.answers["delivered"] else {
      return .ask([.post("delivered", "/", body: try Message.body(of: call))])
    }
    return .done(call.input, note: try Receipt.note(answer))
  }
}
