import Glibc
import Processes
import Values

/// A step as a CGI program (RFC 3875): each request has a process, the body is the event, and the
/// response is the reply.
///
/// The server describes the request in the environment, which the step does not see.
struct CGIProgram {
  let step: WarmStep
  let log: (String) -> Void

  /// The whole response to a request whose body is on standard input.
  func response(method: String?, length: Int?) -> [UInt8] {
    guard method == "POST" else { return Self.response("405 Method Not Allowed", "POST an event") }
    guard let length, length >= 0 else {
      return Self.response("411 Length Required", "say how long the body is")
    }
    guard length <= HTTPResponse.maxBody else {
      return Self.response(
        "413 Content Too Large", "the body is larger than \(HTTPResponse.maxBody) bytes")
    }
    do throws(InvocationError) {
      let event = try Envelope.parsed(try Self.read(length)).get()
      let line = try step.reply(to: event, by: Deadline(in: WarmStep.timeout))
      return Self.response("200 OK", line)
    } catch {
      let isTheirs = error.kind == .notAnInvocation
      if !isTheirs { log(error.reason) }
      // What the step or the system said is for the log: it may name paths of this machine.
      return isTheirs
        ? Self.response("400 Bad Request", error.reason)
        : Self.response("500 Internal Server Error", error.kind.publicReason)
    }
  }

  // MARK: Private

  /// Reads exactly the body: a server need not close the input after it.
  private static func read(_ length: Int) throws(InvocationError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    var count = 0
    while count < length {
      let part = bytes.withUnsafeMutableBytes {
        Glibc.read(STDIN_FILENO, $0.baseAddress?.advanced(by: count), length - count)
      }
      if part < 0, errno == EINTR { continue }
      guard part > 0 else {
        throw InvocationError(.notAnInvocation, "the request's body is cut short")
      }
      count += part
    }
    return bytes
  }

  private static func response(_ status: String, _ reason: String) -> [UInt8] {
    response(status, InvocationError.document(reason))
  }

  private static func response(_ status: String, _ body: [UInt8]) -> [UInt8] {
    let allow = status.hasPrefix("405") ? "Allow: POST\r\n" : ""
    let head = "Status: \(status)\r\nContent-Type: application/json\r\n\(allow)\r\n"
    return Array(head.utf8) + body
  }
}
