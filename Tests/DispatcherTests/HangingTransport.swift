import Foundation
import HTTPClient
import Synchronization

/// Answers at once, except at a server that hangs until it is opened.
final class HangingTransport: HTTPTransport {
  private let place: String
  private let isOpen = Atomic(false)
  private let waiting = Atomic(0)

  /// Hangs for URLs that contain a text.
  init(at place: String) { self.place = place }

  /// The number of requests that hang now.
  var hanging: Int { waiting.load(ordering: .acquiring) }

  func open() { isOpen.store(true, ordering: .releasing) }

  func send(_ request: ClientRequest) throws(TransportFailure) -> ClientResponse {
    if request.url.contains(place) {
      waiting.add(1, ordering: .acquiringAndReleasing)
      while !isOpen.load(ordering: .acquiring) { usleep(1000) }
      waiting.subtract(1, ordering: .acquiringAndReleasing)
    }
    return ClientResponse(status: 200, body: Array("{}".utf8))
  }
}
