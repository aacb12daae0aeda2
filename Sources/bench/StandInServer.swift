import Foundation
import HTTPClient
import Synchronization

/// Servers that answer at once, except those of a host, which never answer.
final class StandInServer: HTTPTransport {
  private let times = Mutex<[Double]>([])
  private let dead: String

  /// Requests to a URL that contains a text time out after 30 seconds.
  init(dead: String = "no such host") { self.dead = dead }

  /// The times of the answered requests, in seconds of the monotonic clock.
  var requests: [Double] { times.withLock { $0 } }

  func send(_ request: ClientRequest) throws(TransportFailure) -> ClientResponse {
    guard !request.url.contains(dead) else {
      sleep(30)
      throw .doubtful("it took too long")
    }
    times.withLock { $0.append(now()) }
    return ClientResponse(status: 200, body: Array("{}".utf8))
  }
}
