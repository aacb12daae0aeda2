import Operations
import Setup
import Values

extension Command {
  static let webhookCommands = [
    Command(
      name: "webhook url", summary: "Show the webhook URL of a connection",
      options: [
        connection,
        "--base URL: The base URL of `serve` for the app; default: http://127.0.0.1:8787",
      ],
      details: """
        If the app cannot sign its webhooks, the URL contains the secret. No other command shows it.
        """
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let connection = try registry.connections.get(context.arguments.required("connection"))
      let base = context.arguments.value("base") ?? "http://127.0.0.1:8787"
      let url = try registry.webhookURL(of: connection, base: base)
      context.print(["url": .string(url)], url)
    },
    Command(
      name: "webhook install", summary: "Install a webhook in an app",
      options: [
        connection,
        "--url URL!: The base URL of `serve` for the app: https, or http on loopback",
      ],
      details: """
        Sets the URL, the events that start flow connections of the account, and the connection's user name
        and password; a missing password is generated. One webhook serves all connections to an account. Run
        it again to update the installed webhook, also to another URL.
        """
    ) { (context) throws(Problem) in
      let endpoints = try endpoints(context)
      let endpoint = try endpoints.install(base: context.arguments.required("url"))
      if context.wantsJSON { return Terminal.print(endpoint.json(missing: [])) }
      Terminal.print("\(endpoint.events.joined(separator: ", ")) are sent to \(endpoint.url)")
      for other in try endpoints.all() where other.mayLeadHere && other.id != endpoint.id {
        Terminal.warn(
          "\(other.url) was not installed by this command and is kept; if it leads to this `serve` too,"
            + " remove it in the app")
      }
    },
    Command(
      name: "webhook status", summary: "Show the webhooks of an app",
      options: [connection],
      details: """
        Exits with 78 if no webhook sends an event that an enabled flow connection needs.
        """, printsLines: true, run: status),
    Command(
      name: "webhook uninstall", summary: "Remove the webhook of `webhook install`",
      options: [connection, .yes],
      details: "Webhooks that were made by other means are kept."
    ) { (context) throws(Problem) in
      let endpoints = try endpoints(context)
      try context.confirm("Remove the webhook from the app?")
      let removed = try endpoints.uninstall()
      context.report(
        done: removed.isEmpty
          ? "the app has no webhook that was installed from here"
          : "removed \(removed.map(\.url).joined(separator: ", "))")
    },
  ]

  private static let connection: Option = "--connection NAME!: The connection"

  private static func endpoints(_ context: Context) throws(Problem) -> WebhookEndpoints {
    try WebhookEndpoints(
      registry: context.registry(), connection: context.arguments.required("connection"))
  }

  private static func status(_ context: Context) throws(Problem) {
    let endpoints = try endpoints(context)
    let all = try endpoints.all()
    let missing = try endpoints.missing(in: all)
    context.list(
      all.map { $0.json(missing: missing) }, head: ["WEBHOOK", "URL", "STATE", "EVENTS"],
      empty: "the app has no webhooks"
    ) { endpoint in
      let state = endpoint["disabled"].bool == true ? "disabled" : "on"
      let events = endpoint["events"].array?.compactMap(\.string) ?? []
      return endpoint.cells("id", "url") + [
        state
          + (endpoint["ours"].bool == true
            ? ", leads here" : endpoint["mayLeadHere"].bool == true ? ", may lead here" : ""),
        events.isEmpty ? "all" : events.joined(separator: ", "),
      ]
    }
    guard missing.isEmpty else {
      throw Problem(
        .configuration,
        "flow connections need events that are not sent here: \(missing.joined(separator: ", "));"
          + " run `meterbridge webhook install`")
    }
  }
}
