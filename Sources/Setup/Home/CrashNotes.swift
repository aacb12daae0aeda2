import CCrash
import Glibc
import Store
public import Values

/// The notes of which work ended the process: a line for each time.
///
/// | line | the process ended | work with so many lines is not carried again |
/// |---|---|---|
/// | the name of the work | by a fault of its own in this work, such as an overflow | 2 |
/// | the name, a blank and `memory` | by the kernel for want of memory, while this work and perhaps other was under way | 3 |
///
/// Other ends leave no note: when a person kills the process, or its machine loses power, the work was not
/// the cause.
public struct CrashNotes: Sendable {
  private let path: String
  private let work: WorkUnderWay
  private let kills: MemoryKills?

  /// The notes of a home; `kills` is the present count of the kernel.
  public init(home: Home, kills: MemoryKills? = .now()) {
    path = "\(home.path)/crashes"
    work = WorkUnderWay(home: home)
    self.kills = kills
  }

  /// Lets this process write its notes here.
  ///
  /// Only the holder of the home's lock may.
  /// - Throws: A `cannotCreate` problem if the file cannot be opened.
  public func begin() throws(Problem) {
    let failure = meterbridge_note_crashes(path)
    guard failure == 0 else {
      throw Problem(.cannotCreate, "\(path): \(String(cString: strerror(failure)))")
    }
    work.begin(at: kills)
  }

  /// Forgets what work is under way, before the process ends as it should.
  public func end() { work.end() }

  /// Adds the notes of a process that was killed for want of memory, before ``begin()``.
  public func noteKilled() throws(Problem) {
    let killed = work.killed(by: kills)
    work.end()
    guard !killed.isEmpty else { return }
    try write(text() + killed.map { "\($0) \(Self.memory)\n" }.joined())
  }

  /// The notes: how often each line is there.
  public func counts() throws(Problem) -> [String: Int] {
    let lines = try text().split(separator: "\n").map(String.init)
    return lines.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// The work that is not to be carried again, with the reason.
  public func culprits() throws(Problem) -> [String: String] {
    try counts().reduce(into: [:]) { culprits, note in
      let name = Self.name(in: note.key)
      if name == note.key[...], note.value >= 2 {
        culprits[note.key] = "the dispatcher ended twice by a fault while it carried this run"
      } else if name != note.key[...], note.value >= 3, culprits[String(name)] == nil {
        culprits[String(name)] =
          "the kernel ended the dispatcher \(note.value) times for want of memory while it carried"
          + " this run; if another run was the cause, let this one go on with `meterbridge run retry"
          + " \(name)`"
      }
    }
  }

  /// Drops the notes about work that is not to be kept.
  ///
  /// Only the holder of the home's lock may, before ``begin()``.
  public func keep(where isKept: (String) -> Bool) throws(Problem) {
    let lines = try text().split(separator: "\n")
    let kept = lines.filter { isKept(String(Self.name(in: $0))) }
    if kept.count < lines.count { try write(kept.map { "\($0)\n" }.joined()) }
  }

  private static let memory = "memory"

  private static func name(in line: some StringProtocol) -> Substring {
    Substring(line.prefix { $0 != " " })
  }

  private func text() throws(Problem) -> String {
    do throws(StoreError) {
      return try LocalDisk().open(path, .create).text(atMost: Self.most)
    } catch {
      throw Problem(error)
    }
  }

  private func write(_ text: String) throws(Problem) {
    do throws(StoreError) {
      let disk = LocalDisk()
      let file = try disk.open(path, .create)
      let bytes = Array(text.utf8)
      try disk.write(all: bytes, to: file, at: 0)
      try disk.truncate(file, to: bytes.count)
    } catch {
      throw Problem(error)
    }
  }

  /// The most bytes that are read: far more than a few crashes leave.
  private static let most = 1 << 18
}

extension CrashNotes {
  /// Does work that the notes name if it ends the process.
  public static func naming<Value, Failure: Error>(
    _ name: String, _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    var name = name
    name.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        meterbridge_begin_work($0.baseAddress, $0.count)
      }
    }
    defer { meterbridge_begin_work("", 0) }
    return try work()
  }
}
