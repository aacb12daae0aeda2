import Catalog
import Foundation
import Operations
import Values

/// Asks for a flow on the terminal, question by question.
struct FlowWizard {
  private let catalog: AppCatalog
  /// The ids that other flows have.
  private let taken: Set<String>

  init(_ catalog: AppCatalog, taken: Set<String> = []) {
    self.catalog = catalog
    self.taken = taken
  }

  /// The flow that the answers describe.
  ///
  /// - Throws: `refused` if the input ends before the last answer.
  func ask() throws(Problem) -> JSON {
    let name = try answer("Name", hint: "Enter a name that no other flow has.") { typed in
      typed.nonBlank.flatMap { taken.contains(Flow.id(ofName: $0)) ? nil : $0 }
    }
    let description = try answer("Description (optional)", hint: nil) { $0 }
    let type = try choice(
      "Type",
      [
        .init(Flow.Direction.inbound, "inbound: from a third party to Togai"),
        .init(.outbound, "outbound: from Togai to a third party"),
      ])
    let trigger = try step("trigger", among: catalog.triggers(type))
    var actions: [JSON] = []
    repeat {
      let action = try step("action", among: catalog.actions(after: trigger))
      actions.append(try part(action))
    } while try confirms("Add another action")
    return .members([
      "name": .string(name), "description": description.nonBlank.map { .string($0) },
      "type": .string(type.rawValue), "when": try part(trigger), "then": .array(actions),
    ])
  }

  /// Whether the answer to a question is yes.
  func confirms(_ question: String) throws(Problem) -> Bool {
    try answer("\(question)? [y/n]", hint: "Enter y or n.") { answer in
      switch answer.lowercased() {
      case "y", "yes": true
      case "n", "no": false
      default: nil
      }
    }
  }

  // MARK: Private

  private func part(_ step: StepSpec) throws(Problem) -> JSON {
    var payload: [String: JSON] = [:]
    for field in step.fields where !field.isOptional {
      payload[field.name] = try value(of: field)
    }
    return .members([
      "step": .string(step.id.description), "payload": payload.isEmpty ? nil : .object(payload),
    ])
  }

  private func value(of field: Setting) throws(Problem) -> JSON {
    let example = field.example.map { " (for example \($0))" } ?? ""
    return try answer("\(field.label)\(example)", hint: nil) { typed in
      do throws(Problem) {
        return try field.value(of: typed)
      } catch {
        Terminal.note("  \(error)")
        return nil
      }
    }
  }

  private func step(_ word: String, among steps: [StepSpec]) throws(Problem) -> StepSpec {
    let app = try choice(
      "App of the \(word)",
      Set(steps.map(\.id.app)).sorted().map { .init($0, catalog.apps[$0]?.name ?? $0, $0) })
    return try choice(
      word.capitalized,
      steps.filter { $0.id.app == app }.map { step in
        .init(step, "\(step.label) (\(step.id))", step.label, step.id.name, "\(step.id)")
      })
  }

  private func choice<Value>(
    _ question: String, _ items: [Choice<Value>.Item]
  ) throws(Problem) -> Value {
    for (index, item) in items.enumerated() { Terminal.note("  \(index + 1)  \(item.names[0])") }
    let hint = "Enter a number, a name, or the beginning of one name only."
    return try answer("\(question) [1-\(items.count)]", hint: hint) {
      Choice(items: items).item(for: $0)
    }
  }

  /// Asks until `read` accepts the answer; `hint` is shown after one that it does not accept.
  private func answer<Value>(
    _ question: String, hint: String?, _ read: (String) -> Value?
  ) throws(Problem) -> Value {
    while true {
      Terminal.prompt("\(question): ")
      guard let line = readLine(strippingNewline: true) else {
        throw Problem(.refused, "no flow was created: the input ended before the last question")
      }
      if let value = read(line.trimmingCharacters(in: .whitespaces)) { return value }
      if let hint { Terminal.note("  \(hint)") }
    }
  }
}
