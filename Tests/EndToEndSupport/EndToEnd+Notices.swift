import Catalog
import Operations
import Sandbox
import Setup
import Store
import Synchronization
import TestSupport
import Values

extension EndToEnd {
  /// Connects a mail server and Slack, and the flows that tell what needs attention.
  func connectNotices() throws {
    let port = try mailServer.withLock { server in
      let made = try TestMailServer(security: "none")
      server = made
      return made.port
    }
    _ = try registry.add(
      connection: "email", app: "email",
      settings: [
        "host": "localhost", "port": "\(port)", "security": "none",
        "from": "bridge@acme.example",
      ], secrets: [:])
    let token = "\(Canary.word)-slack"
    sandbox.configureSlack { $0.webhook = ["T0", "B0", token] }
    let url = sandbox.slackURL.replacing("/api", with: "/services/T0/B0/\(token)")
    _ = try registry.add(
      connection: "slack", app: "slack", settings: [:], secrets: ["webhookUrl": Secret(url)])
  }

  /// The mails that were sent.
  func mails() throws -> [JSON] {
    try mailServer.withLock { try $0?.messages() } ?? []
  }
}
