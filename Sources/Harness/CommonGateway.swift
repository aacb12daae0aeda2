import Glibc
import Processes
import StepKit
import Values

/// A step as a CGI program (RFC 3875): one request, one process, the body in and the reply out.
///
/// What the server says of the request is in the environment, and stays there.
struct CommonGateway {
  /// The largest body, as a step takes it.
  static let largest = 16 << 20

  private let worker: Worker
  private let tell: (String) -> Void

  init(_ worker: Worker, tell: @escaping (String) -> Void) {
    (self.worker, self.tell) = (worker, tell)
  }

  /// The whole response to a request, read from standard input as far as it goes.
  func response(method: String?, length: Int?) -> [UInt8] {
    guard method == "POST" else { return Self.response("405 Method Not Allowed", "POST an event") }
    guard let length, length >= 0 else {
      return Self.response("411 Length Required", "say how long the body is")
    }
    guard length <= Self.largest else {
      return Self.response("413 Content Too Large", "the body is larger than \(Self.largest) bytes")
    }
    do throws(Fault) {
      let event = try Envelope.parsed(try Self.read(length)).get()
      let line = try worker.reply(to: event, until: Deadline(in: Worker.longest))
      return Self.response("200 OK", line)
    } catch {
      let isTheirs = error.kind == .notAnInvocation
      if !isTheirs { tell(error.reason) }
      return Self.response(isTheirs ? "400 Bad Request" : "500 Internal Server Error", error.reason)
    }
  }

  // MARK: Private

  /// No more than the body: there may be no end of the input behind it.
  private static func read(_ length: Int) throws(Fault) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    var count = 0
    while count < length {
      let part = bytes.withUnsafeMutableBytes {
        Glibc.read(STDIN_FILENO, $0.baseAddress?.advanced(by: count), length - count)
      }
      if part < 0, errno == EINTR { continue }
      guard part > 0 else { throw Fault(.notAnInvocation, "the request's body is cut short") }
      count += part
    }
    return bytes
  }

  private static func response(_ status: String, _ reason: String) -> [UInt8] {
    response(status, (["error": .string(reason)] as JSON).bytes + [0x0A])
  }

  private static func response(_ status: String, _ body: [UInt8]) -> [UInt8] {
    let allow = status.hasPrefix("405") ? "Allow: POST\r\n" : ""
    let head = "Status: \(status)\r\nContent-Type: application/json\r\n\(allow)\r\n"
    return Array(head.utf8) + body
  }
}
