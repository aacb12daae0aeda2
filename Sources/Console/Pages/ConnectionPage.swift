import Catalog
import Operations
import Setup
import Store
import Values

/// A connection: its settings, and what uses it.
enum ConnectionPage {
  static let routes: [Route] = [
    .get("/connections/:name", .viewer, .one("getConnection", "A connection", "ConnectionDetails"))
    {
      (visit) throws(Problem) in try page(visit)
    }
  ]

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let connection = try visit.registry.connections.get(visit.path[0])
    let document = try visit.registry.shown(connection)
    let pause = try Pauses(home: visit.home).reason(of: connection.name)
    let content = group {
      pageHead(
        connection.name, tag: pause == nil ? tag("In use", "good") : tag("Paused", "bad"),
        words: connection.app.name
      ) {
        if visit.may(.operator) {
          visit.postForm(Address("connections", connection.name, "test")) {
            button(.class("first")) { "Test" }
          }
        }
        WebhooksPage.button(connection, visit)
      }
      if let pause { div(.class("note bad")) { p { bdi { "\(pause.titled)." } } } }
      div(.class("two")) {
        section {
          h2 { "Settings" }
          factList(settings(of: connection))
          secretNames(document, connection)
          if visit.may(.operator) {
            ConnectionActs.pauseForm(connection, isPaused: pause != nil, visit)
          }
          if visit.may(.administrator) {
            visit.removal(
              "Remove…", "Removes the connection and its secrets.", "Remove \(connection.name)",
              Address("connections", connection.name, "remove"))
          }
        }
        aside {
          h2 { "Facts" }
          factList([
            ("App", Node(connection.app.name)), ("App ID", idText(connection.app.id)),
            ("Account", idText(connection.scope)), ("Requests", rate(document["rate"])),
          ])
          users(of: connection, visit)
        }
      }
      if visit.may(.administrator) { ConnectionActs.changeForm(connection, visit) }
    }
    return .page(
      Answer.Page(
        title: connection.name, section: .connections, document: document, content: content))
  }

  /// The requests of the last minute, or however long the limit is for, and what is allowed.
  private static func rate(_ rate: JSON) -> Node {
    guard let used = rate["used"].int, let most = rate["requests"].int,
      let seconds = rate["seconds"].int
    else { return Node("no limit") }
    return Node("\(used) of \(most) in the last \(seconds) s")
  }

  private static func settings(of connection: Connection) -> [(name: String, value: Node)] {
    (connection.known.object ?? [:]).sorted { $0.key < $1.key }
      .filter { $0.value.object == nil }
      .map { name, value in
        (
          (connection.app.settings + Connection.common).first { $0.name == name }?.label ?? name,
          bdi { value.string ?? value.text }
        )
      }
  }

  private static func secretNames(_ document: JSON, _ connection: Connection) -> Node {
    let names = document["secrets"].items.compactMap(\.string).map { name in
      connection.app.setting(name)?.label ?? name
    }
    return p(.class("soft")) {
      names.isEmpty
        ? "It has no secrets." : "Secrets, shown to nobody: \(names.joined(separator: ", "))."
    }
  }

  @NodeBuilder
  private static func users(of connection: Connection, _ visit: Visit) -> Node {
    let flows = ((try? visit.registry.flows.connections()) ?? []).filter { flow in
      flow.parts.contains { $0.connection == connection.name }
    }
    h2 { "Used by" }
    if flows.isEmpty { p(.class("soft")) { "No flow connection uses it." } }
    for flow in flows { p { FlowConnectionPage.link(to: flow.json) } }
  }
}
