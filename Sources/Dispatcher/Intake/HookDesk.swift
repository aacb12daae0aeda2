import HTTP
import StepKit
import Synchronization
import Values

/// Answers the requests to `/hooks/…`, a batch at a time.
final class HookDesk: Sendable {
  private let intake: Intake
  private let door: Mutex<Doorkeeper>
  private let metrics: Metrics
  private let isFull: @Sendable () -> Bool
  private let log: HookLog

  /// A desk that takes nothing while `isFull`, and tells of what it did not take.
  init(
    registry: Registry, clock: Clock, metrics: Metrics,
    report: @escaping @Sendable (LogEntry) -> Void, isFull: @escaping @Sendable () -> Bool
  ) {
    self.metrics = metrics
    self.isFull = isFull
    log = HookLog(report: report)
    intake = Intake(registry: registry, clock: clock)
    door = Mutex(Doorkeeper(registry: registry))
  }

  /// The answers, in order, and the runs that were started; of those that may be it is told before.
  func answer(
    _ requests: [Request], announce: ([Run]) -> Void
  ) -> (responses: [Response], runs: [Run]) {
    let (responses, receipts) = decide(requests, announce)
    metrics.note(responses, receipts)
    return (responses, receipts.flatMap(\.runs))
  }

  private func decide(
    _ requests: [Request], _ announce: ([Run]) -> Void
  ) -> (responses: [Response], receipts: [Intake.Receipt]) {
    if isFull() {
      return (requests.map { refuse($0, .full) }, [])
    }
    var responses: [Response?] = requests.map { _ in nil }
    var bodies: [(JSONBody, Connection)] = []
    var places: [Int] = []
    let admitted = door.withLock { doorkeeper in
      doorkeeper.look()
      return requests.map { request in
        Result { () throws(Refusal) in
          (request: request, connection: try doorkeeper.connection(for: request))
        }
      }
    }
    for (index, result) in Parallel.map(admitted, Self.body).enumerated() {
      do throws(Refusal) {
        bodies.append(try result.get())
        places.append(index)
      } catch {
        responses[index] = refuse(requests[index], error)
      }
    }
    let receipts = bodies.isEmpty ? [] : intake.take(bodies, announce: announce)
    for (place, receipt) in zip(places, receipts) {
      responses[place] = response(to: receipt, of: requests[place])
    }
    return (responses.map { $0 ?? Refusal.notFound.response }, receipts)
  }

  private func refuse(_ request: Request, _ refusal: Refusal) -> Response {
    log.note(refusal, of: request)
    return refusal.response
  }

  /// The body of a request that was let in, with the connection that it is for.
  private static func body(
    of admitted: Result<(request: Request, connection: Connection), Refusal>
  ) -> Result<(JSONBody, Connection), Refusal> {
    Result { () throws(Refusal) in
      let (request, connection) = try admitted.get()
      let facts = connection.app.webhook
      let paths =
        [facts?.id, facts?.type].compactMap { $0 } + (facts?.types ?? []) + (facts?.lane ?? [])
      do throws(JSONError) {
        return (try JSONBody(parsing: request.body, paths: paths), connection)
      } catch {
        throw Refusal.notJSON("the body is not JSON: \(error)")
      }
    }
  }

  private func response(to receipt: Intake.Receipt, of request: Request) -> Response {
    switch receipt {
    case .taken(let runs): .json(200, ["runs": .array(runs.map { .string($0.id) })])
    case .duplicate: .json(200, ["duplicate": true])
    case .refused(let problem) where problem.kind == .data:
      refuse(request, .notJSON(problem.description))
    case .refused(let problem): refuse(request, .unavailable(problem))
    }
  }
}
