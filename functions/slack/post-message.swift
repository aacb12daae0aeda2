import Slack
import StepKit
import Values

/// Posts a message about the flow's document in a channel.
@main
enum PostMessage: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<JSON> {
    var answer = try call.answers.answer(to: try Message.effect(of: call))
    if Posting.isMeaningless(answer) {
      answer = try call.answers.answer(to: try Message.effect(of: call, as: "posted-again"))
    }
    return .done(call.input, note: try Posting.note(answer))
  }
}
