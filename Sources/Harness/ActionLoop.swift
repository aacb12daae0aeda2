import Glibc
import Kernel
import Processes
import Values

/// A step as an OpenWhisk action behind the ActionLoop proxy: a line in on standard input, a line out on
/// descriptor 3, until the input ends.
///
/// The action's argument is under `value`; for a raw web action, it is the body of a request. The rest
/// of the line, which includes an API key, does not reach the step.
/// https://github.com/apache/openwhisk-runtime-go/blob/master/docs/ACTION.md
struct ActionLoop {
  /// The descriptor that the proxy reads.
  static let output: Int32 = 3

  let step: WarmStep
  let log: (String) -> Void

  /// Whether the proxy is there: no other engine gives its program a pipe to write to beyond standard
  /// error.
  static var isPresent: Bool {
    var status = stat()
    let flags = fcntl(output, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE != O_RDONLY && fstat(output, &status) == 0
      && status.st_mode & S_IFMT == S_IFIFO
  }

  /// Answers one line after another.
  func run(acknowledges: Bool) {
    // The step must not inherit it, or the proxy would not notice the end of this process.
    _ = fcntl(Self.output, F_SETFD, FD_CLOEXEC)
    if acknowledges { write(#"{"ok":true}"#) }
    while let line = readLine(strippingNewline: true) { write(answer(to: line)) }
  }

  // MARK: Private

  /// The step's reply, or a document with the key `error`, by which OpenWhisk knows a failure.
  private func answer(to line: String) -> String {
    do throws(InvocationError) {
      let reply = try step.reply(to: try value(of: line), by: Deadline(in: WarmStep.timeout))
      return String(decoding: reply.dropLast(), as: UTF8.self)
    } catch {
      log(error.reason)
      return (["error": .string(error.reason)] as JSON).text
    }
  }

  private func value(of line: String) throws(InvocationError) -> JSON {
    let value = try Envelope.parsed(Array(line.utf8)).get()["value"]
    return Envelope.bare(try Envelope.webBody(of: value)?.get() ?? value)
  }

  private func write(_ line: String) {
    if writeAll(Array("\(line)\n".utf8), to: Self.output) != nil {
      log("the proxy does not read the answers")
    }
  }
}
