import Dispatcher
import Step

/// What there is to name: words that are always the same, and the names that a home knows.
struct CompletionValues {
  let context: Context

  /// What may stand for a value or an operand, which is known by its name in capitals.
  func candidates(
    for place: String, of command: Command, option: String?
  ) -> [Completion.Candidate] {
    switch place.filter({ $0 != "?" && $0 != "…" }) {
    case "FILE": [.files]
    case "DIR": [.directories]
    case "SHELL": words(Shell.allCases.map(\.rawValue))
    case "STATUS": words(Dispatcher.Run.Status.allCases.map(\.rawValue))
    case "TARGET": words(DeploymentTarget.allCases.map(\.rawValue))
    case "KIND": words(Kind.allCases.map(\.rawValue))
    case "TYPE": words(["inbound", "outbound"])
    case "TIME": words(["1h", "24h", "7d", "30d"])
    case "VALUE": words(Array(Set(HomeSetting.all.flatMap(\.values))).sorted())
    case "APP":
      named { (context) throws(Problem) in
        try context.catalog().apps.values.map { ($0.id, $0.name) }
      }
    case "STEP=CONNECTION": steps(place) + stepsWithConnections
    case "STEP", "STEP=JSON", "STEP.FIELD=VALUE": steps(place)
    case "TRIGGER": steps { $0.isTrigger }
    case "ACTION": steps { !$0.isTrigger }
    case "FLOW":
      named { (context) throws(Problem) in
        try context.registryThatIsThere().flows()
          .filter { command.name != "flow rm" || !$0.isPublic }.map { ($0.id, $0.name) }
      }
    case "FLOW-CONNECTION": flowConnections
    case "RUN":
      named { (context) throws(Problem) in
        try context.registryThatIsThere().runs(RunFilter(), limit: 30).reversed()
          .map { ($0.id, "\($0.status.rawValue), \($0.flowConnection)") }
      }
    case "EVENT":
      named { (context) throws(Problem) in
        try EventBook(home: context.registryThatIsThere().home).entries().suffix(30).reversed()
          .map { ($0.id, $0.type ?? "") }
      }
    case "NAME": names(of: command, option)
    default: []
    }
  }

  /// What a name names is known by the option, or else by the command.
  private func names(of command: Command, _ option: String?) -> [Completion.Candidate] {
    switch (option, command.name.prefix { $0 != " " }) {
    case ("connection", _), (nil, "connection"), (nil, "webhook"): connections
    case ("flow-connection", _), (nil, "flow"): flowConnections
    case (nil, "setting"): HomeSetting.all.map { .word($0.name, help: $0.help) }
    default: []
    }
  }

  private var connections: [Completion.Candidate] {
    named { (context) throws(Problem) in
      try context.registryThatIsThere().connections().map { ($0.name, $0.app.name) }
    }
  }

  private var flowConnections: [Completion.Candidate] {
    named { (context) throws(Problem) in
      try context.registryThatIsThere().flowConnections().map { ($0.name, $0.flow) }
    }
  }

  private func steps(_ place: String) -> [Completion.Candidate] {
    let end = place.contains(".") ? "." : place.contains("=") ? "=" : ""
    return named { (context) throws(Problem) in
      try context.catalog().apps.values.flatMap(\.steps.values).sorted { $0.id < $1.id }
        .map { ("\($0.id)\(end)", $0.label) }
    }
  }

  private func steps(_ isWanted: (StepFacts) -> Bool) -> [Completion.Candidate] {
    named { (context) throws(Problem) in
      try context.catalog().apps.values.flatMap(\.steps.values).filter(isWanted)
        .sorted { $0.id < $1.id }.map { ("\($0.id)", $0.label) }
    }
  }

  /// Each step with each connection to its app.
  private var stepsWithConnections: [Completion.Candidate] {
    named { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      return try registry.connections().flatMap { connection in
        connection.app.steps.values.map { ("\($0.id)=\(connection.name)", connection.scope) }
      }.sorted { $0.0 < $1.0 }
    }
  }

  private func words(_ words: [String]) -> [Completion.Candidate] { words.map { .word($0) } }

  /// Names with what they are; none where something is the matter, which is not the time to say so.
  private func named(
    _ names: (Context) throws(Problem) -> [(name: String, help: String)]
  ) -> [Completion.Candidate] {
    ((try? names(context)) ?? []).map { .word($0.name, help: $0.help) }
  }
}
