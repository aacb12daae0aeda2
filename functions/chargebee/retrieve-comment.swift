import Chargebee
import StepKit
import Values

/// Reads the comments on a customer or invoice in Chargebee for the steps that follow.
@main
enum RetrieveComment: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<JSON> {
    let commented = try call.reading(CustomerOrInvoice.self)
    let comments = try EntityComments(of: commented.input, call.answers).all()
    let output = call.input.with("comments", .array(comments))
    return .done(output, note: "\(comments.count) comments")
  }
}
