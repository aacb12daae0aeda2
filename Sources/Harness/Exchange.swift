import Glibc
import Processes

/// One document on its way into a running step, and one line on its way out.
struct Exchange {
  /// How it ended.
  enum Ending {
    /// There is one whole line.
    case line
    /// The step closed its output.
    case over
    /// The deadline has passed.
    case tooLate
    /// More came than a reply may hold, or more than one line.
    case tooMuch
  }

  /// The longest reply, as in the dispatcher.
  static let largest = 1 << 20
  /// How much of standard error is kept.
  private static let largestError = 1 << 11

  private let step: RunningStep
  private var rest: ArraySlice<UInt8>
  private(set) var output: [UInt8] = []
  private(set) var error: [UInt8] = []
  private var errorIsOver = false

  init(_ step: RunningStep, _ document: [UInt8]) {
    self.step = step
    rest = document[...]
  }

  /// Writes and reads at the same time: a step may answer before it has read all.
  mutating func run(until deadline: Deadline) -> Ending {
    while !deadline.isOver {
      var ends = [
        pollfd(fd: step.output.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errorIsOver ? -1 : step.error.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: rest.isEmpty ? -1 : step.input.number, events: Int16(POLLOUT), revents: 0),
      ]
      guard poll(&ends, 3, deadline.milliseconds) > 0 else { continue }
      if ends[1].revents != 0 { takeError() }
      if ends[2].revents != 0 { give() }
      if ends[0].revents != 0, let ending = take() { return ending }
    }
    return .tooLate
  }

  // MARK: Private

  private mutating func give() {
    let count = rest.withUnsafeBytes { write(step.input.number, $0.baseAddress, $0.count) }
    if count > 0 { rest = rest.dropFirst(count) }
    // What it does not want to read it need not: its output decides.
    if count < 0, errno != EAGAIN, errno != EINTR { rest = [] }
  }

  private mutating func take() -> Ending? {
    guard let part = Self.read(step.output) else { return nil }
    if part.isEmpty {
      takeError()
      return .over
    }
    output += part
    guard output.count <= Self.largest else { return .tooMuch }
    guard let end = output.firstIndex(of: 0x0A) else { return nil }
    return end == output.count - 1 ? .line : .tooMuch
  }

  private mutating func takeError() {
    while let part = Self.read(step.error) {
      error += part.prefix(Self.largestError - error.count)
      if part.isEmpty {
        errorIsOver = true
        return
      }
    }
  }

  /// What there is to read; empty at the end, nil where there is nothing yet.
  private static func read(_ end: Descriptor) -> [UInt8]? {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    let count = part.withUnsafeMutableBytes { Glibc.read(end.number, $0.baseAddress, $0.count) }
    if count < 0, errno == EAGAIN || errno == EINTR { return nil }
    return Array(part.prefix(max(count, 0)))
  }
}
