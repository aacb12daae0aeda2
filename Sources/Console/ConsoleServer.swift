public import Dispatcher
import Foundation
import HTTPClient
import HTTPServer
public import Setup
public import Values

/// The server of the console: a listener of its own, with limits of its own.
public final class ConsoleServer: Sendable {
  /// The port it listens on.
  public var port: Int { server.port }

  /// The URL by which people reach it, without a trailing slash.
  public let url: String

  private let server: Server
  private let handler: ConsoleHandler

  /// Listens, without answering yet; `caller` calls the steps of plans and replays.
  ///
  /// - Throws: A `configuration` problem if it would be reached from other machines without a proxy;
  ///   `unavailable` if it cannot listen.
  public init(
    registry: Registry, caller: any StepCaller, options: ConsoleOptions = ConsoleOptions()
  ) throws(Problem) {
    try Self.check(options)
    do throws(ListenError) {
      server = try Server(listen: options.listen, limits: Self.limits)
    } catch {
      throw Problem(.unavailable, "\(error)")
    }
    url = options.url?.text ?? "http://\(server.address)"
    handler = ConsoleHandler(
      registry: registry, caller: caller, options: options, port: server.port)
  }

  /// Serves on this thread, and answers on others, until ``stop()``.
  public func run() {
    let threads = Dictionary(
      uniqueKeysWithValues: Pace.allCases.map { ($0, RequestThreads($0.threads)) })
    server.run { [handler] request, responder in
      threads[Pace(of: request)]?.perform { handler.answer(request, responder) }
    }
    for threads in threads.values { threads.stop() }
  }

  /// Serves on a thread of its own until ``stop()``.
  public func start() { Thread { [self] in run() }.start() }

  /// Ends ``run()``, from any thread.
  public func stop() { server.stop() }

  /// People's browsers: fewer connections than apps make, and no more than a form in a body.
  private static var limits: ServerLimits {
    var limits = ServerLimits()
    limits.connections = 128
    limits.memory = 8 << 20
    return limits
  }

  /// What crosses a network must be encrypted, which a proxy does.
  private static func check(_ options: ConsoleOptions) throws(Problem) {
    let host = options.listen.prefix(
      upTo: options.listen.lastIndex(of: ":") ?? options.listen.endIndex)
    let isLoopback = ["localhost", "[::1]"].contains(host) || host.hasPrefix("127.")
    guard isLoopback || (options.proxy != nil && options.url?.scheme == "https") else {
      throw Problem(
        .configuration,
        "the console at \(options.listen) would be reached from other machines without encryption: let it"
          + " listen on 127.0.0.1, or name the proxy in front of it with --console-proxy and its https URL"
          + " with --console-url")
    }
    guard options.proxy?.userHeader == nil || options.proxy?.secret != nil else {
      throw Problem(
        .configuration,
        "a user header counts with a secret of the proxy only: --console-proxy-secret @FILE")
    }
  }
}
