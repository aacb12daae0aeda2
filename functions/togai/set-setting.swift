import StepKit
import Togai
import Values

/// Shows on an invoice, or on a customer and its account, in Togai which ids they have in other apps.
@main
enum SetSetting: Step {
  static func handle(_ call: Invocation<Subject>) throws(Failure) -> Reply<Subject> {
    let note = try note(call)
    guard let note = note.value else { return .ask(note.effects) }
    return .done(call.input, note: note)
  }

  private static func note(_ call: Invocation<Subject>) throws(Failure) -> Part<String> {
    switch call.input {
    case .customer(let customer): try CustomerSettings(of: customer, call.answers).note()
    case .invoice(let invoice): try InvoiceSettings(of: invoice, call.answers).note()
    }
  }
}
