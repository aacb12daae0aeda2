import Catalog
import Dispatcher
import Values

extension Command {
  /// `invoke`: one call of one function.
  static let invoke = Command(
    name: "invoke", summary: "Call one step with an event and show its reply; performs nothing",
    operands: ["STEP"], options: [.event],
    details: """
      The event is what the step is given: an event, a noun, or a whole invocation with `input`,
      `settings`, `payload` and `answers`. The exit status is 0 whatever the step says.
      """, usesHome: false
  ) { (context) throws(Problem) in
    guard let step = StepID(context.arguments.operands[0]) else {
      throw context.arguments.wrong("a step is written app/step")
    }
    _ = try context.catalog().step(step)
    let event = try Context.document(context.event(), "the event")
    let functions = StepExecutables(folder: try Installation.executables())
    Terminal.say(try functions.call(step, with: event))
  }
}
