import Catalog
public import HTTPServer
public import Records
public import Setup
import StepKit
import Synchronization
import Values

/// Answers the requests to `/hooks/…`, a batch at a time.
public final class WebhookHandler: Sendable {
  private let intake: Intake
  private let door: Mutex<WebhookAuthenticator>
  private let instruments: any Instruments
  private let isFull: @Sendable () -> Bool
  private let log: WebhookLog

  /// A desk that takes nothing while `isFull`, and tells of what it did not take.
  public init(
    registry: Registry, clock: WallClock, order: AcceptanceOrder, instruments: any Instruments,
    report: @escaping @Sendable (LogEntry) -> Void, isFull: @escaping @Sendable () -> Bool
  ) {
    self.instruments = instruments
    self.isFull = isFull
    log = WebhookLog(report: report)
    intake = Intake(registry: registry, clock: clock, order: order)
    door = Mutex(WebhookAuthenticator(registry: registry))
  }

  /// The answers, in order, and the runs that were started.
  public func answer(
    _ requests: [Request]
  ) -> (responses: [Response], runs: [Run]) {
    let (responses, receipts) = decide(requests)
    instruments.webhooksAnswered(Self.outcomes(responses, receipts))
    return (responses, receipts.flatMap(\.runs))
  }

  private func decide(
    _ requests: [Request]
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
        Result { () throws(WebhookRefusal) in
          (request: request, connection: try doorkeeper.connection(for: request))
        }
      }
    }
    for (index, result) in Parallel.map(admitted, Self.body).enumerated() {
      do throws(WebhookRefusal) {
        bodies.append(try result.get())
        places.append(index)
      } catch {
        responses[index] = refuse(requests[index], error)
      }
    }
    let receipts = bodies.isEmpty ? [] : intake.take(bodies)
    for (place, receipt) in zip(places, receipts) {
      responses[place] = response(to: receipt, of: requests[place])
    }
    return (responses.map { $0 ?? WebhookRefusal.notFound.response }, receipts)
  }

  private func refuse(_ request: Request, _ refusal: WebhookRefusal) -> Response {
    log.note(refusal, of: request)
    return refusal.response
  }

  /// The body of a request that was let in, with the connection that it is for.
  private static func body(
    of admitted: Result<(request: Request, connection: Connection), WebhookRefusal>
  ) -> Result<(JSONBody, Connection), WebhookRefusal> {
    Result { () throws(WebhookRefusal) in
      let (request, connection) = try admitted.get()
      let facts = connection.app.webhook
      let paths =
        [facts?.id, facts?.type].compactMap { $0 } + (facts?.types ?? []) + (facts?.lane ?? [])
      do throws(JSONError) {
        return (try JSONBody(parsing: request.body, paths: paths), connection)
      } catch {
        throw WebhookRefusal.notJSON("the body is not JSON: \(error)")
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

  private static func outcomes(
    _ responses: [Response], _ receipts: [Intake.Receipt]
  ) -> [(outcome: String, status: Int)] {
    let taken = receipts.compactMap { receipt in
      switch receipt {
      case .taken(let runs): runs.isEmpty ? "unheard" : "taken"
      case .duplicate: "duplicate"
      case .refused: nil
      }
    }
    return taken.map { ($0, 200) }
      + responses.filter { $0.status != 200 }.map { ("refused", $0.status) }
  }
}
