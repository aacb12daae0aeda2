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

/// Shows the metrics of a dispatcher at `/metrics`.
///
/// They hold numbers, and the names of apps and steps: no secret and nobody's data. But how much is
/// billed is nobody's business either, so who asks must be on this machine and not behind a proxy,
/// unless they are shown at an address of their own.
struct MetricsEndpoint: Sendable {
  private let metrics: Metrics
  private let home: Home
  private let options: DispatcherService.Options
  private let openRuns: @Sendable () -> Int
  private let processes: @Sendable () -> Int
  private let server: Server?

  init(
    _ metrics: Metrics, home: Home, options: DispatcherService.Options,
    openRuns: @escaping @Sendable () -> Int, processes: @escaping @Sendable () -> Int
  ) throws(Problem) {
    self.metrics = metrics
    self.home = home
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

  /// The port of its own address, if it has one.
  var port: Int? { server?.port }

  /// Answers at its own address, if it has one, until it is stopped.
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

  /// The answer where webhooks come in: whoever may not know is told that nothing is there.
  func publicAnswer(to request: Request) -> Response {
    server == nil && Self.isDirect(request) ? answer(to: request) : WebhookRefusal.notFound.response
  }

  private func answer(to request: Request) -> Response {
    guard request.method == "GET" else {
      return .problem(405, "metrics are read by GET", headers: ["Allow": "GET"])
    }
    do throws(Problem) {
      let text = try Exposition(
        of: home, metrics, workers: processes(), openRuns: openRuns(), version: options.version,
        now: options.clock.now()
      ).text
      return Response(
        200, headers: ["Content-Type": Exposition.contentType], body: Array(text.utf8))
    } catch {
      return .problem(503, "the store cannot be read now")
    }
  }

  /// Whether a request comes from this machine, and by no proxy on it: one says so in a header, or
  /// asks for the name under which the world knows it.
  static func isDirect(_ request: Request) -> Bool {
    let told = [
      "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via",
    ]
    let host = request.headers["Host"].flatMap(Origin.init(hostHeader:))
    return request.peer.isLoopback && host?.isLoopback == true
      && told.allSatisfy { request.headers[$0] == nil }
  }
}
