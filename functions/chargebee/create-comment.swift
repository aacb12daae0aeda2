import Chargebee
import StepKit
import Values

/// Says on a customer or an invoice in Chargebee which ids it has in other apps, or what the flow says,
/// once.
@main
enum CreateComment: Step {
  static func handle(_ call: Invocation<Subject>) throws(Failure) -> Reply<Subject> {
    let note = try EntityComment(call).note()
    guard let note = note.value else { return .ask(note.effects) }
    return .done(call.input, note: note)
  }
}
