import Dispatcher
import Foundation
import StepKit
import Values

/// Asks for a flow, question by question, on the terminal.
struct FlowWizard {
  private let catalog: Catalog

  /// The ids of the flows that there are.
  private let taken: Set<String>

  init(_ catalog: Catalog, taken: Set<String> = []) {
    self.catalog = catalog
    self.taken = taken
  }

  /// The flow that a person described.
  ///
  /// - Throws: a `refused` problem where the person ends it.
  func ask() throws(Problem) -> JSON {
    let name = try answer("Name", hint: "a flow needs a name that no other has") { typed in
      typed.words.flatMap { taken.contains(FlowFile.id(ofName: $0)) ? nil : $0 }
    }
    let description = try answer("Description, or nothing", hint: nil) { $0 }
    let types: [Flow.Direction] = [.inbound, .outbound]
    let type = try choice(
      "Type", types,
      ["inbound: from a third party to Togai", "outbound: from Togai to a third party"])
    let trigger = try step("trigger", among: catalog.triggers(type))
    var actions: [JSON] = []
    repeat {
      let action = try step("action", among: catalog.actions(after: trigger))
      actions.append(try part(action))
    } while try confirms("One more action")
    return .members([
      "name": .string(name), "description": description.words.map { .string($0) },
      "type": .string(type.rawValue), "when": try part(trigger), "then": .array(actions),
    ])
  }

  /// Whether a person says yes.
  func confirms(_ question: String) throws(Problem) -> Bool {
    try answer("\(question)? [y/n]", hint: "y or n") { answer in
      switch answer.lowercased() {
      case "y", "yes": true
      case "n", "no": false
      default: nil
      }
    }
  }

  // MARK: Private

  private func part(_ step: StepFacts) throws(Problem) -> JSON {
    var payload: [String: JSON] = [:]
    for field in step.fields where !field.isOptional {
      payload[field.name] = try value(of: field)
    }
    return .members([
      "step": .string(step.id.description), "payload": payload.isEmpty ? nil : .object(payload),
    ])
  }

  private func value(of field: Setting) throws(Problem) -> JSON {
    let example = field.example.map { ", such as \($0)" } ?? ""
    return try answer("\(field.label)\(example)", hint: nil) { typed in
      do throws(Problem) {
        return try field.value(of: typed)
      } catch {
        Terminal.tell("  \(error)")
        return nil
      }
    }
  }

  private func step(_ word: String, among steps: [StepFacts]) throws(Problem) -> StepFacts {
    let apps = Set(steps.map(\.id.app)).sorted()
    let names = apps.map { catalog.apps[$0]?.name ?? $0 }
    let app = try choice("App of the \(word)", apps, names)
    let own = steps.filter { $0.id.app == app }
    return try choice(
      word.prefix(1).uppercased() + word.dropFirst(), own, own.map { "\($0.label) (\($0.id))" })
  }

  private func choice<Value>(
    _ question: String, _ values: [Value], _ labels: [String]
  ) throws(Problem) -> Value {
    for (index, label) in labels.enumerated() { Terminal.tell("  \(index + 1)  \(label)") }
    let hint = "a number of the list, or a word that only one line of it has"
    return try answer("\(question) [1-\(values.count)]", hint: hint) { typed in
      if let number = Int(typed) {
        return values.indices.contains(number - 1) ? values[number - 1] : nil
      }
      let word = typed.lowercased()
      let named = labels.indices.filter { !word.isEmpty && labels[$0].lowercased().contains(word) }
      return named.count == 1 ? values[named[0]] : nil
    }
  }

  /// Asks until the answer is one.
  ///
  /// `hint` says what an answer is, after one that is none.
  private func answer<Value>(
    _ question: String, hint: String?, _ read: (String) -> Value?
  ) throws(Problem) -> Value {
    while true {
      Terminal.ask("\(question): ")
      guard let line = readLine(strippingNewline: true) else {
        throw Problem(.refused, "nothing was made: the questions were not all answered")
      }
      if let value = read(line.trimmingCharacters(in: .whitespaces)) { return value }
      if let hint { Terminal.tell("  \(hint)") }
    }
  }
}
