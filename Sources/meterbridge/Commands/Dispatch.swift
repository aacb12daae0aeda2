import Dispatcher
import Operations
import Records
import Setup
import StepKit
import Values

extension Command {
  /// `dispatch`: one event, in the foreground.
  static let dispatch = Command(
    name: "dispatch", summary: "Carry one event through its flows and show the runs",
    options: [
      Option(
        name: "connection", value: "NAME", isRequired: true,
        help: "The connection that the event comes from"),
      .event, .cold,
    ],
    details: """
      The exit status is 0 if every run succeeded or had nothing to do, 75 if one must be tried again
      later, 77 if one failed or is parked. An event that was taken before starts nothing.
      """
  ) { (context) throws(Problem) in
    let registry = try context.registryThatIsThere()
    let connection = try registry.connections.get(context.arguments.required("connection"))
    let body = try Context.document(context.event(), "the event")
    let foreground = Foreground(
      registry: registry, functions: try context.functions(), person: Context.person)
    let receipt = try foreground.take(body, from: connection)
    let runs = try foreground.carry(receipt)
    if case .duplicate = receipt {
      Terminal.tell("the event was taken before; `meterbridge event list` shows its runs")
    } else if runs.isEmpty {
      Terminal.tell("the event is taken, and no enabled flow connection listens to it")
    }
    let book = RunStore(home: registry.home)
    let obstacles = RunStore.obstacles(among: try book.open())
    let discretion = try Redactor(home: registry.home)
    let shown = try runs.map { (run) throws(Problem) in
      try discretion.shown(run, book.effects(of: run))
    }
    for (run, effects) in shown {
      context.wantsJSON
        ? Terminal.say(run.json)
        : Terminal.say(RunPage.text(run, behind: obstacles[run.id], effects))
    }
    try end(shown.map(\.run), obstacles)
  }

  /// Ends as the runs did.
  private static func end(
    _ runs: [Records.Run], _ obstacles: [String: String]
  ) throws(Problem) {
    if let failed = runs.first(where: { $0.status == .failed }) {
      throw Problem(.refused, "run \(failed.id) failed: \(failed.reason ?? "")")
    }
    if let parked = runs.first(where: { $0.status == .parked }) {
      throw Problem(
        .refused,
        "run \(parked.id) is parked: \(parked.reason ?? ""); say what happened, `meterbridge run"
          + " settle`")
    }
    if let waiting = runs.first(where: { $0.status == .pending }) {
      let what = obstacles[waiting.id].map { "behind \($0)" } ?? "until \(waiting.due.text)"
      throw Problem(.temporary, "run \(waiting.id) waits \(what): \(waiting.reason ?? "")")
    }
  }
}
