import Dispatcher
import Foundation
import Step
import Store

extension Command {
  /// `connection add`, `set`, `list`, `show`, `test`, `rm`.
  static let connectionCommands = [
    Command(
      name: "connection add", summary: "Add a connection to an app", operands: ["APP"],
      options: [
        Option(name: "name", value: "NAME", help: "The connection's name (App link name)"),
        noTest,
      ] + given,
      details: """
        `meterbridge app show APP` lists the settings. What is not given is taken from the variables
        of the environment that the app names (such as CHARGEBEE_SITE and CHARGEBEE_API_KEY), and what is
        still missing is asked for on the terminal. A secret is never an option's value.

        --set baseUrl=URL puts another server in the app's place, on this machine only.

        The key is tried as `connection test` does. One that the app refuses adds nothing; where the app
        does not answer, the connection is added all the same, and a line says so.
        """, run: add),
    Command(
      name: "connection set", summary: "Change settings or secrets of a connection",
      operands: ["NAME"],
      options: [
        noTest,
        Option(
          name: "unset", value: "SETTING", isRepeatable: true, help: "Take an optional setting away"
        ),
      ] + given,
      details: """
        What is not named stays, and so does the account while a flow connection uses it. The connection is then tried as `connection test` does: runs that waited
        for a better key go on, and 77 is the exit status where the app refuses the key all the same.
        """, run: set),
    Command(name: "connection list", summary: "List the connections") { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      let pauses = Pauses(home: registry.home)
      let documents = try registry.connections().map { (connection) throws(Problem) in
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
      let connection = try registry.connection(context.arguments.operands[0])
      let secrets = try registry.secretNames(of: connection)
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
      context.confirm(done: "the secrets are sealed with the key in \(file)")
    },
    Command(
      name: "connection rm", summary: "Remove a connection and its secrets", operands: ["NAME"],
      options: [Option(name: "yes", help: "Do not ask")]
    ) { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      let name = try registry.connection(context.arguments.operands[0]).name
      try context.confirm("Remove the connection \(name) and its secrets?")
      try registry.remove(connection: name)
      context.confirm(done: "removed \(name)")
    },
  ]

  private static let noTest = Option(name: "no-test", help: "Do not try the key")

  /// What a connection is told on the command line.
  private static let given = [
    Option(name: "set", value: "NAME=VALUE", isRepeatable: true, help: "A setting"),
    Option(
      name: "secret", value: "NAME=@FILE", isRepeatable: true,
      help: "A secret, from a file, or from a line of standard input with NAME=-"),
    Option(
      name: "trust-base-url",
      help: "Let the setting baseUrl name another machine, which is then sent the key"),
  ]

  private static func given(
    _ context: Context
  ) throws(Problem) -> (settings: [String: String], secrets: [String: Secret]) {
    var settings: [String: String] = [:]
    for (key, value) in try context.arguments.pairs("set") { settings[key] = value }
    var secrets: [String: Secret] = [:]
    for (key, source) in try context.arguments.pairs("secret") {
      secrets[key] = try secret(key, source)
    }
    return (settings, secrets)
  }

  private static func set(_ context: Context) throws(Problem) {
    let (settings, secrets) = try given(context)
    let removing = Set(context.arguments.all("unset"))
    guard !settings.isEmpty || !secrets.isEmpty || !removing.isEmpty else {
      throw context.arguments.wrong("say what to change, with --set, --secret or --unset")
    }
    let registry = try context.registryThatIsThere()
    let connection = try registry.change(
      connection: context.arguments.operands[0], settings: settings, secrets: secrets,
      removing: removing, trustsBaseURL: context.arguments.has("trust-base-url"))
    context.wantsJSON
      ? Terminal.say(connection.json) : Terminal.say("changed \(connection.name)")
    if context.arguments.has("no-test") { return }
    do throws(Problem) {
      try show(examined(connection, registry), context)
    } catch {
      guard error.kind != .refused else {
        throw Problem(.refused, "\(connection.name) is changed, but \(error)")
      }
      untried(connection, error)
    }
  }

  private static func add(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let registry = try context.registry()
    let app = try registry.catalog.app(arguments.operands[0])
    guard let name = arguments.value("name") ?? Terminal.answer(to: "App link name") else {
      throw arguments.wrong("--name is missing")
    }
    var (settings, secrets) = try given(context)
    fillIn(app, &settings, &secrets)
    let connection = try registry.add(
      connection: name, app: app.id, settings: settings, secrets: secrets,
      trustsBaseURL: arguments.has("trust-base-url"))
    let found = arguments.has("no-test") ? nil : try tried(connection, registry)
    context.wantsJSON
      ? Terminal.say(connection.json)
      : Terminal.say("added \(connection.name), a connection to \(app.name) (\(connection.scope))")
    if let found { show(found, context) }
  }

  /// What a test found: the good for people only, what is wrong in any case.
  private static func show(_ found: (said: String, Examination), _ context: Context) {
    if !context.wantsJSON { Terminal.say(ExaminationPage.text(found.said, found.1)) }
    for wrong in found.1.findings where !wrong.isGood {
      Terminal.complain("\(wrong.subject) \(wrong.words)")
    }
  }

  private static func examined(
    _ connection: Connection, _ registry: Registry
  ) throws(Problem) -> (said: String, Examination) {
    let said = try registry.test(connection.name)
    return (said, try registry.examine(connection.name))
  }

  private static func untried(_ connection: Connection, _ problem: Problem) {
    Terminal.complain(
      "\(problem); `meterbridge connection test \(connection.name)` tries again")
  }

  /// What a new connection's key may do; a key that is refused takes the connection with it.
  private static func tried(
    _ connection: Connection, _ registry: Registry
  ) throws(Problem) -> (said: String, Examination)? {
    do throws(Problem) {
      return try examined(connection, registry)
    } catch {
      guard error.kind == .refused else {
        untried(connection, error)
        return nil
      }
      guard connection.app.http.oauth2 == nil else {
        throw Problem(
          .refused,
          "\(connection.name) is added, since its code cannot be exchanged again, but \(error)")
      }
      try registry.remove(connection: connection.name)
      throw Problem(.refused, "nothing was added: \(error)")
    }
  }

  /// What was not given comes from the environment; what must be there, from the terminal.
  private static func fillIn(
    _ app: App, _ settings: inout [String: String], _ secrets: inout [String: Secret]
  ) {
    for setting in app.settings {
      guard settings[setting.name] == nil, secrets[setting.name] == nil else { continue }
      let found = setting.variable.flatMap { ProcessInfo.processInfo.environment[$0]?.words }
      if setting.isSecret {
        let typed = found ?? (setting.isOptional ? nil : Terminal.ask(secret: setting.label))
        secrets[setting.name] = typed.map { Secret($0) }
      } else {
        let isAsked = !setting.isOptional || setting.isAsked
        settings[setting.name] = found ?? (isAsked ? Terminal.answer(to: setting.prompt) : nil)
      }
    }
    // A code is not asked for where its refresh token is given
    guard let grant = app.http.oauth2, let code = grant.code.flatMap(app.setting),
      secrets[code.name] == nil, secrets[grant.refreshToken] == nil
    else { return }
    secrets[code.name] = Terminal.ask(secret: code.label).map { Secret($0) }
  }

  /// A secret, from a file or from a line of standard input.
  static func secret(_ name: String, _ source: String) throws(Problem) -> Secret {
    if source == "-" {
      guard let line = readLine(strippingNewline: true)?.words else {
        throw Problem(.noInput, "standard input holds no line for the secret \(name)")
      }
      return Secret(line)
    }
    guard source.hasPrefix("@") else {
      throw Problem(
        .usage,
        "a secret is never an option's value, which everybody on the machine can read: give"
          + " --secret \(name)=@FILE or --secret \(name)=-")
    }
    let path = String(source.dropFirst())
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)?.words
    else { throw Problem(.noInput, "cannot read the secret \(name) from the file \(path)") }
    return Secret(text)
  }
}

extension Setting {
  /// How it is asked for: `Site URL, such as acme.chargebee.com`.
  fileprivate var prompt: String {
    label + (example.map { ", such as \($0)" } ?? "") + (isOptional ? ", or nothing" : "")
  }
}

extension Context {
  /// Says that something was done that gives no data.
  func confirm(done: String) {
    wantsJSON ? Terminal.say(["done": .string(done)]) : Terminal.say(done)
  }

  /// Asks before something is destroyed; without a terminal `--yes` must say it.
  func confirm(_ question: String) throws(Problem) {
    if arguments.has("yes") { return }
    guard isatty(STDIN_FILENO) == 1 else { throw arguments.wrong("say --yes to do it unasked") }
    Terminal.tell("\(question) [y/N]")
    guard readLine()?.lowercased().hasPrefix("y") == true else {
      throw Problem(.refused, "nothing was done")
    }
  }
}
