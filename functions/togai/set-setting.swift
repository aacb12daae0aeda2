import StepKit
import Togai
import Values

/// Shows the ids in other apps as settings of an invoice, or a customer and its account, in Togai.
@main
enum SetSetting: Step {
  static func handle(_ call: Invocation<CustomerOrInvoice>) throws(Halt) -> Reply<CustomerOrInvoice>
  {
    let remark =
      switch call.input {
      case .customer(let customer): try CustomerSettings(of: customer, call.answers).remark()
      case .invoice(let invoice): try InvoiceSettings(of: invoice, call.answers).remark()
      }
    return .done(call.input, remark: remark)
  }
}
