import Foundation
import HTTPServer
import Synchronization
import Testing
import Values

@testable import Sandbox

/// A receiver of webhooks with configurable replies.
final class WebhookReceiver: Sendable {
  let server: Server
  private let kept = Mutex<[Request]>([])
  private let status: @Sendable (Int) -> Int
  private let ended = DispatchSemaphore(value: 0)

  /// Answers each webhook with the status for its number, from 1.
  init(_ status: @escaping @Sendable (Int) -> Int = { _ in 200 }) throws {
    self.status = status
    server = try Server(listen: "127.0.0.1:0")
    let server = server
    Thread { [self] in
      server.run { requests in
        requests.map { request in
          let number = kept.withLock { kept in
            kept.append(request)
            return kept.count
          }
          return Response(status(number))
        }
      }
      ended.signal()
    }.start()
  }

  func stop() {
    server.stop()
    ended.wait()
  }

  var url: String { "http://127.0.0.1:\(server.port)/hook" }
  var requests: [Request] { kept.withLock { $0 } }
  var bodies: [JSON] { requests.compactMap { try? JSON(parsing: $0.body) } }
  var types: [String] { bodies.compactMap { $0["event_type"].string ?? $0["type"].string } }
}
