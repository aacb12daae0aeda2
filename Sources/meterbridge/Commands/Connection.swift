import Catalog
import Dispatcher
import Operations
import Setup
import StepKit
import Values

extension Command {
  /// `connection add`, `set`, `list`, `show`, `test`, `rm`.
  static let connectionCommands = [
    Command(
      name: "connection add", summary: "Add a connection to an app", operands: ["APP"],
      options: [
        Option(name: "name", value: "NAME", help: "The connection's name (App link name)"),
        noConnectionTest,
      ] + givenToConnections,
      details: """
        `meterbridge app show APP` lists the settings. What is not given is taken from the variables
        of the environment that the app names (such as CHARGEBEE_SITE and CHARGEBEE_API_KEY), and what is
        still missing is asked for on the terminal. A secret is never an option's value.

        --set baseUrl=URL puts another server in the app's place, on this machine only.

        The key is tried as `connection test` does. One that the app refuses adds nothing; where the app
        does not answer, or a setting names nothing in it, the connection is added all the same, and a line
        says so.
        """, run: addConnection),
    Command(
      name: "connection set", summary: "Change settings or secrets of a connection",
      operands: ["NAME"],
      options: [
        noConnectionTest,
        Option(
          name: "unset", value: "SETTING", isRepeatable: true,
          help: "Take an optional setting or secret away"
        ),
      ] + givenToConnections,
      details: """
        What is not named stays, and so does the account while a flow connection uses it. The connection is
        then tried as `connection test` does: runs that waited for a better key go on, and 77 is the exit
        status where the app refuses the key all the same.
        """, run: setConnection),
    Command(name: "connection list", summary: "List the connections") { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      let pauses = Pauses(home: registry.home)
      let documents = try registry.connections.all().map { (connection) throws(Problem) in
        JSON.members([
          "name": .string(connection.name), "app": .string(connection.app.id),
          "account": .string(connection.scope), "settings": connection.settings,
          "paused": .text(try pauses.reason(of: connection.name)),
        ])
      }
      context.list(
        documents, head: ["NAME", "APP", "ACCOUNT", "STATE"],
        empty: "no connection yet: `meterbridge connection add` makes one"
      ) { connection in
        [
          connection["name"].string ?? "", connection["app"].string ?? "",
          connection["account"].string ?? "",
          connection["paused"].string.map { "paused: \($0)" } ?? "",
        ]
      }
    },
    Command(
      name: "connection show", summary: "Show a connection, without its secrets",
      operands: ["NAME"]
    ) { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      let connection = try registry.connections.get(context.arguments.operands[0])
      let secrets = try registry.connections.secretNames(of: connection)
      let (known, set) = (connection.known.object ?? [:], secrets.joined(separator: ", "))
      if context.wantsJSON {
        return Terminal.say(
          .members([
            "name": .string(connection.name), "app": .string(connection.app.id),
            "account": .string(connection.scope), "settings": .object(known),
            "secrets": .array(secrets.map { .string($0) }),
          ]))
      }
      Terminal.say(
        Table.text(
          [
            ["name", connection.name], ["app", connection.app.name], ["account", connection.scope],
          ]
            + known.sorted { $0.key < $1.key }.map { [$0.key, $0.value.string ?? $0.value.text] }
            + [["secrets", set.isEmpty ? "none" : set]]))
    },
    Command(
      name: "connection test", summary: "Try a connection's key with harmless reads",
      operands: ["NAME"],
      details: """
        Says whether the app knows the key, what it may read, and whether settings that name things in
        the app are right. The exit status is 77 where the app refuses the key, 78 where a setting is
        wrong, 69 where the app does not answer and 75 where it says to come back later. Runs that waited
        for a better key go on. A connection to Webhook is sent a signed document {"type": "meterbridge.test"}.
        """
    ) { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      let name = context.arguments.operands[0]
      let said = try registry.test(name)
      let examination = try registry.examine(name)
      context.wantsJSON
        ? Terminal.say(ExaminationPage.json(said, examination))
        : Terminal.say(ExaminationPage.text(said, examination))
      if let wrong = examination.findings.first(where: { !$0.isGood }) {
        throw Problem(.configuration, "\(wrong.subject) \(wrong.words)")
      }
    },
    Command(
      name: "connection rotate-key", summary: "Seal the secrets with another key",
      options: [
        Option(
          name: "key-file", value: "FILE",
          help: "The new key, 64 hexadecimal digits; made, if the file is not there")
      ],
      details: """
        Secrets are sealed with the key in the file that METERBRIDGE_KEY_FILE names, else with one that
        was made once, in the home. A new key takes the old one's place when all secrets are sealed
        with it; where this was cut off, do it again. A key in a file of your own must be named in
        METERBRIDGE_KEY_FILE from then on, for `serve` too.
        """
    ) { (context) throws(Problem) in
      let file = try context.homeThatIsThere().replaceKey(with: context.arguments.value("key-file"))
      let isOwn = context.arguments.has("key-file")
      context.confirm(
        done: "the secrets are sealed with the key in \(file)"
          + (isOwn
            ? "; METERBRIDGE_KEY_FILE must name it from now on: start a `serve` that runs anew with it"
            : ""))
    },
    Command(
      name: "connection rm", summary: "Remove a connection and its secrets", operands: ["NAME"],
      options: [Option(name: "yes", help: "Do not ask")]
    ) { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      let connection = try registry.connections.get(context.arguments.operands[0])
      let name = connection.name
      try context.confirm("Remove the connection \(name) and its secrets?")
      try registry.remove(connection: name)
      context.confirm(done: "removed \(name)")
      for webhook in try registry.webhooks(of: connection.scope)
      where webhook.url.hasSuffix("/hooks/\(name)") {
        Terminal.complain(
          "\(connection.app.name) still sends the webhooks of \(connection.scope) to \(webhook.url),"
            + " where nobody takes them now: `meterbridge webhook install` with another connection to"
            + " it changes that, or remove it there")
      }
    },
  ]
}
