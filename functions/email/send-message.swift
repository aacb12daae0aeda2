import Email
import StepKit
import Values

/// Sends a mail about the flow's document to each address.
@main
enum SendMessage: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<JSON> {
    let effects = try Letter.effects(of: call)
    try call.answers.require(effects)
    let answers = try effects.map { (effect) throws(Halt) in
      (effect: effect, answer: try call.answers.answer(to: effect))
    }
    return .done(call.input, note: try Delivery.note(answers))
  }
}
