import Catalog
import Dispatcher
import Records
import Setup
import StepKit
import Values

/// The values that operands and options can have: fixed words, and names of the home.
struct CompletionValues {
  let context: Context

  /// The candidates for a placeholder, such as `FLOW`, after these operands.
  func candidates(
    for place: String, of command: Command, _ operands: [String], option: String?
  ) -> [Completion.Candidate] {
    switch place.filter({ $0 != "?" && $0 != "…" }) {
    case "FILE": [.files]
    case "DIR": [.directories]
    case "SHELL": words(Shell.allCases.map(\.rawValue))
    case "STATUS": words(Run.Status.allCases.map(\.rawValue))
    case "TARGET": words(DeploymentTarget.allCases.map(\.rawValue))
    case "KIND": words(Kind.allCases.map(\.rawValue))
    case "TYPE": words(["inbound", "outbound"])
    case "TIME": words(["1h", "24h", "7d", "30d"])
    case "VALUE": words(Array(Set(HomeSetting.all.flatMap(\.values))).sorted())
    case "APP":
      named(try context.catalog().apps.values.sorted { $0.id < $1.id }.map { ($0.id, $0.name) })
    case "STEP=CONNECTION": stepsWithConnections(of: flow(command, operands))
    case "STEP.FIELD=VALUE": fields(of: flow(command, operands))
    case "STEP", "STEP=JSON": steps(place)
    case "NAME=VALUE", "SETTING":
      settings(command, operands, end: place.hasSuffix("VALUE") ? "=" : "")
    case "PLACE": words([StepEndpoints.local, "default"])
    case "NAME=@FILE": secrets(command, operands)
    case "TRIGGER": steps { $0.isTrigger }
    case "ACTION": steps { !$0.isTrigger }
    case "FLOW":
      named(
        try context.registry().flows.all()
          .filter { command.name != "flow rm" || !$0.isPublic }.map { ($0.id, $0.name) })
    case "FLOW-CONNECTION": flowConnections
    case "RUN":
      named(
        try context.registry().runs(RunFilter(), limit: 30).reversed()
          .map { ($0.id, "\($0.status.rawValue), \($0.flowConnection)") })
    case "EVENT":
      named(
        try EventStore(home: context.registry().home).entries().suffix(30).reversed()
          .map { ($0.id, $0.type ?? "") })
    case "NAME": names(of: command, option)
    default: []
    }
  }

  /// The candidates for `NAME`, whose meaning depends on the option or the command.
  private func names(of command: Command, _ option: String?) -> [Completion.Candidate] {
    switch (option, command.name.prefix { $0 != " " }) {
    case ("connection", "webhook") where command.name != "webhook url":
      connections { $0.canBeTold }
    case ("connection", "webhook"): connections { $0.webhook != nil }
    case ("connection", "dispatch"): connections { $0.webhook != nil }
    case ("connection", _), (nil, "connection"): connections()
    case ("flow-connection", _), (nil, "flow"): flowConnections
    case (nil, "setting"): HomeSetting.all.map { .word($0.name, help: $0.help) }
    default: []
    }
  }

  private func connections(
    _ isWanted: (App) -> Bool = { _ in true }
  ) -> [Completion.Candidate] {
    named(
      try context.registry().connections.all().filter { isWanted($0.app) }
        .map { ($0.name, $0.app.name) })
  }

  private var flowConnections: [Completion.Candidate] {
    named(try context.registry().flows.connections().map { ($0.name, $0.flow) })
  }

  private func steps(_ place: String) -> [Completion.Candidate] {
    let end = place.contains("=") ? "=" : ""
    return steps { _ in true }.map { candidate in
      guard case .word(let word, let help) = candidate else { return candidate }
      return .word(word + end, help: help)
    }
  }

  private func steps(_ isWanted: (StepSpec) -> Bool) -> [Completion.Candidate] {
    named(
      try context.catalog().apps.values.flatMap(\.steps.values).filter(isWanted)
        .sorted { $0.id < $1.id }.map { ("\($0.id)", $0.label) })
  }

  private func words(_ words: [String]) -> [Completion.Candidate] { words.map { .word($0) } }

  /// Names with a description; none if there is an error, since a shell cannot show it.
  private func named(
    _ names: @autoclosure () throws(Problem) -> [(name: String, help: String)]
  ) -> [Completion.Candidate] {
    ((try? names()) ?? []).map { .word($0.name, help: $0.help) }
  }
}
