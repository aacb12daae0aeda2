import Catalog
import Setup
import Values

/// The form that connects a flow: a name, a connection for each step, and the fields of the steps.
struct ConnectForm {
  private let flow: Flow
  private let visit: Visit

  init(_ flow: Flow, _ visit: Visit) { (self.flow, self.visit) = (flow, visit) }

  /// The form.
  var node: Node {
    visit.postForm(Address("flows", flow.id, "connect"), .class("fields")) {
      label {
        "Name"
        input(.name("name"), .required, .noSpelling, .value(visit.query("name") ?? ""))
      }
      for part in flow.parts { stepFields(part) }
      label(.class("check")) {
        input(.type("checkbox"), .name("enable"), .value("yes"))
        "Enable it: from now on, events start runs"
      }
      label(.class("check")) {
        input(.type("checkbox"), .name("no-check"), .value("yes"))
        "Do not look up in the apps what the fields name"
      }
      p { button(.class("first")) { "Connect" } }
    }
  }

  private func stepFields(_ part: Flow.Part) -> Node {
    let step = try? visit.registry.catalog.step(part.step)
    let app = visit.registry.catalog.apps[part.step.app]?.name ?? part.step.app
    return fieldset {
      legend { step?.label ?? part.step.name }
      if names(of: part.step.app).isEmpty {
        p(.class("soft")) {
          "There is no connection to \(app) yet. "
          a(.href(Address("new-connection", part.step.app))) { "Add one" }
        }
      } else {
        label {
          "Connection"
          choice(.name("step:\(part.step.description)")) {
            for name in names(of: part.step.app) { option { name } }
          }
        }
      }
      for field in step?.fields ?? [] { fieldInput(field, part) }
    }
  }

  private func names(of app: String) -> [String] {
    ((try? visit.registry.connections.all()) ?? []).filter { $0.app.id == app }.map(\.name)
  }

  private func fieldInput(_ field: Setting, _ part: Flow.Part) -> Node {
    let value = part.payload[field.name]
    return SettingField(
      field, name: "set:\(part.step.description).\(field.name)",
      value: value.isNull ? "" : value.string ?? value.text,
      isRequired: !field.isOptional && value.isNull
    ).node
  }

  /// The connections and fields of a sent form.
  static func read(
    _ visit: Visit
  ) throws(Problem) -> (connections: [StepID: String], fields: [StepID: [String: String]]) {
    var connections: [StepID: String] = [:]
    var fields: [StepID: [String: String]] = [:]
    for item in visit.form {
      guard let value = item.value.nonBlank else { continue }
      if item.name.hasPrefix("step:") {
        connections[try step(item.name.dropFirst(5))] = value
      } else if item.name.hasPrefix("set:") {
        let name = item.name.dropFirst(4)
        guard let dot = name.lastIndex(of: ".") else {
          throw Problem(.usage, "\"\(item.name)\" must be set:app/step.field")
        }
        fields[try step(name[..<dot]), default: [:]][String(name[dot...].dropFirst())] = value
      }
    }
    return (connections, fields)
  }

  private static func step(_ text: Substring) throws(Problem) -> StepID {
    guard let step = StepID(String(text)) else {
      throw Problem(.usage, "\"\(text)\" is not a step: app/step")
    }
    return step
  }
}
