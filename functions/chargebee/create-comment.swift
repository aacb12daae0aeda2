import Chargebee
import StepKit
import Values

/// Comments on a customer or invoice in Chargebee with its ids in other apps or the flow's text, once.
@main
enum CreateComment: Step {
  static func handle(_ call: Invocation<CustomerOrInvoice>) throws(Halt) -> Reply<CustomerOrInvoice>
  {
    .done(call.input, remark: try EntityComment(call).remark())
  }
}
