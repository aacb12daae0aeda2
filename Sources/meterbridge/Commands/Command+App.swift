import Catalog
import Operations
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
    func steps(_ kind: String) -> [[String]] {
      app.steps.values.filter { $0.kind == kind }.sorted { $0.id < $1.id }
        .flatMap { step in
          [["  \(step.id)", step.label, step.description]]
            + step.fields.map { ["      \($0.name)", $0.label, $0.explanation] }
        }
    }
    let parts = [
      ("settings", settings), ("triggers", steps("trigger")), ("actions", steps("action")),
      ("polls", steps("poll")), ("lists", steps("list")),
    ]
    return parts.filter { !$0.1.isEmpty }.reduce("\(app.name): \(app.description)") {
      "\($0)\n\n\($1.0)\n\(Table.text($1.1))"
    }
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
}
