import Foundation
import HTTPServer
import Values

/// A server that has every customer which it is asked for, in place of Togai.
final class TogaiCustomers: Sendable {
  private let server: Server

  /// Serves on a free port of this machine until ``stop()``.
  init() throws {
    server = try Server(listen: "127.0.0.1:0")
    let server = server
    Thread { server.run { $0.map(Self.answer) } }.start()
  }

  /// The base URL of its API.
  var url: String { "http://127.0.0.1:\(server.port)" }

  /// Ends it.
  func stop() { server.stop() }

  private static func answer(_ request: Request) -> Response {
    guard request.method == "GET", request.path.count == 2, request.path[0] == "customers" else {
      return .problem(404, "\(request.method) \(request.target) is not served")
    }
    return .json(200, ["id": .string(request.path[1]), "status": "ACTIVE"])
  }
}
