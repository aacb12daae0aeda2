import Catalog
import Operations
import Setup
import StepKit
import Values

/// What was chosen of a new flow so far, and the form for what is next.
struct NewFlowForm {
  let visit: Visit
  let fields: [Field]

  init(_ visit: Visit, _ fields: [Field]) { (self.visit, self.fields) = (visit, fields) }

  func value(_ name: String) -> String? {
    fields.last { $0.name == name }?.value.nonBlank
  }

  var name: String? { value("name") }
  private var direction: Flow.Direction? { value("type").flatMap(Flow.Direction.init(rawValue:)) }
  var actions: [String] {
    fields.filter { $0.name == "action" }.compactMap(\.value.nonBlank)
  }

  /// The number of the part that is next: flow, trigger, actions, preview.
  private var stage: Int {
    if name == nil || direction == nil || value("back") == "flow" { return 0 }
    if value("trigger") == nil || value("back") == "trigger" { return 1 }
    return value("preview") == nil || actions.isEmpty ? 2 : 3
  }

  /// Where in the wizard the form is.
  var progress: Node {
    ol(.class("progress"), .label("Steps")) {
      for (index, words) in ["Define flow", "Define trigger", "Actions", "Preview"].enumerated() {
        if index == stage { li(.currentStep) { words } } else { li { words } }
      }
    }
  }

  /// What is wrong with a name that cannot be taken, or with the draft before it is saved.
  func fault(_ registry: Registry) throws(Problem) -> String? {
    if let name, try registry.flows.all().contains(where: { $0.hasID(Flow.id(ofName: name)) }) {
      return "There is a flow with this name already; choose another."
    }
    guard stage == 3 else { return nil }
    do throws(Problem) {
      let draft = try draft(registry.catalog)
      let faults = registry.catalog.faults(inFlow: Flow.id(ofName: draft.name), draft.json)
      return faults.isEmpty ? nil : faults.joined(separator: "; ")
    } catch {
      return error.description
    }
  }

  /// The form of the next part.
  func node(_ registry: Registry) throws(Problem) -> Node {
    switch stage {
    case 0: return flowForm
    case 1: return try triggerForm(registry.catalog)
    case 2: return try actionForm(registry.catalog)
    default: return try preview(registry)
    }
  }

  private var flowForm: Node {
    form(.class("fields"), .action(Address("new-flow"))) {
      hiddenAll(but: ["name", "description", "type"])
      if value("trigger") != nil { input(.type("hidden"), .name("back"), .value("trigger")) }
      label {
        "Name"
        input(.name("name"), .required, .value(name ?? ""))
      }
      label {
        "Description (optional)"
        input(.name("description"), .value(value("description") ?? ""))
      }
      fieldset {
        legend { "Type" }
        for (type, words) in [
          (Flow.Direction.inbound, "Inbound: from a third party to Togai"),
          (.outbound, "Outbound: from Togai to a third party"),
        ] {
          radio("type", type.rawValue, words, isChecked: type == (direction ?? .inbound))
        }
      }
      p { button(.class("first")) { "Next: trigger" } }
    }
  }

  private func radio(_ name: String, _ value: String, _ words: String, isChecked: Bool) -> Node {
    label(.class("check")) {
      element(
        "input",
        [.type("radio"), .name(name), .value(value), .required] + (isChecked ? [.checked] : []),
        isVoid: true)
      words
    }
  }

  private func triggerForm(_ catalog: AppCatalog) throws(Problem) -> Node {
    form(.class("fields"), .action(Address("new-flow"))) {
      hiddenAll(but: ["trigger"])
      fieldset {
        legend { "When" }
        for step in catalog.triggers(direction ?? .inbound) {
          radio(
            "trigger", "\(step.id)", words(of: step, catalog),
            isChecked: value("trigger") == "\(step.id)")
        }
      }
      p {
        back(to: "flow")
        " "
        button(.class("first")) { "Next: actions" }
      }
    }
  }

  private func words(of step: StepSpec, _ catalog: AppCatalog) -> String {
    "\(catalog.apps[step.id.app]?.name ?? step.id.app): \(step.label)"
  }

  private func actionForm(_ catalog: AppCatalog) throws(Problem) -> Node {
    let trigger = try step(value("trigger") ?? "", catalog)
    let chosen = try actions.map { (text) throws(Problem) in try step(text, catalog) }
    return form(.class("fields"), .action(Address("new-flow"))) {
      hidden("name", "description", "type", "trigger")
      stepFields(trigger, "When", catalog)
      for action in chosen {
        input(.type("hidden"), .name("action"), .value("\(action.id)"))
        stepFields(action, "Then", catalog)
      }
      label {
        chosen.isEmpty ? "Action" : "Another action"
        choice(.name("action")) {
          option(.value("")) { chosen.isEmpty ? "Choose an action" : "None" }
          for step in catalog.actions(after: trigger)
          where !chosen.contains(where: { $0.id == step.id }) {
            option(.value("\(step.id)")) { words(of: step, catalog) }
          }
        }
      }
      p {
        back(to: "trigger")
        " "
        button { "Add the action" }
        " "
        if !chosen.isEmpty {
          button(.class("first"), .name("preview"), .value("yes")) { "Next: preview" }
        }
      }
    }
  }

  private func stepFields(_ step: StepSpec, _ word: String, _ catalog: AppCatalog) -> Node {
    fieldset {
      legend { "\(word) · \(words(of: step, catalog))" }
      p(.class("soft")) { step.description }
      for field in step.fields {
        SettingField(
          field, name: "set:\(step.id).\(field.name)",
          value: value("set:\(step.id).\(field.name)") ?? "", isRequired: false
        ).node
      }
      label {
        "Only if (a condition as JSON, optional)"
        input(
          .name("if:\(step.id)"), .value(value("if:\(step.id)") ?? ""), .noSpelling,
          .placeholder(#"{"path":"currency","equals":"USD"}"#))
      }
    }
  }

  /// The link to an earlier part, with everything that was chosen.
  private func back(to part: String) -> Node {
    let kept = fields.filter { $0.name != "back" && $0.name != "preview" }
    return a(
      .class("button"), .href(Address(["new-flow"], query: kept + [Field("back", part)]))
    ) { "Back" }
  }

  private func hidden(_ names: String...) -> Node {
    group {
      for name in names { input(.type("hidden"), .name(name), .value(value(name) ?? "")) }
    }
  }

  func step(_ text: String, _ catalog: AppCatalog) throws(Problem) -> StepSpec {
    guard let id = StepID(text) else {
      throw Problem(.usage, "\"\(text)\" is not a step: app/step")
    }
    return try catalog.step(id)
  }
}
