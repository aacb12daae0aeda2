import CCrash
import Glibc
import Store
public import Values

/// The notes of which work ended the process by a fault of its own, such as an overflow: a line with the
/// name of the work for each time.
///
/// A process that is killed, or whose machine loses power, leaves no note: the work was not the cause.
public struct CrashNotes: Sendable {
  private let path: String

  /// The notes of a home.
  public init(home: Home) { path = "\(home.path)/crashes" }

  /// Lets this process write its notes here.
  ///
  /// - Throws: A `cannotCreate` problem if the file cannot be opened.
  public func begin() throws(Problem) {
    let failure = meterbridge_note_crashes(path)
    guard failure == 0 else {
      throw Problem(.cannotCreate, "\(path): \(String(cString: strerror(failure)))")
    }
  }

  /// How often each work ended a process.
  public func counts() throws(Problem) -> [String: Int] {
    let lines = try text().split(separator: "\n").map(String.init)
    return lines.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// Drops the notes about work that is not to be kept.
  ///
  /// Only the holder of the home's lock may, before ``begin()``.
  public func keep(where isKept: (String) -> Bool) throws(Problem) {
    let lines = try text().split(separator: "\n")
    let kept = lines.filter { isKept(String($0)) }
    guard kept.count < lines.count else { return }
    do throws(StoreError) {
      let disk = LocalDisk()
      let file = try disk.open(path, .create)
      let bytes = Array(kept.map { "\($0)\n" }.joined().utf8)
      try disk.write(all: bytes, to: file, at: 0)
      try disk.truncate(file, to: bytes.count)
    } catch {
      throw Problem(error)
    }
  }

  private func text() throws(Problem) -> String {
    do throws(StoreError) {
      let file = try LocalDisk().open(path, .create)
      var bytes = [UInt8](repeating: 0, count: Self.most)
      let count = pread(file.descriptor, &bytes, bytes.count, 0)
      guard count >= 0 else { throw .unavailable(call: "read", code: errno, path: path) }
      return String(decoding: bytes.prefix(count), as: UTF8.self)
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
