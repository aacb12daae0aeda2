import Catalog
import Operations
import Setup
import Store
import Values

/// What can be done with a connection: testing, pausing, changing and removing it.
enum ConnectionActs {
  static let routes: [Route] = [
    .post(
      "/connections/:name/test", .operator,
      .one("testConnection", "Test a connection's key and settings", "ConnectionTest")
    ) { (visit) throws(Problem) in try test(visit) },
    .post(
      "/connections/:name/pause", .operator,
      .one(
        "pauseConnection", "Pause a connection", "ConnectionDetails",
        [.init(name: "reason", help: "Why, for those who see the pause")])
    ) { (visit) throws(Problem) in
      let name = try visit.registry.connections.get(visit.path[0]).name
      try visit.registry.pause(connection: name, by: visit.person, visit.field("reason"))
      return try paused(name, visit, "\(name) is paused.")
    },
    .post(
      "/connections/:name/resume", .operator,
      .one("resumeConnection", "Let the runs of a paused connection go on", "ConnectionDetails")
    ) { (visit) throws(Problem) in
      let name = try visit.registry.connections.get(visit.path[0]).name
      try visit.registry.resume(connection: name)
      return try paused(name, visit, "\(name) is resumed.")
    },
    .post(
      "/connections/:name/change", .administrator,
      .one(
        "changeConnection", "Change settings or secrets", "Connection", ConnectionsPage.parameters)
    ) { (visit) throws(Problem) in try change(visit) },
    .post(
      "/connections/:name/remove", .administrator,
      .one("removeConnection", "Remove a connection and its secrets", "Connection")
    ) { (visit) throws(Problem) in
      let connection = try visit.registry.connections.get(visit.path[0])
      try visit.registry.remove(connection: connection.name)
      return .done(
        connection.json, next: Address("connections"), note: "\(connection.name) is removed.")
    },
  ]

  /// The form that pauses the connection, or lets its runs go on.
  static func pauseForm(
    _ connection: Connection, isPaused: Bool, _ visit: Visit
  ) -> Node {
    if isPaused {
      return visit.postForm(Address("connections", connection.name, "resume")) {
        button { "Resume" }
      }
    }
    return details {
      summary { "Pause…" }
      p { "Events are accepted, and runs wait before their next request." }
      visit.postForm(Address("connections", connection.name, "pause"), .class("fields")) {
        label {
          "Why"
          input(.name("reason"), .type("text"))
        }
        p { button { "Pause \(connection.name)" } }
      }
    }
  }

  private static func paused(
    _ name: String, _ visit: Visit, _ note: String
  ) throws(Problem) -> Answer {
    let document = try visit.registry.shown(visit.registry.connections.get(name))
    return .done(document, next: Address("connections", name), note: note)
  }

  private static func test(_ visit: Visit) throws(Problem) -> Answer {
    let test = try ConnectionTest(of: visit.path[0], visit.registry)
    let examined = test.examination
    let content = group {
      pageHead(
        "Test of \(visit.path[0])",
        tag: test.wrong.isEmpty ? tag("Good", "good") : tag("Wrong", "bad"))
      p { bdi { "\(test.summary.titled)." } }
      factList(
        [
          ("It may read", examined.mayRead), ("It may not read", examined.mayNotRead),
          ("Unknown", examined.unknown),
        ].filter { !$0.1.isEmpty }
          .map { name, things in (name, bdi { things.joined(separator: ", ") }) })
      factList(
        examined.findings.map { finding in
          (
            finding.subject,
            group {
              finding.isGood ? tag("Good", "good") : tag("Wrong", "bad")
              " "
              bdi { finding.words }
            }
          )
        })
      p { a(.href(Address("connections", visit.path[0]))) { "Back to the connection" } }
    }
    return .page(
      Answer.Page(
        title: "Test of \(visit.path[0])", section: .connections, document: test.json,
        content: content))
  }

  static func changeForm(_ connection: Connection, _ visit: Visit) -> Node {
    group {
      h2 { "Change" }
      p(.class("soft")) {
        "What is left empty stays. The app is asked first: if it refuses the key, nothing changes."
      }
      visit.postForm(Address("connections", connection.name, "change"), .class("fields")) {
        for setting in connection.app.settings + Connection.common {
          let value = connection.settings[setting.name]
          SettingField(
            setting, name: "set:\(setting.name)",
            value: value.isNull ? "" : value.string ?? value.text, isRequired: false
          ).node
        }
        p { button(.class("first")) { "Change" } }
      }
    }
  }

  private static func change(_ visit: Visit) throws(Problem) -> Answer {
    let old = try visit.registry.connections.get(visit.path[0])
    let (given, secrets) = ConnectionsPage.values(visit, of: old.app)
    // A field that shows the present value is not a change
    let settings = given.filter { name, value in
      let known = old.settings[name]
      return (known.string ?? (known.isNull ? "" : known.text)) != value
    }
    guard !settings.isEmpty || !secrets.isEmpty else {
      throw Problem(.usage, "nothing was changed: no field has another value")
    }
    let connection = try visit.registry.change(
      connection: old.name, settings: settings, secrets: secrets,
      triesKey: visit.field("no-test") != "yes")
    return .done(
      connection.json, next: Address("connections", connection.name),
      note: "\(connection.name) is changed. Test it, so that runs that wait for it continue.")
  }
}
