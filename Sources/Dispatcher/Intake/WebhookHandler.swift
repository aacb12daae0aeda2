import Catalog
public import HTTPServer
import Processes
public import Records
public import Setup
import StepKit
import Synchronization
import Values

/// Answers the requests to `/hooks/…` in batches.
public final class WebhookHandler: Sendable {
  private let intake: Intake
  private let authenticator: Mutex<WebhookAuthenticator>
  private let instruments: (any Instruments)?
  private let isFull: @Sendable () -> Bool
  private let log: WebhookLog

  /// Creates a handler that refuses webhooks while `isFull` is true, and those of a lane that has no
  /// room, and reports refusals.
  public init(
    registry: Registry, clock: WallClock, order: AcceptanceOrder, instruments: (any Instruments)?,
    report: @escaping @Sendable (LogEntry) -> Void, isFull: @escaping @Sendable () -> Bool,
    hasRoom: @escaping @Sendable (_ lane: String) -> Bool = { _ in true }
  ) {
    self.instruments = instruments
    self.isFull = isFull
    log = WebhookLog(clock: clock, report: report)
    intake = Intake(registry: registry, clock: clock, order: order, hasRoom: hasRoom)
    authenticator = Mutex(WebhookAuthenticator(registry: registry))
  }

  /// The responses to a batch of requests, in order, and the runs that they start.
  ///
  /// The events are on disk when a response has the status 200.
  public func answer(_ requests: [Request]) -> (responses: [Response], runs: [Run]) {
    let (responses, receipts) = decide(requests)
    instruments?.webhooksAnswered(Self.outcomes(responses, receipts))
    return (responses, receipts.flatMap(\.runs))
  }

  private func decide(
    _ requests: [Request]
  ) -> (responses: [Response], receipts: [Intake.Receipt]) {
    if isFull() { return (requests.map { refuse($0, .full) }, []) }
    var responses: [Response?] = requests.map { _ in nil }
    var bodies: [(JSONBody, Connection)] = []
    var indices: [Int] = []
    let authenticated = authenticator.withLock { authenticator in
      authenticator.refresh()
      return requests.map { request in
        Result { () throws(WebhookRefusal) in
          (request: request, connection: try authenticator.connection(for: request))
        }
      }
    }
    for (index, result) in Parallel.map(authenticated, Self.body).enumerated() {
      do throws(WebhookRefusal) {
        bodies.append(try result.get())
        indices.append(index)
      } catch {
        let connection = try? authenticated[index].get().connection
        responses[index] = refuse(requests[index], error, from: connection)
        responses[index]?.isAuthenticated = connection != nil
      }
    }
    let receipts = bodies.isEmpty ? [] : intake.take(bodies)
    for (index, (receipt, (_, connection))) in zip(indices, zip(receipts, bodies)) {
      responses[index] = response(to: receipt, of: requests[index], from: connection)
      responses[index]?.isAuthenticated = true
    }
    return (responses.map { $0 ?? WebhookRefusal.notFound.response }, receipts)
  }

  /// The response to a refused request; a body that its connection cannot read is kept for a person.
  private func refuse(
    _ request: Request, _ refusal: WebhookRefusal, from connection: Connection? = nil
  ) -> Response {
    var refusal = refusal
    if case .notJSON(let reason) = refusal, let connection {
      refusal = kept(request.body, of: connection, reason)
    }
    log.note(refusal, of: request)
    instruments?.webhookRefused(refusal.reason, at: intake.clock.now())
    return refusal.response
  }

  private func kept(_ body: [UInt8], of connection: Connection, _ reason: String) -> WebhookRefusal
  {
    do throws(Problem) {
      let events = UnreadableEvents(home: intake.registry.home)
      if try events.keep(body, of: connection, reason: reason, at: intake.clock.now()) {
        return .kept(reason)
      }
      return .unavailable(
        Problem(
          .temporary,
          "\(reason), and \(UnreadableEvents.most) events that could not be read are kept: see"
            + " `meterbridge event list --unreadable`"))
    } catch {
      return .unavailable(error)
    }
  }

  /// The body of an authenticated request, with its connection.
  private static func body(
    of authenticated: Result<(request: Request, connection: Connection), WebhookRefusal>
  ) -> Result<(JSONBody, Connection), WebhookRefusal> {
    Result { () throws(WebhookRefusal) in
      let (request, connection) = try authenticated.get()
      let spec = connection.app.webhook
      let paths =
        [spec?.id, spec?.type].compactMap { $0 } + (spec?.types ?? []) + (spec?.lane ?? [])
      do throws(JSONError) {
        return (try JSONBody(parsing: request.body, paths: paths), connection)
      } catch {
        throw WebhookRefusal.notJSON("the body is not JSON: \(error)")
      }
    }
  }

  private func response(
    to receipt: Intake.Receipt, of request: Request, from connection: Connection
  ) -> Response {
    switch receipt {
    case .taken(let runs): .json(200, ["runs": .array(runs.map { .string($0.id) })])
    case .duplicate: .json(200, ["duplicate": true])
    case .refused(let problem) where problem.kind == .data:
      refuse(request, .notJSON(problem.description), from: connection)
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
    let kept = responses.count { $0.status == 200 } - taken.count
    return (taken + [String](repeating: "unreadable", count: max(kept, 0))).map { ($0, 200) }
      + responses.filter { $0.status != 200 }.map { ("refused", $0.status) }
  }
}
