import Kernel

/// An executable file and the limits within which it runs.
///
/// A process of it has an empty environment, no arguments, and a process group that is killed as a
/// whole.
public struct Program: Sendable {
  /// The path of the executable.
  public let path: String
  /// Seconds that one call may take.
  public let timeout: Double
  /// Bytes of standard output that one call may write.
  public let maxOutput: Int
  /// Limits that the kernel enforces, if any.
  public let limits: ResourceLimits?
  /// What it may do beside computing; nil if it is not confined.
  public let confinement: Confinement?
  /// Where its processes are noted while they run, if anywhere.
  public let children: ChildSet?

  /// Bytes of standard error that are kept; the rest is read and dropped.
  private static let maxError = 1 << 16

  /// Describes a program; nothing is started or checked.
  public init(
    path: String, timeout: Double, maxOutput: Int, limits: ResourceLimits? = nil,
    confinement: Confinement? = nil, children: ChildSet? = nil
  ) {
    (self.path, self.timeout, self.maxOutput) = (path, timeout, maxOutput)
    (self.limits, self.confinement, self.children) = (limits, confinement, children)
  }

  /// The reason why a run ended.
  public enum Ending: Equatable, Sendable {
    /// The process ended without intervention.
    case finished(ExitStatus)
    /// The process has read its input and written one whole line; it is killed in the background.
    case answered
    /// The process was killed at its timeout.
    case timedOut
    /// The process was killed because it wrote more than ``Program/maxOutput`` bytes.
    case outputExceeded
  }

  /// The outcome of a run.
  public struct Result: Sendable {
    /// The reason why the run ended.
    public let ending: Ending
    /// Standard output.
    public let output: [UInt8]
    /// The first 64 KiB of standard error.
    public let error: [UInt8]

    /// Whether the output is one whole line.
    public var isLine: Bool {
      output.last == 0x0A && output.firstIndex(of: 0x0A) == output.count - 1
    }
  }

  /// Starts a process, writes its input, and reads its output until it exits, or if `takesLine` is set
  /// until it has written a whole line.
  ///
  /// Foundation's `Process` would take 50 ms for each call: its `waitUntilExit` polls.
  ///
  /// - Throws: if the process cannot be started.
  public func run(input: [UInt8], takesLine: Bool = false) throws(SystemError) -> Result {
    let process = try PipedProcess(self)
    let deadline = Deadline(in: timeout)
    var rest = input[...]
    var output = BoundedBuffer(limit: maxOutput)
    var error = BoundedBuffer(limit: Self.maxError)
    var cut: Ending?
    Self.feed(process, &rest)
    while cut == nil {
      let ready = process.wait(writing: true, until: deadline)
      if ready.input { Self.feed(process, &rest) }
      if ready.output { _ = process.output.read(into: &output) }
      if ready.error { _ = process.error.read(into: &error) }
      if takesLine, output.isLine, rest.isEmpty {
        // What comes after a reply changes nothing, and the end of a process takes its time.
        Reaper.end(process)
        return Result(ending: .answered, output: output.bytes, error: error.bytes)
      }
      if ready.hasExited { break }
      if output.isExceeded { cut = .outputExceeded } else if deadline.isOver { cut = .timedOut }
    }
    // Descendants may hold the pipes open, so the exit of the process counts, not the end of file.
    let status = process.end()
    while cut == nil, !output.isExceeded, process.output.read(into: &output) == .some {}
    if cut == nil, output.isExceeded { cut = .outputExceeded }
    while process.error.read(into: &error) == .some, !deadline.isOver {}
    return Result(ending: cut ?? .finished(status), output: output.bytes, error: error.bytes)
  }

  /// Writes what fits, and closes the input at its end.
  private static func feed(_ process: PipedProcess, _ rest: inout ArraySlice<UInt8>) {
    if !process.input.write(&rest) || rest.isEmpty { process.input.close() }
  }
}
