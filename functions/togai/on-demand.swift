import StepKit
import Togai
import Values

/// Starts when a person or a cron job asks for it, with the document that they give.
@main
enum OnDemand: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<JSON> {
    let given = call.input["onDemand"]
    guard given.object != nil else {
      return .stop("the event is nobody's demand: it has no onDemand")
    }
    return .done(given)
  }
}
