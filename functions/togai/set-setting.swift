import Step
import Togai

/// Shows on an invoice in Togai which ids it has in other apps.
@main
enum SetSetting: Step {
  static func handle(_ call: Invocation<Invoice>) throws(Failure) -> Reply<Invoice> {
    let note = try InvoiceSettings(of: call.input, call.answers).note()
    guard let note = note.value else { return .ask(note.effects) }
    return .done(call.input, note: note)
  }
}
