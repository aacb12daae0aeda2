import HTTP
import Step

/// Answers the requests to `/hooks/…`, a batch at a time.
struct HookDesk: Sendable {
  private let intake: Intake
  private let doorkeeper: Doorkeeper
  private let isFull: @Sendable () -> Bool

  /// A desk that takes nothing while `isFull`.
  init(registry: Registry, clock: Clock, isFull: @escaping @Sendable () -> Bool) {
    self.isFull = isFull
    intake = Intake(registry: registry, clock: clock)
    doorkeeper = Doorkeeper(registry: registry)
  }

  /// The answers, in order, and the runs that were started.
  func answer(_ requests: [Request]) -> (responses: [Response], runs: [Run]) {
    if isFull() { return (requests.map { _ in Refusal.full.response }, []) }
    var responses: [Response?] = requests.map { _ in nil }
    var bodies: [(JSON, Connection)] = []
    var places: [Int] = []
    for (index, request) in requests.enumerated() {
      do throws(Refusal) {
        let connection = try doorkeeper.connection(for: request)
        bodies.append((try Self.document(in: request), connection))
        places.append(index)
      } catch {
        responses[index] = error.response
      }
    }
    let receipts = bodies.isEmpty ? [] : intake.take(bodies)
    for (place, receipt) in zip(places, receipts) { responses[place] = Self.response(to: receipt) }
    return (responses.map { $0 ?? Refusal.notFound.response }, receipts.flatMap(\.runs))
  }

  private static func document(in request: Request) throws(Refusal) -> JSON {
    do throws(JSONError) {
      return try JSON(parsing: request.body)
    } catch {
      throw .notJSON("the body is not JSON: \(error)")
    }
  }

  private static func response(to receipt: Intake.Receipt) -> Response {
    switch receipt {
    case .taken(let runs): .json(200, ["runs": .array(runs.map { .string($0.id) })])
    case .duplicate: .json(200, ["duplicate": true])
    case .refused(let problem) where problem.kind == .data:
      Refusal.notJSON(problem.description).response
    case .refused(let problem): Refusal.unavailable(problem).response
    }
  }
}
