import HTTPClient
import Setup
import Synchronization
import Values

/// A server in virtual time: each request times out after 30 seconds, until the server answers.
final class SlowTransport: HTTPTransport {
  private struct State {
    var now: Timestamp
    var requests = 0
    var answers = false
  }

  private let state: Mutex<State>

  init(time: Timestamp) { state = Mutex(State(now: time)) }

  /// The number of requests.
  var requests: Int { state.withLock { $0.requests } }

  /// The virtual time.
  var clock: WallClock {
    WallClock(
      uptime: { [self] in Double(state.withLock { $0.now }.milliseconds) / 1000 },
      now: { [self] in state.withLock { $0.now } })
  }

  /// Lets the server answer from now on.
  func answers() { state.withLock { $0.answers = true } }

  func advance(to time: Timestamp) { state.withLock { $0.now = max($0.now, time) } }

  func send(_ request: ClientRequest) throws(TransportFailure) -> ClientResponse {
    let answers = state.withLock { state in
      state.requests += 1
      if !state.answers { state.now = state.now.adding(seconds: 30) }
      return state.answers
    }
    guard answers else { throw .doubtful("it took too long") }
    return ClientResponse(status: 200, body: Array("{}".utf8))
  }
}
