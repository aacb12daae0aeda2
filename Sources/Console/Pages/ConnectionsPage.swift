import Catalog
import Operations
import Setup
import Store
import Values

/// The connections to apps, and adding one.
enum ConnectionsPage {
  static let routes: [Route] = [
    .get("/connections", .viewer, .list("listConnections", "The connections", of: "Connection")) {
      (visit) throws(Problem) in try page(visit)
    },
    .get("/apps", .viewer, .list("listApps", "The apps", of: "App")) { (visit) throws(Problem) in
      let apps = visit.registry.catalog.apps.values.sorted { $0.id < $1.id }
      return .page(
        Answer.Page(
          title: "Apps", section: .connections, document: .array(apps.map(\.json)),
          content: group {
            pageHead("Apps", words: "Systems that can be connected")
            appTable(apps, visit)
          }))
    },
    .get("/new-connection/:app", .administrator) { (visit) throws(Problem) in
      let app = try visit.registry.catalog.app(visit.path[0])
      return .page(
        Answer.Page(
          title: "New connection", section: .connections, document: app.json,
          content: form(app, visit)))
    },
    .get("/connections.csv") { (visit) throws(Problem) in
      .csv(
        try Export(
          "connections.csv", ["name", "app", "account", "paused"],
          of: visit.registry.shownConnections()))
    },
    .post(
      "/new-connection/:app", .administrator,
      .one("addConnection", "Add a connection", "Connection", parameters)
    ) { (visit) throws(Problem) in try add(visit) },
  ]

  /// The values of a connection in a form.
  static let parameters: [APIOperation.Parameter] = [
    .init(name: "name", help: "The connection's name (App link name)"),
    .init(name: "set:NAME", help: "A setting or secret of the app"),
    .init(name: "no-test", help: "yes: do not test the key"),
  ]

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let documents = try visit.registry.shownConnections()
    let apps = visit.registry.catalog.apps.values.sorted { $0.id < $1.id }
    let content = group {
      pageHead("Connections", words: "Named access to accounts of apps") {
        a(.class("button"), .href(Address("connections.csv"))) { "Export CSV" }
      }
      if documents.isEmpty {
        emptyList("There is no connection yet. Add one to an app below.", instead: "connections")
      } else {
        dataTable("Connections", head: ["Name", "App", "Account", "State"], live: "connections") {
          for connection in documents { row(connection, visit) }
        }
      }
      h2 { "Apps" }
      appTable(apps, visit)
    }
    return .page(
      Answer.Page(
        title: "Connections", section: .connections, document: .array(documents),
        content: content))
  }

  private static func row(_ connection: JSON, _ visit: Visit) -> Node {
    let (name, app) = (connection["name"].string ?? "", connection["app"].string ?? "")
    return tr {
      td { a(.href(Address("connections", name))) { name } }
      td { visit.registry.catalog.apps[app]?.name ?? app }
      td { code(.class("id")) { bdi { connection["account"].string ?? "" } } }
      td {
        if let reason = connection["paused"].string {
          tag("Paused", "bad")
          span(.class("why")) { bdi { reason } }
        } else {
          tag("In use", "good")
        }
      }
    }
  }

  private static func appTable(_ apps: [App], _ visit: Visit) -> Node {
    dataTable("Apps", head: ["App", "App ID", "Triggers", "Actions", ""], numeric: [2, 3]) {
      for app in apps {
        tr {
          td {
            a(.href(Address("apps", app.id))) { app.name }
            span(.class("next")) { app.description }
          }
          td { idText(app.id) }
          td(.class("num")) { "\(app.steps.values.count { $0.isTrigger })" }
          td(.class("num")) { "\(app.steps.values.count(where: \.isAction))" }
          td {
            if visit.may(.administrator) {
              a(.class("button"), .href(Address("new-connection", app.id))) { "Add connection" }
            }
          }
        }
      }
    }
  }

  private static func form(_ app: App, _ visit: Visit) -> Node {
    group {
      pageHead("New connection to \(app.name)")
      p { app.description }
      visit.postForm(Address("new-connection", app.id), .class("fields")) {
        label {
          "Name (App link name)"
          input(.name("name"), .required, .noSpelling)
        }
        for setting in app.settings + Connection.common {
          SettingField(
            setting, name: "set:\(setting.name)", value: "", isRequired: !setting.isOptional
          ).node
        }
        label(.class("check")) {
          input(.type("checkbox"), .name("no-test"), .value("yes"))
          "Do not test the key"
        }
        p { button(.class("first")) { "Add" } }
      }
    }
  }

  /// The settings and secrets of a sent form.
  static func values(
    _ visit: Visit, of app: App
  ) -> (settings: [String: String], secrets: [String: Secret]) {
    var settings: [String: String] = [:]
    var secrets: [String: Secret] = [:]
    for item in visit.form where item.name.hasPrefix("set:") {
      guard let value = item.value.nonBlank else { continue }
      let name = String(item.name.dropFirst(4))
      if app.setting(name)?.isSecret == true {
        secrets[name] = Secret(value)
      } else {
        settings[name] = value
      }
    }
    return (settings, secrets)
  }

  private static func add(_ visit: Visit) throws(Problem) -> Answer {
    let app = try visit.registry.catalog.app(visit.path[0])
    let (settings, secrets) = values(visit, of: app)
    let connection = try visit.registry.add(
      connection: visit.required("name"), app: app.id, settings: settings, secrets: secrets)
    var notes = ["\(connection.name) is added."]
    if visit.field("no-test") != "yes" {
      let test = try visit.registry.testNew(connection) { notes.append("Not tested: \($0).") }
      notes += test.map { ["\($0.summary.titled)."] + $0.wrong.map { "\($0.titled)." } } ?? []
    }
    return .done(
      connection.json, next: Address("connections", connection.name),
      note: notes.joined(separator: " "))
  }
}
