import Dispatcher
import Step

extension Command {
  /// `webhook url`.
  static let webhookCommands = [
    Command(
      name: "webhook url", summary: "Show where an app must send a connection's webhooks",
      options: [
        Option(name: "connection", value: "NAME", help: "The connection"),
        Option(
          name: "base", value: "URL", help: "How the app reaches you; http://127.0.0.1:8787"),
      ],
      details: """
        Where the app cannot sign its webhooks, the secret is a part of the URL: then this command
        shows it, and no other does.
        """
    ) { (context) throws(Problem) in
      let registry = try context.registry()
      let connection = try registry.connection(context.arguments.required("connection"))
      let base = context.arguments.value("base") ?? "http://127.0.0.1:8787"
      let url = try registry.webhookURL(of: connection, base: base)
      context.wantsJSON ? Terminal.say(["url": .string(url)]) : Terminal.say(url)
    }
  ]
}
