import Chargebee
import Step

/// Says on a customer in Chargebee which ids it has in other apps, once.
@main
enum CreateComment: Step {
  static func handle(_ call: Invocation<Customer>) throws(Failure) -> Reply<Customer> {
    let note = try CustomerComment(on: call.input, call.answers).note()
    guard let note = note.value else { return .ask(note.effects) }
    return .done(call.input, note: note)
  }
}
