import Catalog
import Dispatcher
import Foundation
import HTTPServer
import HTTPTypes
import Operations
import Setup
import StepKit
import Store
import Values

/// Serves the metrics of a dispatcher at `/metrics`.
///
/// They contain numbers and the names of apps and steps, but no secret and no personal data. Volumes are
/// confidential too, and a proxy need not say that it forwards a request, so the metrics have an address
/// of their own, or a token.
struct MetricsEndpoint: Sendable {
  private let metrics: Metrics
  private let attention: Attention
  private let options: DispatcherService.Options
  private let openRuns: @Sendable () -> Int
  private let processes: @Sendable () -> Int
  private let pressure: PressureGauge
  private let server: Server?

  init(
    _ metrics: Metrics, registry: Registry, options: DispatcherService.Options,
    pressure: PressureGauge, openRuns: @escaping @Sendable () -> Int,
    processes: @escaping @Sendable () -> Int
  ) throws(Problem) {
    self.metrics = metrics
    attention = Attention(registry, isServing: true)
    self.options = options
    self.openRuns = openRuns
    self.processes = processes
    self.pressure = pressure
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

  /// The answer at the address of webhooks, which a proxy may serve to anyone: 404 without the token.
  func publicAnswer(to request: Request) -> Response {
    guard let token = options.metricsToken?.reveal(), !token.isEmpty, server == nil,
      let header = request.headers["Authorization"], header.lowercased().hasPrefix("bearer "),
      Constant.areEqual(String(header.dropFirst(7)), token)
    else { return WebhookRefusal.notFound.response }
    return answer(to: request)
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
        200, headers: ["Content-Type": Exposition.contentType],
        body: Array((text + pressure.text).utf8))
    } catch {
      return .problem(503, "the store cannot be read now")
    }
  }
}
