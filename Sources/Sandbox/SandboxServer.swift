import HTTPClient
public import HTTPServer
import Kernel
import Synchronization

/// The simulated Chargebee, Togai, Zoho Books and Slack as an HTTP server: strict and in memory.
///
/// Chargebee is at `/chargebee/api/v2`, Togai at `/togai`, Zoho Books with its accounts server at
/// `/zohobooks`, Slack at `/slack`, and the control API at `/sandbox`.
public final class SandboxServer: SandboxControl {
  private let server: Server
  private let sandbox: InProcessSandbox
  private let sender = Sender()
  private let workers = Mutex<[BackgroundThread]>([])

  /// Listens on an address such as `127.0.0.1:8788`; port 0 takes a free port.
  ///
  /// - Throws: `ListenError` if it cannot listen there.
  public init(
    listen address: String, options: SandboxOptions = SandboxOptions()
  ) throws(ListenError) {
    server = try Server(listen: address)
    sandbox = InProcessSandbox(options)
  }

  /// The port that it listens on.
  public var port: Int { server.port }

  /// The base URL of Chargebee's API, without a trailing slash.
  public var chargebeeURL: String { "http://127.0.0.1:\(port)/chargebee/api/v2" }

  /// The base URL of Togai's API, without a trailing slash.
  public var togaiURL: String { "http://127.0.0.1:\(port)/togai" }

  /// The URL of Zoho's servers, without a trailing slash; `/oauth/v2` and `/books/v3` are below it.
  public var zohobooksURL: String { "http://127.0.0.1:\(port)/zohobooks" }

  /// The base URL of Slack's Web API, without a trailing slash.
  public var slackURL: String { "http://127.0.0.1:\(port)/slack/api" }

  /// The URL of Slack's incoming webhook with the usual settings.
  public var slackWebhookURL: String {
    "http://127.0.0.1:\(port)/slack/services/\(SlackSettings().webhook.joined(separator: "/"))"
  }

  /// Serves on threads of its own until `stop`.
  public func start() {
    let serving = BackgroundThread { self.serve() }
    let sending = BackgroundThread { self.sender.run(self.sandbox) }
    workers.withLock { $0 += [serving, sending] }
  }

  /// Serves on this thread until `stop`.
  public func run() {
    let sending = BackgroundThread { self.sender.run(self.sandbox) }
    serve()
    sender.stop()
    sending.join()
  }

  /// Ends `start` or `run`, from any thread; requests that were received are answered first.
  public func stop() {
    server.stop()
    sender.stop()
    let ended = workers.withLock { workers in
      defer { workers = [] }
      return workers
    }
    for worker in ended { worker.join() }
  }

  /// Reads or changes the state under a lock, then checks for due webhooks.
  public func withState<Result: Sendable, Failure: Error>(
    _ body: (inout SandboxState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { sender.wake() }
    return try sandbox.withState(body)
  }

  // MARK: Private

  private func serve() {
    server.run { requests in
      defer { sender.wake() }
      return requests.map { sandbox.answer($0) }
    }
  }
}
