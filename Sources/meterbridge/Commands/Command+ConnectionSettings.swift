import Catalog
import Foundation
import Operations
import Setup
import Store
import Values

// The settings and secrets of a connection: from options, the environment and the terminal.
extension Command {
  static let noConnectionTest: Option = "--no-test: Do not test the key"

  static let connectionValues: [Option] = [
    "--set NAME=VALUE…: A setting",
    "--secret NAME=@FILE…: A secret from a file; NAME=- reads a line of standard input",
    "--trust-base-url: Allow a baseUrl on another host, which is sent the key",
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
      throw context.arguments.wrong("nothing to change; give --set, --secret or --unset")
    }
    let registry = try context.registry()
    if let hours = try context.arguments.count("overlap") {
      try registry.keepFormer(
        secrets.keys.sorted(), of: registry.connections.get(context.arguments.operands[0]),
        seconds: min(hours, 8760) * 3600, now: WallClock.system.now())
    }
    let connection = try registry.change(
      connection: context.arguments.operands[0], settings: settings, secrets: secrets,
      removing: removing, trustsBaseURL: context.arguments.has("trust-base-url"),
      triesKey: !context.arguments.has("no-test") && !context.arguments.has("force"))
    context.print(connection.json, "changed \(connection.name)")
    warnOfShort(secrets, of: connection.app)
    if context.arguments.has("no-test") { return }
    do throws(Problem) {
      show(try ConnectionTest(of: connection.name, registry), context)
    } catch {
      guard error.kind != .refused else {
        throw Problem(.refused, "\(connection.name) is changed, but \(error)")
      }
      warnUntested(connection, error)
    }
  }

  static func addConnection(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let app = try context.catalog().app(arguments.operands[0])
    guard let name = arguments.value("name") ?? Terminal.ask("App link name") else {
      throw arguments.wrong("missing option --name")
    }
    var (settings, secrets) = try given(context)
    fillIn(app, &settings, &secrets)
    let made = fillInWebhookSecret(app, &secrets)
    let trustsBaseURL = arguments.has("trust-base-url")
    // Before a home is created for it
    try ConnectionStore.checked(
      connection: name, app, settings: settings, secrets: secrets, trustsBaseURL: trustsBaseURL)
    let registry = try context.registry(.create)
    let connection = try registry.add(
      connection: name, app: app.id, settings: settings, secrets: secrets,
      trustsBaseURL: trustsBaseURL)
    let check =
      try arguments.has("no-test")
      ? nil
      : registry.testNew(connection) { problem in
        warnUntested(connection, problem)
      }
    context.print(
      connection.json,
      "added \(connection.name), a connection to \(app.name) (\(connection.scope))")
    warnOfShort(secrets, of: app)
    if let check { show(check, context) }
    guard let made else { return }
    Terminal.note(
      "\(made) was made; `meterbridge webhook url --connection \(name)` prints the URL that ends with it"
    )
  }

  /// Shows the result of a test: all of it as text, or with `--json` only warnings.
  private static func show(_ check: ConnectionTest, _ context: Context) {
    if !context.wantsJSON { return Terminal.print(page: check.text) }
    for warning in check.wrong { Terminal.warn(warning) }
  }

  /// Warns of passwords of webhooks that are easily guessed.
  private static func warnOfShort(_ secrets: [String: Secret], of app: App) {
    let hook: String? =
      if case .basic(_, let password)? = app.webhook?.auth { password } else { nil }
    for (name, secret) in secrets.sorted(by: { $0.key < $1.key }) {
      guard name == hook, secret.reveal().utf8.count < 16 else { continue }
      Terminal.warn(
        "\(name) has fewer than 16 characters, and everyone on the network may guess at it: `meterbridge"
          + " webhook install` makes a good one")
    }
  }

  private static func warnUntested(_ connection: Connection, _ problem: Problem) {
    Terminal.warn("\(problem); `meterbridge connection test \(connection.name)` tests it again")
  }

  /// Adds the settings that were not given, from the environment or, if required, from the terminal.
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
        settings[setting.name] = found ?? (isAsked ? Terminal.ask(setting.prompt) : nil)
      }
    }
    // With a refresh token no code is needed
    guard let grant = app.http.oauth2, let code = grant.code.flatMap(app.setting),
      secrets[code.name] == nil, secrets[grant.refreshToken] == nil
    else { return }
    secrets[code.name] = Terminal.ask(secret: code.label).map { Secret($0) }
  }

  /// Asks on the terminal for the secret at the end of the webhooks' URL, and makes one for an empty answer.
  ///
  /// An app that is told of its webhooks by `webhook install` gets its password there.
  /// - Returns: The label of a secret that was made.
  private static func fillInWebhookSecret(
    _ app: App, _ secrets: inout [String: Secret]
  ) -> String? {
    guard case .path(let name) = app.webhook?.auth, !app.canBeTold, secrets[name] == nil,
      let setting = app.setting(name), isatty(STDIN_FILENO) == 1
    else { return nil }
    if let typed = Terminal.ask(secret: "\(setting.label) (optional; Enter makes one)") {
      secrets[name] = Secret(typed)
      return nil
    }
    let random = (0..<16).map { _ in String(format: "%02x", UInt8.random(in: .min ... .max)) }
    secrets[name] = Secret(random.joined())
    return setting.label
  }

  /// Reads a secret from `@FILE`, or from a line of standard input for `-`.
  static func secret(_ name: String, _ source: String) throws(Problem) -> Secret {
    if source == "-" {
      guard let line = readLine(strippingNewline: true)?.nonBlank else {
        throw Problem(.noInput, "standard input has no line for the secret \(name)")
      }
      return Secret(line)
    }
    guard source.hasPrefix("@") else {
      throw Problem(
        .usage,
        "a secret cannot be an option value, which other users of the machine can read; give --secret"
          + " \(name)=@FILE or --secret \(name)=-")
    }
    let path = String(source.dropFirst())
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)
    else { throw Problem(.noInput, "cannot read the secret \(name) from the file \(path)") }
    guard let secret = text.nonBlank else {
      throw Problem(.noInput, "the file \(path) of the secret \(name) is empty")
    }
    return Secret(secret)
  }
}

extension Setting {
  /// The question for the setting: `Site URL (for example acme.chargebee.com)`.
  fileprivate var prompt: String {
    let notes = [example.map { "for example \($0)" }, isOptional ? "optional" : nil].compactMap {
      $0
    }
    return label + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
  }
}
