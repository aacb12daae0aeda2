import Catalog
import Dispatcher
import Foundation
import Operations
import Setup
import StepKit
import Store
import Values

/// What a connection is told: on the command line, by the environment, on the terminal.
extension Command {
  static let noConnectionTest = Option(name: "no-test", help: "Do not try the key")

  /// What a connection is told on the command line.
  static let givenToConnections = [
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

  static func setConnection(_ context: Context) throws(Problem) {
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

  static func addConnection(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let app = try context.catalog().app(arguments.operands[0])
    guard let name = arguments.value("name") ?? Terminal.answer(to: "App link name") else {
      throw arguments.wrong("--name is missing")
    }
    var (settings, secrets) = try given(context)
    fillIn(app, &settings, &secrets)
    let trustsBaseURL = arguments.has("trust-base-url")
    // Before a home is made for it
    try ConnectionStore.checked(
      connection: name, app, settings: settings, secrets: secrets, trustsBaseURL: trustsBaseURL)
    let registry = try context.registry()
    let connection = try registry.add(
      connection: name, app: app.id, settings: settings, secrets: secrets,
      trustsBaseURL: trustsBaseURL)
    let found = arguments.has("no-test") ? nil : try tried(connection, registry)
    context.wantsJSON
      ? Terminal.say(connection.json)
      : Terminal.say("added \(connection.name), a connection to \(app.name) (\(connection.scope))")
    if let found { show(found, context) }
  }

  /// What a test found, for people; of JSON only what is wrong, on standard error.
  private static func show(_ found: (said: String, ConnectionCheck), _ context: Context) {
    if !context.wantsJSON { return Terminal.say(ExaminationPage.text(found.said, found.1)) }
    for wrong in found.1.findings where !wrong.isGood {
      Terminal.complain("\(wrong.subject) \(wrong.words)")
    }
  }

  private static func examined(
    _ connection: Connection, _ registry: Registry
  ) throws(Problem) -> (said: String, ConnectionCheck) {
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
  ) throws(Problem) -> (said: String, ConnectionCheck)? {
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
      let found = setting.variable.flatMap { ProcessInfo.processInfo.environment[$0]?.nonBlank }
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
      guard let line = readLine(strippingNewline: true)?.nonBlank else {
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
      let text = String(data: data, encoding: .utf8)
    else { throw Problem(.noInput, "cannot read the secret \(name) from the file \(path)") }
    guard let secret = text.nonBlank else {
      throw Problem(.noInput, "the file \(path) for the secret \(name) is empty")
    }
    return Secret(secret)
  }
}

extension Setting {
  /// How it is asked for: `Site URL, such as acme.chargebee.com`.
  fileprivate var prompt: String {
    label + (example.map { ", such as \($0)" } ?? "") + (isOptional ? ", or nothing" : "")
  }
}
