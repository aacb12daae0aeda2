import Foundation
package import HTTPServer
import Values

/// Runs a server during the body.
package func serving<Result>(
  limits: ServerLimits = ServerLimits(),
  report: @escaping @Sendable (ServerPressure, String) -> Void = { _, _ in },
  _ handle: @escaping @Sendable ([Request]) -> [Response] = echo,
  _ body: (Server) throws -> Result
) throws -> Result {
  let server = try Server(listen: "127.0.0.1:0", limits: limits)
  let ended = DispatchSemaphore(value: 0)
  Thread {
    server.run(report: report, handle)
    ended.signal()
  }.start()
  defer {
    server.stop()
    ended.wait()
  }
  return try body(server)
}

/// Echoes the method, path, query and body of each request.
@Sendable package func echo(_ requests: [Request]) -> [Response] {
  requests.map { request in
    let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    let body = String(decoding: request.body, as: UTF8.self)
    return Response(
      200, type: "text/plain",
      text: "<\(request.method) \(request.path.joined(separator: "|")) \(query) \(body)>")
  }
}
