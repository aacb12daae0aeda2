import Catalog
import Operations
import Setup
import Values

/// An app: its triggers and actions with their payloads, its settings, its connections.
enum AppPage {
  static let routes: [Route] = [
    .get("/apps/:app", .viewer, .one("getApp", "An app", "App")) { (visit) throws(Problem) in
      let app = try visit.registry.catalog.app(visit.path[0])
      let connections = try visit.registry.connections.all().filter { $0.app.id == app.id }
      let content = group {
        pageHead(app.name, words: app.description) {
          if visit.may(.administrator) {
            a(.class("button first"), .href(Address("new-connection", app.id))) { "Add connection" }
          }
        }
        factList([("App ID", idText(app.id))])
        h2 { "Connections" }
        if connections.isEmpty { p(.class("soft")) { "None yet." } }
        for connection in connections {
          p { a(.href(Address("connections", connection.name))) { connection.name } }
        }
        steps(app, "Triggers", app.steps.values.filter(\.isTrigger))
        steps(app, "Actions", app.steps.values.filter(\.isAction))
        steps(app, "Polls", app.steps.values.filter { $0.kind == "poll" })
        steps(app, "Lists", app.steps.values.filter { $0.kind == "list" })
        h2 { "Settings of a connection" }
        fieldTable("Settings", app.settings + Connection.common)
      }
      return .page(
        Answer.Page(
          title: app.name, section: .connections, document: app.json, content: content))
    }
  ]

  @NodeBuilder
  private static func steps(_ app: App, _ title: String, _ steps: [StepSpec]) -> Node {
    if !steps.isEmpty {
      h2 { title }
      for step in steps.sorted(by: { $0.id < $1.id }) {
        details {
          summary {
            bold { step.label }
            " "
            small { code(.class("id")) { "\(step.id)" } }
          }
          p { step.description }
          if step.fields.isEmpty {
            p(.class("soft")) { "It has no fields." }
          } else {
            fieldTable("Fields of \(step.label)", step.fields)
          }
        }
      }
    }
  }

  private static func fieldTable(_ name: String, _ fields: [Setting]) -> Node {
    dataTable(name, head: ["Field", "Name", "What it is"]) {
      for field in fields {
        tr {
          td {
            field.label
            if field.isSecret { small { " secret" } }
            if field.isOptional { small { " optional" } }
          }
          td { code(.class("id")) { field.name } }
          td {
            field.help ?? ""
            if let example = field.example { span(.class("next")) { "For example \(example)" } }
          }
        }
      }
    }
  }
}
