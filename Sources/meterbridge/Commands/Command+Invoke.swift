import Catalog
import Dispatcher
import Values

extension Command {
  static let invoke = Command(
    name: "invoke", summary: "Call one step and show its reply",
    operands: ["STEP"], options: [.event],
    details: """
      Performs no effects. The input is an event, a noun, or a whole invocation with `input`, `settings`,
      `payload` and `answers`. Exits with 0 for every reply, whatever its outcome.
      """, usesHome: false
  ) { (context) throws(Problem) in
    let step = try context.arguments.step(context.arguments.operands[0])
    _ = try context.catalog().step(step)
    let event = try Context.document(context.event(), "the event")
    let functions = StepExecutables(folder: try Installation.executables())
    Terminal.print(try functions.call(step, with: event))
  }
}
