import Dispatcher
import Operations
import Setup
import StepKit
import Values

extension Command {
  /// `webhook url`, `install`, `status`, `uninstall`.
  static let webhookCommands = [
    Command(
      name: "webhook url", summary: "Show where an app must send a connection's webhooks",
      options: [
        connection,
        Option(
          name: "base", value: "URL", help: "How the app reaches you; http://127.0.0.1:8787"),
      ],
      details: """
        Where the app cannot sign its webhooks, the secret is a part of the URL: then this command
        shows it, and no other does.
        """
    ) { (context) throws(Problem) in
      let registry = try context.registryThatIsThere()
      let connection = try registry.connections.get(context.arguments.required("connection"))
      let base = context.arguments.value("base") ?? "http://127.0.0.1:8787"
      let url = try registry.webhookURL(of: connection, base: base)
      context.wantsJSON ? Terminal.say(["url": .string(url)]) : Terminal.say(url)
    },
    Command(
      name: "webhook install", summary: "Tell the app to send its webhooks here",
      options: [
        connection,
        Option(
          name: "url", value: "URL", isRequired: true,
          help: "How the app reaches you: https, or http on this machine"
        ),
      ],
      details: """
        The app is told the URL, the events that start the flow connections of the connection's account,
        and the user name and password of the connection; a password is made where there is none. One
        webhook serves all connections to an account. Said again, the webhook that was installed from here is
        changed, and led to another URL if that is said.
        """
    ) { (context) throws(Problem) in
      let endpoints = try endpoints(context)
      let endpoint = try endpoints.install(base: context.arguments.required("url"))
      if context.wantsJSON { return Terminal.say(endpoint.json(missing: [])) }
      Terminal.say("\(endpoint.events.joined(separator: ", ")) go to \(endpoint.url)")
      for other in try endpoints.all() where other.mayLeadHere && other.id != endpoint.id {
        Terminal.complain(
          "\(other.url) was not installed from here and stays: if it leads here too, remove it in the"
            + " app")
      }
    },
    Command(
      name: "webhook status", summary: "Show where the app sends its webhooks",
      options: [connection],
      details: """
        The exit status is 78 if an event that an enabled flow connection needs is sent nowhere here.
        """, run: status),
    Command(
      name: "webhook uninstall", summary: "Tell the app to send its webhooks here no longer",
      options: [connection, Option(name: "yes", help: "Do not ask")],
      details:
        "That is what `webhook install` made; what was made by hand, or from elsewhere, stays."
    ) { (context) throws(Problem) in
      let endpoints = try endpoints(context)
      try context.confirm("Let the app send no more webhooks here?")
      let removed = try endpoints.uninstall()
      context.confirm(
        done: removed.isEmpty
          ? "the app has no webhook that was installed from here"
          : "removed \(removed.map(\.url).joined(separator: ", "))")
    },
  ]

  private static let connection = Option(
    name: "connection", value: "NAME", isRequired: true, help: "The connection")

  private static func endpoints(_ context: Context) throws(Problem) -> WebhookEndpoints {
    try WebhookEndpoints(
      registry: context.registryThatIsThere(), connection: context.arguments.required("connection"))
  }

  private static func status(_ context: Context) throws(Problem) {
    let endpoints = try endpoints(context)
    let all = try endpoints.all()
    let missing = try endpoints.missing(in: all)
    context.list(
      all.map { $0.json(missing: missing) }, head: ["WEBHOOK", "URL", "STATE", "EVENTS"],
      empty: "the app has no webhook"
    ) { endpoint in
      let state = endpoint["disabled"].bool == true ? "disabled" : "on"
      let events = endpoint["events"].array?.compactMap(\.string) ?? []
      return [
        endpoint["id"].string ?? "", endpoint["url"].string ?? "",
        state
          + (endpoint["ours"].bool == true
            ? ", leads here" : endpoint["mayLeadHere"].bool == true ? ", may lead here" : ""),
        events.isEmpty ? "all" : events.joined(separator: ", "),
      ]
    }
    guard missing.isEmpty else {
      throw Problem(
        .configuration,
        "not sent here, though flow connections wait for it: \(missing.joined(separator: ", "));"
          + " `meterbridge webhook install` mends that")
    }
  }
}

extension WebhookEndpoints.Endpoint {
  fileprivate func json(missing: [String]) -> JSON {
    [
      "id": .string(id), "url": .string(url), "disabled": .bool(isDisabled), "ours": .bool(isOurs),
      "mayLeadHere": .bool(mayLeadHere),
      "events": .array(events.map { .string($0) }),
      "missing": .array(missing.map { .string($0) }),
    ]
  }
}
