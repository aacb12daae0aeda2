import Catalog
import Dispatcher
import Foundation
import HTTPClient
import HTTPServer
import HTTPTypes
import Operations
import Setup
import StepKit
import Values

/// Serves the metrics of a dispatcher at `/metrics`.
///
/// They contain numbers and the names of apps and steps, but no secret and no personal data. Volumes are
/// confidential too, so clients must be on this machine and not behind a proxy, unless the metrics have
/// an address of their own.
struct MetricsEndpoint: Sendable {
  private let metrics: Metrics
  private let attention: Attention
  private let options: DispatcherService.Options
  private let openRuns: @Sendable () -> Int
  private let processes: @Sendable () -> Int
  private let server: Server?

  init(
    _ metrics: Metrics, registry: Registry, options: DispatcherService.Options,
    openRuns: @escaping @Sendable () -> Int, processes: @escaping @Sendable () -> Int
  ) throws(Problem) {
    self.metrics = metrics
    attention = Attention(registry, isServing: true)
    self.options = options
    self.openRuns = openRuns
    self.processes = processes
    do throws(ListenError) {
      server = try options.metricsListen.map { (address) throws(ListenError) in
        try Server(listen: address)
      }
    } catch {
      throw Problem(.unavailable, "\(error)")
    }
  }

  /// The port of its own address, or nil.
  var port: Int? { server?.port }

  /// Serves at its own address, if it has one, until it is stopped.
  func start() {
    guard let server else { return }
    let thread = Thread { [self] in
      server.run { requests in
        requests.map { $0.path == ["metrics"] ? answer(to: $0) : WebhookRefusal.notFound.response }
      }
    }
    thread.start()
  }

  func stop() { server?.stop() }

  /// The answer at the address of webhooks: 404 for clients that may not see the metrics.
  func publicAnswer(to request: Request) -> Response {
    server == nil && Self.isDirect(request) ? answer(to: request) : WebhookRefusal.notFound.response
  }

  private func answer(to request: Request) -> Response {
    guard request.method == "GET" else {
      return .problem(405, "metrics are read by GET", headers: ["Allow": "GET"])
    }
    do throws(Problem) {
      let text = try Exposition(
        of: attention, metrics, workers: processes(), openRuns: openRuns(),
        version: options.version,
        now: options.clock.now()
      ).text
      return Response(
        200, headers: ["Content-Type": Exposition.contentType], body: Array(text.utf8))
    } catch {
      return .problem(503, "the store cannot be read now")
    }
  }

  /// Whether a request comes from this machine and not through a proxy, which would set a header or a
  /// public host name.
  static func isDirect(_ request: Request) -> Bool {
    let told = [
      "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via",
    ]
    let host = request.headers["Host"].flatMap(Origin.init(hostHeader:))
    return request.peer.isLoopback && host?.isLoopback == true
      && told.allSatisfy { request.headers[$0] == nil }
  }
}
