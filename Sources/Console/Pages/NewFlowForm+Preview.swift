import Catalog
import Operations
import Setup
import StepKit
import Values

extension NewFlowForm {
  /// The flow as a picture, to be saved or gone back from.
  func preview(_ registry: Registry) throws(Problem) -> Node {
    let steps = try ([value("trigger") ?? ""] + actions).map { (text) throws(Problem) in
      try step(text, registry.catalog)
    }
    let isGood = try fault(registry) == nil
    return group {
      h2 { bdi { name ?? "" } }
      p { bdi { value("description") ?? "" } }
      FlowPicture(
        boxes: steps.map { step in
          FlowPicture.Box(
            title: step.label, words: registry.catalog.apps[step.id.app]?.name ?? step.id.app)
        }
      ).node
      h2 { "Fields and conditions" }
      factList(
        fields.filter {
          ($0.name.hasPrefix("set:") || $0.name.hasPrefix("if:")) && !$0.value.isEmpty
        }
        .map { ($0.name.replacing(/^\w+:/, with: ""), quoted($0.value)) })
      div(.class("acts start")) {
        form(.action(Address("new-flow"))) {
          hiddenAll(but: [])
          button { "Back" }
        }
        if isGood {
          visit.postForm(Address("flows")) {
            hiddenAll(but: [])
            button(.class("first")) { "Save" }
          }
        }
      }
    }
  }

  private func quoted(_ text: String) -> Node { bdi { text } }

  /// What was chosen so far but for some fields.
  func hiddenAll(but others: [String]) -> Node {
    group {
      for field in fields
      where !(others + ["preview", "back", "csrf"]).contains(field.name) && !field.value.isEmpty {
        input(.type("hidden"), .name(field.name), .value(field.value))
      }
    }
  }

  /// The flow that the form describes.
  func draft(_ catalog: AppCatalog) throws(Problem) -> FlowDraft {
    guard let name, let type = value("type"), let trigger = value("trigger") else {
      throw Problem(.usage, "a flow has a name, a type and a trigger")
    }
    guard !actions.isEmpty else { throw Problem(.usage, "a flow has at least one action") }
    var draft = FlowDraft(
      name: name, description: value("description"), type: type, trigger: trigger,
      actions: actions)
    for text in draft.steps {
      let step = try step(text, catalog)
      for field in step.fields {
        guard let typed = value("set:\(text).\(field.name)") else { continue }
        draft.payloads[text, default: [:]][field.name] = try field.value(of: typed)
      }
      guard let condition = value("if:\(text)") else { continue }
      do throws(JSONError) { draft.conditions[text] = try JSON(parsing: condition) } catch {
        throw Problem(.data, "the condition of \(text) is not JSON: \(error)")
      }
    }
    return draft
  }
}
