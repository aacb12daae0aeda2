import Catalog
import Operations
import Setup
import Values

/// The webhooks of an app that lead to a connection: what the app has, and installing and removing ours.
enum WebhooksPage {
  static let routes: [Route] = [
    // It asks the app, which a browser must not do on its own
    .post(
      "/connections/:name/webhooks", .operator,
      .list("listWebhooks", "The webhooks that the app of a connection has", of: "Webhook")
    ) { (visit) throws(Problem) in try page(visit) },
    .post(
      "/connections/:name/webhooks/install", .administrator,
      .one("installWebhook", "Install the webhook, or update it", "Webhook", url)
    ) { (visit) throws(Problem) in
      let endpoint = try endpoints(visit).install(base: visit.required("url"))
      return done(
        endpoint.json(missing: []),
        "\(endpoint.events.joined(separator: ", ")) are sent to \(endpoint.url).",
        visit)
    },
    .post(
      "/connections/:name/webhooks/uninstall", .administrator,
      .list("uninstallWebhook", "Remove the webhook that was installed from here", of: "Webhook")
    ) { (visit) throws(Problem) in
      let removed = try endpoints(visit).uninstall()
      return done(
        .array(removed.map { $0.json(missing: []) }),
        removed.isEmpty
          ? "The app has no webhook that was installed from here." : "The webhook is removed.",
        visit)
    },
  ]

  private static let url: [APIOperation.Parameter] = [
    .init(
      name: "url", help: "The base URL of serve for the app: https, or http on loopback",
      isRequired: true)
  ]

  /// The button that leads here, for an app that can be asked.
  @NodeBuilder
  static func button(_ connection: Connection, _ visit: Visit) -> Node {
    if visit.may(.operator), connection.app.webhook?.endpoints != nil {
      visit.postForm(Address("connections", connection.name, "webhooks")) {
        Console.button { "Webhooks" }
      }
    }
  }

  private static func endpoints(_ visit: Visit) throws(Problem) -> WebhookEndpoints {
    try WebhookEndpoints(registry: visit.registry, connection: visit.path[0])
  }

  private static func done(_ document: JSON, _ note: String, _ visit: Visit) -> Answer {
    .done(document, next: Address("connections", visit.path[0]), note: note)
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let (name, endpoints) = (visit.path[0], try endpoints(visit))
    let all = try endpoints.all()
    let missing = try endpoints.missing(in: all)
    let content = group {
      pageHead(
        "Webhooks of \(name)",
        tag: missing.isEmpty
          ? tag("All that is needed is sent", "good") : tag("Events are missing", "bad"))
      if !missing.isEmpty {
        div(.class("note bad")) {
          p {
            "Enabled flow connections need events that are not sent here: \(missing.joined(separator: ", "))."
          }
        }
      }
      if all.isEmpty {
        emptyList("The app has no webhooks.")
      } else {
        dataTable("Webhooks", head: ["URL", "State", "Events"]) { for one in all { row(one) } }
      }
      if visit.may(.administrator) {
        installation(name, all, visit)
      }
      p { a(.href(Address("connections", name))) { "Back to the connection" } }
    }
    return .page(
      Answer.Page(
        title: "Webhooks of \(name)", section: .connections,
        document: .array(all.map { $0.json(missing: missing) }), content: content))
  }

  private static func row(_ endpoint: WebhookEndpoints.Endpoint) -> Node {
    tr {
      td {
        code(.class("id")) { bdi { endpoint.url } }
        span(.class("next")) {
          endpoint.isOurs
            ? "installed from here" : endpoint.mayLeadHere ? "may lead here" : "leads elsewhere"
        }
      }
      td { endpoint.isDisabled ? tag("Disabled by the app", "bad") : tag("On", "good") }
      td { bdi { endpoint.events.isEmpty ? "all" : endpoint.events.joined(separator: ", ") } }
    }
  }

  @NodeBuilder
  private static func installation(
    _ name: String, _ all: [WebhookEndpoints.Endpoint], _ visit: Visit
  ) -> Node {
    let ours = all.first(where: \.isOurs)
    h2 { ours == nil ? "Install" : "Update" }
    p(.class("soft")) { "Has the app send the events that flow connections listen for." }
    visit.postForm(Address("connections", name, "webhooks", "install"), .class("filters")) {
      label {
        "URL of this server for the app"
        input(
          .name("url"), .required, .noSpelling, .placeholder("https://meterbridge.example.com"),
          .value(ours.map { String($0.url.split(separator: "/hooks/").first ?? "") } ?? ""))
      }
      Console.button { ours == nil ? "Install" : "Update" }
    }
    if ours != nil {
      visit.removal(
        "Remove…", "The app sends no more events here.", "Remove the webhook",
        Address("connections", name, "webhooks", "uninstall"))
    }
  }
}
