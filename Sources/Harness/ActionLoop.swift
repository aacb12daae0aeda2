import Glibc
import Processes
import StepKit
import Values

/// A step as an OpenWhisk action of the ActionLoop proxy: a line in on standard input, a line out on
/// descriptor 3, for as long as there is input.
///
/// What the action is called with is under `value`, for a raw web action as the text of a request's
/// body; the rest of the line (an API key among it) is the engine's, and does not reach the step.
struct ActionLoop {
  /// Where the proxy reads.
  static let output: Int32 = 3

  private let worker: Worker
  private let tell: (String) -> Void

  init(_ worker: Worker, tell: @escaping (String) -> Void) {
    (self.worker, self.tell) = (worker, tell)
  }

  /// Whether the proxy is there: no other engine gives its program a pipe to write to beyond
  /// standard error.
  static var isAsked: Bool {
    var status = stat()
    let flags = fcntl(output, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE != O_RDONLY && fstat(output, &status) == 0
      && status.st_mode & S_IFMT == S_IFIFO
  }

  /// Answers line after line.
  func run(acknowledges: Bool) {
    // The step must not inherit it: it would keep the proxy from seeing our end.
    _ = fcntl(Self.output, F_SETFD, FD_CLOEXEC)
    if acknowledges { give(#"{"ok":true}"#) }
    while let line = readLine(strippingNewline: true) { give(answer(to: line)) }
  }

  /// The step's line, or a document with the key `error`, which OpenWhisk knows as a failure.
  func answer(to line: String) -> String {
    do throws(Fault) {
      let reply = try worker.reply(to: try value(of: line), until: Deadline(in: Worker.longest))
      return String(decoding: reply.dropLast(), as: UTF8.self)
    } catch {
      tell(error.reason)
      return (["error": .string(error.reason)] as JSON).text
    }
  }

  // MARK: Private

  private func value(of line: String) throws(Fault) -> JSON {
    let value = try Envelope.parsed(Array(line.utf8)).get()["value"]
    return Envelope.bare(try Envelope.webBody(of: value)?.get() ?? value)
  }

  private func give(_ line: String) {
    guard Output(descriptor: Self.output).write(Array("\(line)\n".utf8)) else {
      return tell("nobody reads the answers")
    }
  }
}
