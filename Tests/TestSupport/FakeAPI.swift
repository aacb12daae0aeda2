import Foundation
package import HTTPServer
import Synchronization

/// An HTTP server on loopback that answers as a closure says, and records the requests.
package final class FakeAPI: Sendable {
  package let port: Int
  private let server: Server
  private let seen = Mutex<[Request]>([])

  /// Starts a server.
  ///
  /// The closure gets each request and the number of requests so far, this one included.
  package init(_ answer: @escaping @Sendable (Request, Int) -> Response) throws {
    let server = try Server(listen: "127.0.0.1:0")
    self.server = server
    port = server.port
    Thread { [self] in
      server.run { requests in
        requests.map { request in
          let count = seen.withLock { seen in
            seen.append(request)
            return seen.count
          }
          return answer(request, count)
        }
      }
    }.start()
  }

  /// The requests so far, oldest first.
  package var requests: [Request] { seen.withLock { $0 } }

  package func stop() { server.stop() }
}
