import Operations
import Records
import Values

/// The forms of what can be done about a run.
enum RunActs {
  /// The buttons of what can be done about a run.
  @NodeBuilder
  static func buttons(_ view: RunView, _ visit: Visit) -> Node {
    let run = view.run
    if visit.may(.operator) {
      visit.postForm(Address("runs", run.id, "replay")) { button { "Replay" } }
      if run.status == .pending {
        visit.postForm(Address("runs", run.id, "retry")) { button { "Try now" } }
        visit.postForm(Address("runs", run.id, "cancel")) {
          button(.class("danger")) { "Cancel" }
        }
      }
      if run.status != .pending, run.status != .parked {
        visit.postForm(Address("runs", run.id, "retry"), .class("inline")) {
          if run.outputs.count > 0 {
            choice(.name("from-step"), .label("From step")) {
              if run.status != .success { option(.value("")) { "where it ended" } }
              for step in 1...max(run.outputs.count, 1) {
                option(.value("\(step)")) { "from step \(step)" }
              }
            }
            " "
          }
          button(.class("first")) { "Retry" }
        }
      }
    }
  }

  /// A form for each effect of which a person must say whether it happened.
  @NodeBuilder
  static func settlements(_ view: RunView, _ visit: Visit) -> Node {
    if visit.may(.operator), view.run.status == .parked {
      for effect in view.effects where effect.record["state"] == "parked" {
        h2 { "Did “\(effect.name)” happen?" }
        p(.class("soft")) { "Look in the app. What you say here is what the flow goes on with." }
        visit.postForm(Address("runs", view.run.id, "settle"), .class("fields")) {
          input(.type("hidden"), .name("effect"), .value(effect.name))
          label {
            "The answer of the app, as JSON, if it happened"
            textarea(.name("answer"), .rows(3), .noSpelling) { "" }
          }
          p {
            button(.name("happened"), .value("no")) { "It did not happen" }
            " "
            button(.class("first"), .name("happened"), .value("yes")) { "It happened" }
          }
        }
      }
    }
  }
}
