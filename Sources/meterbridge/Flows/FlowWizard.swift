import Catalog
import Foundation
import Operations
import Values

/// Asks for a flow on the terminal, question by question; `back` goes back to the question before.
struct FlowWizard {
  private let catalog: AppCatalog
  /// The ids that other flows have.
  private let taken: Set<String>
  private let questions: Questions

  init(_ catalog: AppCatalog, taken: Set<String> = [], _ questions: Questions) {
    self.catalog = catalog
    self.taken = taken
    self.questions = questions
  }

  /// The flow that the answers describe.
  ///
  /// - Throws: `refused` if the input ends before the last answer.
  func ask() throws(Problem) -> JSON {
    try questions.run { () throws(Questions.Interruption) in try flow() }
  }

  private func flow() throws(Questions.Interruption) -> JSON {
    let name = try questions.answer("Name", hint: "Enter a name that no other flow has.") { typed in
      typed.nonBlank.flatMap { taken.contains(Flow.id(ofName: $0)) ? nil : $0 }
    }
    let description = try questions.answer("Description (optional)") { $0 }
    let type = try questions.choice(
      "Type",
      [
        .init(Flow.Direction.inbound, "inbound: from a third party to Togai"),
        .init(.outbound, "outbound: from Togai to a third party"),
      ])
    let trigger = try step("trigger", among: catalog.triggers(type))
    let when = try part(trigger)
    var actions: [JSON] = []
    repeat {
      let action = try step("action", among: catalog.actions(after: trigger))
      actions.append(try part(action, condition()))
    } while try questions.confirms("Add another action")
    return .members([
      "name": .string(name), "description": description.nonBlank.map { .string($0) },
      "type": .string(type.rawValue), "when": when, "then": .array(actions),
    ])
  }

  // MARK: Private

  /// The condition of an action, or nil.
  private func condition() throws(Questions.Interruption) -> JSON? {
    let question = "Only if (optional, such as currency = USD, or email exists)"
    let hint = "Enter PATH = VALUE, PATH = VALUE, VALUE …, PATH exists, PATH missing, or nothing."
    return try questions.answer(question, hint: hint) { typed -> JSON?? in
      typed.isEmpty ? .some(nil) : ConditionText.condition(typed).map { .some($0) }
    }
  }

  private func part(
    _ step: StepSpec, _ condition: JSON? = nil
  ) throws(Questions.Interruption) -> JSON {
    var payload: [String: JSON] = [:]
    for field in step.fields where !field.isOptional {
      payload[field.name] = try value(of: field)
    }
    return .members([
      "step": .string(step.id.description), "payload": payload.isEmpty ? nil : .object(payload),
      "if": condition,
    ])
  }

  private func value(of field: Setting) throws(Questions.Interruption) -> JSON {
    let example = field.example.map { " (for example \($0))" } ?? ""
    return try questions.answer("\(field.label)\(example)") { typed in
      do throws(Problem) {
        return try field.value(of: typed)
      } catch {
        Terminal.note("  \(error)")
        return nil
      }
    }
  }

  private func step(
    _ word: String, among steps: [StepSpec]
  ) throws(Questions.Interruption) -> StepSpec {
    let app = try questions.choice(
      "App of the \(word)",
      Set(steps.map(\.id.app)).sorted().map { .init($0, catalog.apps[$0]?.name ?? $0, $0) })
    return try questions.choice(
      word.capitalized,
      steps.filter { $0.id.app == app }.map { step in
        .init(step, "\(step.label) (\(step.id))", step.label, step.id.name, "\(step.id)")
      })
  }
}
