import Catalog
import Setup
import Values

extension Command {
  static let appCommands = [
    Command(
      name: "app list", summary: "Show the apps that can be connected", usesHome: false,
      printsLines: true
    ) { (context) throws(Problem) in
      let apps = try context.catalog().apps.values.sorted { $0.id < $1.id }
      context.list(
        apps.map(\.json), head: ["APP", "NAME", "TRIGGERS", "ACTIONS"], empty: "no apps"
      ) { app in
        app.cells("app", "name") + ["triggers", "actions"].map { "\(app[$0].array?.count ?? 0)" }
      }
    },
    Command(
      name: "app show", summary: "Show an app's settings, triggers and actions", operands: ["APP"],
      usesHome: false
    ) { (context) throws(Problem) in
      let app = try context.catalog().app(context.arguments.operands[0])
      context.print(app.json, page: page(of: app))
    },
  ]

  private static func page(of app: App) -> String {
    let settings =
      app.settings.map { setting in
        [
          "  \(setting.name)",
          setting.label + (setting.isSecret ? " (secret)" : "")
            + (setting.isOptional ? ", optional" : ""), setting.explanation,
        ]
      } + Connection.common.map { ["  \($0.name)", "\($0.label), optional", $0.explanation] }
    func steps(_ isTrigger: Bool) -> [[String]] {
      app.steps.values.filter { $0.isTrigger == isTrigger }.sorted { $0.id < $1.id }
        .flatMap { step in
          [["  \(step.id)", step.label, step.description]]
            + step.fields.map { ["      \($0.name)", $0.label, $0.explanation] }
        }
    }
    let parts = [("settings", settings), ("triggers", steps(true)), ("actions", steps(false))]
    return parts.filter { !$0.1.isEmpty }.reduce("\(app.name): \(app.description)") {
      "\($0)\n\n\($1.0)\n\(Table.text($1.1))"
    }
  }
}

extension App {
  fileprivate var json: JSON {
    let sorted = steps.values.sorted { $0.id < $1.id }
    return [
      "app": .string(id), "name": .string(name), "description": .string(description),
      "settings": .array((settings + Connection.common).map(\.json)),
      "triggers": .array(sorted.filter(\.isTrigger).map(\.json)),
      "actions": .array(sorted.filter { !$0.isTrigger }.map(\.json)),
    ]
  }
}

extension StepSpec {
  fileprivate var json: JSON {
    [
      "step": .string(id.description), "label": .string(label),
      "description": .string(description), "fields": .array(fields.map(\.json)),
    ]
  }
}

extension Setting {
  /// The help, the permitted values or an example, the default and the environment variable.
  fileprivate var explanation: String {
    let choice = choices.isEmpty ? nil : "One of \(choices.joined(separator: ", "))."
    let example = example.map { "For example \($0)." }
    let standard = standard.nonBlank.map { "Default: \($0)." }
    let variable = variable.map { "Environment: \($0)." }
    return [help, choice ?? example, standard, variable].compactMap { $0 }.joined(separator: " ")
  }

  fileprivate var json: JSON {
    .members([
      "name": .string(name), "label": .string(label), "help": .text(help),
      "example": .text(example), "secret": .bool(isSecret), "optional": .bool(isOptional),
      "default": standard, "type": .string(form.rawValue),
      "variable": .text(variable),
      "choices": choices.isEmpty ? nil : .texts(choices),
    ])
  }
}
