import Chargebee
import StepKit
import Values

/// Reads the comments on a customer or an invoice in Chargebee, for the steps that come after.
@main
enum RetrieveComment: Step {
  static func handle(_ call: Invocation<JSON>) throws(Failure) -> Reply<JSON> {
    let subject = try Subject(json: call.input)
    let comments = try EntityComments(of: subject, call.answers).all()
    guard let comments = comments.value else { return .ask(comments.effects) }

    var output = call.input.object ?? [:]
    output["comments"] = .array(comments)
    return .done(.object(output), note: "\(comments.count) comments")
  }
}
