import Catalog
import Records
import Setup
import StepKit
import Values

/// The values that operands and options can have: fixed words, and names of the home.
struct CompletionValues {
  /// A word, and its description.
  private typealias Named = (name: String, help: String)

  let context: Context

  /// The candidates for a placeholder, such as `FLOW`, after these operands; none if there is an error,
  /// since a shell cannot show it.
  func candidates(
    for place: String, of command: Command, _ operands: [String], option: String?
  ) -> [Completion.Candidate] {
    let place = place.filter { $0 != "?" && $0 != "…" }
    if place == "FILE" { return [.files] }
    if place == "DIR" { return [.directories] }
    let words = Self.words[place].map { $0.map { Named($0, "") } }
    let names = words ?? (try? named(place, command, operands, option)) ?? []
    return names.map { .word($0.name, help: $0.help) }
  }

  private static let words: [String: [String]] = [
    "SHELL": Shell.allCases.map(\.rawValue), "STATUS": Run.Status.allCases.map(\.rawValue),
    "TARGET": DeploymentTarget.allCases.map(\.rawValue), "KIND": Kind.allCases.map(\.rawValue),
    "TYPE": ["inbound", "outbound"], "TIME": ["1h", "24h", "7d", "30d"],
    "VALUE": Set(HomeSetting.all.flatMap(\.values)).sorted(),
    "PLACE": [StepEndpoints.local, "default"],
  ]

  private func named(
    _ place: String, _ command: Command, _ operands: [String], _ option: String?
  ) throws(Problem) -> [Named] {
    switch place {
    case "APP":
      try context.catalog().apps.values.sorted { $0.id < $1.id }.map { ($0.id, $0.name) }
    case "STEP=CONNECTION": try stepsWithConnections(of: flow(command, operands))
    case "STEP.FIELD=VALUE": try fields(of: flow(command, operands), end: "=")
    case "STEP.FIELD": try fields(of: flow(command, operands), end: "")
    case "STEP": try steps().map { ("\($0.id)", $0.label) }
    case "STEP=JSON": try steps().map { ("\($0.id)=", $0.label) }
    case "TRIGGER": try steps().filter(\.isTrigger).map { ("\($0.id)", $0.label) }
    case "ACTION": try steps().filter(\.isAction).map { ("\($0.id)", $0.label) }
    case "NAME=VALUE": try settings(command, operands).map { ($0.name + "=", $0.label) }
    case "SETTING": try settings(command, operands, removable: true).map { ($0.name, $0.label) }
    case "NAME=@FILE": try secrets(command, operands)
    case "FLOW":
      try context.registry().flows.all().filter { command.name != "flow rm" || !$0.isPublic }
        .map { ($0.id, $0.name) }
    case "FLOW-CONNECTION": try flowConnections()
    case "RUN":
      try context.registry().runs(RunFilter(), limit: 30).reversed()
        .map { ($0.id, "\($0.status.rawValue), \($0.flowConnection)") }
    case "EVENT":
      try EventStore(home: context.registry().home).entries().suffix(30).reversed()
        .map { ($0.id, $0.type ?? "") }
    case "NAME": try names(of: command, option)
    default: []
    }
  }

  /// The values of `NAME`, whose meaning depends on the option or the command.
  private func names(of command: Command, _ option: String?) throws(Problem) -> [Named] {
    switch (option, command.name.prefix { $0 != " " }) {
    case ("connection", "webhook") where command.name != "webhook url":
      try connections { $0.canBeTold }
    case ("connection", "webhook"), ("connection", "dispatch"):
      try connections { $0.webhook != nil }
    case ("connection", _), (nil, "connection"): try connections()
    case ("flow-connection", _), (nil, "flow"): try flowConnections()
    case (nil, "setting"): HomeSetting.all.map { ($0.name, $0.help) }
    default: []
    }
  }

  private func connections(
    _ isWanted: (App) -> Bool = { _ in true }
  ) throws(Problem) -> [Named] {
    try context.registry().connections.all().filter { isWanted($0.app) }
      .map { ($0.name, $0.app.name) }
  }

  private func flowConnections() throws(Problem) -> [Named] {
    try context.registry().flows.connections().map { ($0.name, $0.flow) }
  }
}

// MARK: - Values that depend on the flow or the connection that an earlier operand names

extension CompletionValues {
  /// The flow that `flow connect` names.
  private func flow(_ command: Command, _ operands: [String]) throws(Problem) -> Flow? {
    guard command.name == "flow connect", let name = operands.first else { return nil }
    return try context.registry(.orEmpty).flows.get(name)
  }

  /// The steps of a flow, or of all apps.
  private func steps(of flow: Flow? = nil) throws(Problem) -> [StepSpec] {
    try context.catalog().apps.values.flatMap(\.steps.values).sorted { $0.id < $1.id }
      .filter { step in flow?.parts.contains { $0.step == step.id } ?? true }
  }

  private func stepsWithConnections(of flow: Flow?) throws(Problem) -> [Named] {
    let connections = try context.registry().connections.all()
    return try steps(of: flow).flatMap { step in
      connections.filter { $0.app.id == step.id.app }.map { ("\(step.id)=\($0.name)", $0.scope) }
    }
  }

  private func fields(of flow: Flow?, end: String) throws(Problem) -> [Named] {
    try steps(of: flow).flatMap { step in
      step.fields.map { ("\(step.id).\($0.name)\(end)", $0.label) }
    }
  }

  /// The settings of the connection or the app that is named, and those that all apps have.
  private func settings(
    _ command: Command, _ operands: [String], removable: Bool = false
  ) throws(Problem) -> [Setting] {
    let own = try app(command, operands)?.settings.filter { removable || !$0.isSecret } ?? []
    return (own + Connection.common).filter { !removable || $0.isOptional }
  }

  /// The secrets of the connection or the app that is named.
  private func secrets(_ command: Command, _ operands: [String]) throws(Problem) -> [Named] {
    let names: [Named] =
      command.name == "step place"
      ? [("basic", ""), ("bearer", "")]
      : try app(command, operands)?.settings.filter(\.isSecret).map { ($0.name, $0.label) } ?? []
    return names.flatMap { [("\($0.name)=@", $0.help), ("\($0.name)=-", $0.help)] }
  }

  private func app(_ command: Command, _ operands: [String]) throws(Problem) -> App? {
    guard let name = operands.first else { return nil }
    return command.name == "connection add"
      ? try context.catalog().app(name) : try context.registry().connections.get(name).app
  }
}
