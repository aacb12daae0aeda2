import Catalog
import Operations
import Setup
import Values

extension Command {
  static let connectionCommands = [
    Command(
      name: "connection add", summary: "Add a connection to an app", operands: ["APP"],
      options: ["--name NAME: The connection's name (App link name)", noConnectionTest]
        + connectionValues,
      details: """
        `meterbridge app show APP` lists the settings. A setting that is not given is read from the
        environment variable that the app names (such as CHARGEBEE_SITE and CHARGEBEE_API_KEY); a required
        one that is still missing is asked for on the terminal, and so is the secret of Togai's webhooks, which
        is made if you enter none. Secrets cannot be given as option values.

        --set baseUrl=URL sends requests to another server. It must be a loopback address, because the API
        key is sent there; --trust-base-url allows another host.

        The key is tested as in `connection test`. If the app refuses it, nothing is added. If the app does
        not answer, or a setting names something that does not exist in the app, the connection is added
        with a warning.
        """, run: addConnection),
    Command(
      name: "connection set", summary: "Change settings or secrets of a connection",
      operands: ["NAME"],
      options: [
        noConnectionTest,
        "--force: Change the connection even if the app refuses the key",
        "--overlap HOURS: Also accept the former secret of webhooks for so long",
        "--unset SETTING…: Remove an optional setting or secret",
      ] + connectionValues,
      details: """
        Other settings and secrets do not change. The account cannot change while a flow connection uses
        the connection.

        The app is asked first with the changed settings and secrets. If it refuses the key, nothing changes
        and the command exits with 77; --force changes the connection all the same. If the app does not
        answer, the connection changes with a warning. Then the connection is tested as in `connection test`:
        runs that wait for a valid key continue.
        """, run: setConnection),
    Command(name: "connection list", summary: "Show connections", printsLines: true) {
      (context) throws(Problem) in
      let registry = try context.registry()
      let documents = try registry.shownConnections()
      context.list(
        documents, head: ["NAME", "APP", "ACCOUNT", "SETTINGS", "STATE"],
        empty: "no connections; `meterbridge connection add` adds one"
      ) { connection in
        connection.cells("name", "app", "account")
          + [mainSettings(connection, registry.catalog)]
          + [connection["paused"].string.map { "paused: \($0)" } ?? ""]
      }
    },
    Command(
      name: "connection show", summary: "Show a connection without its secrets",
      operands: ["NAME"], run: showConnection),
    Command(
      name: "connection test", summary: "Test a connection's key and settings",
      operands: ["NAME"],
      details: """
        Sends read requests only. Shows whether the app accepts the key, what the key may read, and whether
        the settings that name things in the app are right. Runs that wait for a valid key continue. A
        connection to Webhook is sent a signed document {"type": "meterbridge.test"}, and one to an incoming
        webhook of Slack posts a message.

        Exits with 77 if the app refuses the key, 78 if a setting is wrong, 69 if the app does not answer,
        and 75 if it asks to try again later.
        """
    ) { (context) throws(Problem) in
      let check = try ConnectionTest(
        of: context.arguments.operands[0], context.registry())
      context.print(check.json, page: check.text)
      if let wrong = check.wrong.first { throw Problem(.configuration, wrong) }
    },
    Command(
      name: "connection pause", summary: "Pause a connection", operands: ["NAME"],
      options: ["--reason TEXT: Why, for those who see the pause"],
      details: """
        Events are accepted and stored, and runs wait before their next request to the app, until `connection
        resume`. A connection whose key is refused is paused by itself; a test with success resumes it, and not
        one that a person paused.
        """
    ) { (context) throws(Problem) in
      let name = context.arguments.operands[0]
      try context.registry().pause(
        connection: name, by: Context.person, context.arguments.value("reason"))
      context.report(
        done: "paused \(name); `meterbridge connection resume \(name)` lets its runs go on")
    },
    Command(
      name: "connection resume", summary: "Let the runs of a paused connection go on",
      operands: ["NAME"]
    ) { (context) throws(Problem) in
      let name = context.arguments.operands[0]
      try context.registry().resume(connection: name)
      context.report(done: "resumed \(name)")
    },
    Command(
      name: "connection rotate-key", summary: "Seal the secrets with a new key",
      options: [
        "--key-file FILE: The file of the new key, 64 hexadecimal digits; created if missing"
      ],
      details: """
        Secrets are sealed with the key in the file that METERBRIDGE_KEY_FILE names, by default with a key
        that is created in the home. The new key replaces the old one once all secrets are sealed with it;
        if the command is interrupted, run it again. After a change to a file of your own,
        METERBRIDGE_KEY_FILE must name that file, also for `serve`.
        """
    ) { (context) throws(Problem) in
      let file = try context.home().replaceKey(with: context.arguments.value("key-file"))
      let isOwn = context.arguments.has("key-file")
      context.report(
        done: "sealed the secrets with the key in \(file)"
          + (isOwn ? "; set METERBRIDGE_KEY_FILE to this file, and restart `serve` with it" : ""))
    },
    Command(
      name: "connection rm", summary: "Remove a connection and its secrets", operands: ["NAME"],
      options: [.yes]
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let connection = try registry.connections.get(context.arguments.operands[0])
      let name = connection.name
      try context.confirm("Remove connection \(name) and its secrets?")
      try registry.remove(connection: name)
      context.report(done: "removed \(name)")
      for webhook in try registry.webhooks(of: connection.scope)
      where webhook.url.hasSuffix("/hooks/\(name)") {
        Terminal.warn(
          "\(connection.app.name) still sends the webhooks of \(connection.scope) to \(webhook.url),"
            + " which is no longer served; run `meterbridge webhook install` for another connection to"
            + " this account, or remove the webhook in \(connection.app.name)")
      }
    },
  ]

  /// The row of the requests of the last time that the limit is for; none without a limit.
  private static func rate(_ rate: JSON) -> [[String]] {
    guard let used = rate["used"].int, let most = rate["requests"].int,
      let seconds = rate["seconds"].int
    else { return [] }
    return [["requests", "\(used) of \(most) in the last \(seconds) s"]]
  }

  private static func showConnection(_ context: Context) throws(Problem) {
    let registry = try context.registry()
    let connection = try registry.connections.get(context.arguments.operands[0])
    let secrets = try registry.connections.secretNames(of: connection)
    let known = connection.known.object ?? [:]
    let shown = try registry.shown(connection)
    context.print(
      shown,
      page: Table.text(
        [["name", connection.name], ["app", connection.app.name], ["account", connection.scope]]
          + known.sorted { $0.key < $1.key }.map { [$0.key, $0.value.string ?? $0.value.text] }
          + rate(shown["rate"])
          + [["secrets", secrets.isEmpty ? "none" : secrets.joined(separator: ", ")]]
          + (shown["paused"].string.map { [["paused", $0]] } ?? [])))
  }

  /// The settings that tell connections to one account apart, such as `itemPrice=growth-USD-Monthly`.
  private static func mainSettings(_ connection: JSON, _ catalog: AppCatalog) -> String {
    let app = connection["app"].string.flatMap { catalog.apps[$0] }
    return (app?.settings ?? []).filter(\.isAsked).compactMap { setting in
      connection["settings"][setting.name].string.map { "\(setting.name)=\($0)" }
    }.joined(separator: ", ")
  }
}
