import HTTPClient
import HTTPTypes
import Synchronization
import Values

/// Sends requests to the emulator, counts them, and does wrong what a test wants.
final class FaultyTransport: HTTPTransport {
  enum Fault: CaseIterable {
    /// The request arrives, and its answer does not.
    case lostAnswer
    /// The request does not arrive, and the sender cannot know.
    case lostRequest
    /// There is no connection.
    case unreachable
    /// AWS fails before it does anything.
    case serverError
    /// AWS fails after it has done it.
    case lateServerError
    /// AWS limits the requests.
    case throttled
    /// Another transaction is under way.
    case conflict
  }

  private let transport = CurlClient()
  private let kept = Mutex<[ClientRequest]?>(nil)
  private let state = Mutex<(actions: [String], fault: Judge)>(([], { _, _ in nil }))

  /// The fault of a request by its number, from 0, and by the actions of all requests, its own last.
  typealias Judge = @Sendable (_ number: Int, _ actions: [String]) -> Fault?

  /// The names of the actions that were asked for.
  var actions: [String] { state.withLock { $0.actions } }

  /// Counts from none again, and does wrong what a closure says.
  func reset(_ fault: @escaping Judge = { _, _ in nil }) {
    state.withLock { $0 = ([], fault) }
  }

  /// Does work without faults, whose requests are counted from none.
  func answers<Answers>(of work: () throws -> Answers) rethrows -> Answers {
    reset()
    return try work()
  }

  /// Whether requests that are lost arrive with ``deliverLost()``.
  var keepsLost: Bool {
    get { kept.withLock { $0 != nil } }
    set { kept.withLock { $0 = newValue ? [] : nil } }
  }

  /// Delivers the requests that were lost, and returns their number.
  func deliverLost() throws -> Int {
    let requests = kept.withLock { $0 ?? [] }
    for request in requests { _ = try transport.send(request) }
    return requests.count
  }

  func send(_ request: ClientRequest) throws(TransportFailure) -> ClientResponse {
    let target = request.headers["X-Amz-Target"] ?? ""
    let action = target.split(separator: ".").last.map(String.init) ?? ""
    let fault = state.withLock { state in
      state.actions.append(action)
      return state.fault(state.actions.count - 1, state.actions)
    }
    switch fault {
    case nil: return try transport.send(request)
    case .lostAnswer:
      _ = try transport.send(request)
      throw .doubtful("the test lost the answer")
    case .lostRequest:
      kept.withLock { $0?.append(request) }
      throw .doubtful("the test lost the request")
    case .unreachable: throw .notSent("the test has no connection")
    case .serverError: return Self.error(500, "InternalServerError")
    case .lateServerError:
      _ = try transport.send(request)
      return Self.error(500, "InternalServerError")
    case .throttled: return Self.error(400, "ProvisionedThroughputExceededException")
    case .conflict:
      guard action == "TransactWriteItems" else { return try transport.send(request) }
      return Self.error(
        400, "TransactionCanceledException", [["Code": "TransactionConflict"], ["Code": "None"]])
    }
  }

  private static func error(_ status: Int, _ code: String, _ reasons: [JSON] = []) -> ClientResponse
  {
    let body: JSON = [
      "__type": .string("com.amazonaws.dynamodb.v20120810#\(code)"), "message": "of the test",
      "CancellationReasons": .array(reasons),
    ]
    return ClientResponse(status: status, body: body.bytes)
  }
}
