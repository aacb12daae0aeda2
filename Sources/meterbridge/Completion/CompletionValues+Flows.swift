import Catalog
import Dispatcher
import Setup
import StepKit

// Values that depend on the flow or the connection that an earlier operand names.

extension CompletionValues {
  /// The flow that `flow connect` names.
  func flow(_ command: Command, _ operands: [String]) -> Flow? {
    guard command.name == "flow connect", let name = operands.first else { return nil }
    return try? context.registry(.orEmpty).flows.get(name)
  }

  /// The steps of a flow, or of all apps, with each connection of their app.
  func stepsWithConnections(of flow: Flow?) -> [Completion.Candidate] {
    let connections = (try? context.registry().connections.all()) ?? []
    return steps(of: flow).flatMap { step in
      connections.filter { $0.app.id == step.id.app }
        .map { .word("\(step.id)=\($0.name)", help: $0.scope) }
    }
  }

  /// The fields of the steps of a flow, or of all apps.
  func fields(of flow: Flow?) -> [Completion.Candidate] {
    steps(of: flow).flatMap { step in
      step.fields.map { .word("\(step.id).\($0.name)=", help: $0.label) }
    }
  }

  /// The settings of the connection or the app that is named, and those that all apps have.
  func settings(
    _ command: Command, _ operands: [String], end: String
  ) -> [Completion.Candidate] {
    let own = app(command, operands)?.settings.filter { !$0.isSecret || end.isEmpty } ?? []
    return (own + Connection.common).filter { !end.isEmpty || $0.isOptional }.map {
      .word($0.name + end, help: $0.label)
    }
  }

  /// The secrets of the connection or the app that is named.
  func secrets(_ command: Command, _ operands: [String]) -> [Completion.Candidate] {
    if command.name == "step place" {
      return ["basic", "bearer"].flatMap { [.word("\($0)=@"), .word("\($0)=-")] }
    }
    let own = app(command, operands)?.settings.filter(\.isSecret) ?? []
    return own.flatMap { setting in
      ["@", "-"].map { .word("\(setting.name)=\($0)", help: setting.label) }
    }
  }

  private func app(_ command: Command, _ operands: [String]) -> App? {
    guard let name = operands.first else { return nil }
    return command.name == "connection add"
      ? try? context.catalog().app(name)
      : try? context.registry().connections.get(name).app
  }

  private func steps(of flow: Flow?) -> [StepSpec] {
    guard let catalog = try? context.catalog() else { return [] }
    return catalog.apps.values.flatMap(\.steps.values).sorted { $0.id < $1.id }
      .filter { step in flow?.parts.contains { $0.step == step.id } ?? true }
  }
}
