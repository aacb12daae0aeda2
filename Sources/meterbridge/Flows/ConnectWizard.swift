import Catalog
import Setup
import Values

/// Asks on the terminal for what `flow connect` was not given.
struct ConnectWizard {
  /// What `flow connect` works with.
  struct Choices {
    var name: String
    var connections: [StepID: String]
    var fields: [StepID: [String: String]]
  }

  private let registry: Registry
  private let questions: Questions

  /// A wizard of a home.
  init(_ registry: Registry, _ questions: Questions) {
    self.registry = registry
    self.questions = questions
  }

  /// Asks for the name, for the connections where there are several, and for required fields.
  ///
  /// - Throws: `refused` if the input ends before the last answer.
  func complete(
    _ flow: Flow, name: String?, _ connections: [StepID: String],
    _ fields: [StepID: [String: String]]
  ) throws(Problem) -> Choices {
    let taken = Set(try registry.flows.connections().map(\.name))
    let all = try registry.connections.all()
    let specs = try flow.parts.map { (part) throws(Problem) in
      (part, try registry.catalog.step(part.step))
    }
    return try questions.run { () throws(Questions.Interruption) in
      var choices = Choices(name: "", connections: connections, fields: fields)
      if let name { choices.name = name } else { choices.name = try self.name(taken) }
      for part in flow.parts { try connect(part.step, all, &choices) }
      for (part, spec) in specs { try fill(part, spec, &choices) }
      return choices
    }
  }

  private func name(_ taken: Set<String>) throws(Questions.Interruption) -> String {
    try questions.answer(
      "Name of the flow connection", hint: "Enter a name that no other flow connection has."
    ) { typed in typed.nonBlank.flatMap { taken.contains($0) ? nil : $0 } }
  }

  /// Asks for the connection of a step if its app has several and none is chosen yet.
  private func connect(
    _ step: StepID, _ all: [Connection], _ choices: inout Choices
  ) throws(Questions.Interruption) {
    let own = all.filter { $0.app.id == step.app }
    guard own.count > 1, !choices.connections.keys.contains(where: { $0.app == step.app }) else {
      return
    }
    choices.connections[step] = try questions.choice(
      "Connection of \(step)",
      own.map { .init($0.name, "\($0.name) (\($0.scope))", $0.name) })
  }

  /// Asks for the required fields of a step that neither the flow nor an option gives.
  private func fill(
    _ part: Flow.Part, _ spec: StepSpec, _ choices: inout Choices
  ) throws(Questions.Interruption) {
    func isGiven(_ field: Setting) -> Bool {
      !part.payload[field.name].isNull || choices.fields[part.step]?[field.name] != nil
    }
    var missing = spec.fields.filter { !$0.isOptional && !isGiven($0) }
    let choice = spec.fields.filter { spec.needsOneOf.contains($0.name) }
    if !choice.isEmpty, !choice.contains(where: isGiven) {
      missing.append(
        try questions.choice(
          "\(part.step) needs one of", choice.map { .init($0, $0.label, $0.name) }))
    }
    for field in missing {
      choices.fields[part.step, default: [:]][field.name] = try text(of: field)
    }
  }

  private func text(of field: Setting) throws(Questions.Interruption) -> String {
    let example = field.example.map { " (for example \($0))" } ?? ""
    return try questions.answer("\(field.label)\(example)") { typed in
      do throws(Problem) {
        _ = try field.value(of: typed)
        return typed
      } catch {
        Terminal.note("  \(error)")
        return nil
      }
    }
  }
}
