import HTTPClient
public import HTTPServer
import StepKit
import Synchronization
public import Values

/// Chargebee, Togai and Zoho Books to develop against: strict, in memory, over HTTP on this machine.
///
/// Chargebee is at `/chargebee/api/v2`, Togai at `/togai`, Zoho with its accounts server at
/// `/zohobooks`; `/sandbox` is for what people do there.
/// Whatever the control paths do, the methods here do too.
public final class Sandbox: Sendable {
  private let server: Server
  let world: Mutex<World>
  let courier = Courier()
  private let workers = Mutex<[BackgroundThread]>([])

  /// Listens on an address such as `127.0.0.1:8788`; port 0 takes a free one.
  public init(
    listen address: String, options: SandboxOptions = SandboxOptions()
  ) throws(ListenError) {
    server = try Server(listen: address)
    world = Mutex(World(options))
  }

  /// The port it listens on.
  public var port: Int { server.port }

  /// The base URL of Chargebee's API, without a slash at its end.
  public var chargebeeURL: String { "http://127.0.0.1:\(port)/chargebee/api/v2" }

  /// The base URL of Togai's API, without a slash at its end.
  public var togaiURL: String { "http://127.0.0.1:\(port)/togai" }

  /// The URL of Zoho's servers, without a slash at its end: below it are `/oauth/v2` and `/books/v3`.
  public var zohobooksURL: String { "http://127.0.0.1:\(port)/zohobooks" }

  /// Serves on threads of its own until `stop`.
  public func start() {
    let serving = BackgroundThread { self.serve() }
    let carrying = BackgroundThread { self.carry() }
    workers.withLock { $0 += [serving, carrying] }
  }

  /// Serves on this thread until `stop`.
  public func run() {
    let carrying = BackgroundThread { self.carry() }
    serve()
    courier.stop()
    carrying.join()
  }

  /// Ends `start` or `run`, from any thread; what was asked is still answered.
  public func stop() {
    server.stop()
    courier.stop()
    let ended = workers.withLock { workers in
      defer { workers = [] }
      return workers
    }
    for worker in ended { worker.join() }
  }

  /// Does something in the world, after which there may be mail.
  func act<Result: Sendable>(
    _ deed: (inout World) throws(SandboxError) -> Result
  ) throws(SandboxError) -> Result {
    let outcome = world.withLock { world in
      Swift.Result { () throws(SandboxError) in try deed(&world) }
    }
    courier.ring()
    return try outcome.get()
  }

  // MARK: Private

  private func serve() {
    server.run { requests in
      let responses = world.withLock { world in requests.map { world.answer($0) } }
      courier.ring()
      return responses
    }
  }

  private func carry() { courier.run(world) }
}

// MARK: What there is to see

extension Sandbox {
  /// The sandbox's time.
  public var now: Timestamp { world.withLock { $0.scene.now } }

  /// Everything that the apps hold.
  public var state: JSON { world.withLock { $0.state } }

  /// The requests that came in and what came of them; the last thousand.
  public var requests: [JSON] { world.withLock { $0.log.entries } }

  /// The tries to deliver webhooks, and their outcomes.
  public var deliveries: [JSON] { world.withLock { $0.scene.post.traces.map(\.json) } }

  /// Whether no webhook is due or on its way; held ones and those that wait for a retry do not count.
  public var isQuiet: Bool { world.withLock { $0.scene.post.isQuiet(at: $0.scene.now) } }
}
