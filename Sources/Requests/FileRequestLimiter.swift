import Catalog
import Glibc
package import Setup
import Store
package import Values

/// A request limiter that all processes of a home share.
///
/// It keeps a ``RateWindow`` for each account in a locked file: 16 bytes for each slot, and the time at
/// which the bucket is full. A request writes 24 bytes of it. The file is not synced, since it need not
/// survive a restart of the machine.
package struct FileRequestLimiter: RequestLimiter {
  private let home: Home

  private static let size = 8 + 16 * RateWindow.slots

  /// Creates a limiter with its state in a home.
  package init(home: Home) { self.home = home }

  package func wait(for connection: Connection, now: Timestamp) throws(Problem) -> Timestamp? {
    guard let limit = connection.limit else { return nil }
    return try home.withLock(on: connection.scope.percentEncoded, in: "rate") {
      (file) throws(Problem) in
      var window = Self.read(file)
      let result = window.permit(
        at: Double(now.milliseconds), requests: limit.requests, seconds: limit.seconds)
      switch result {
      case .wait(let time): return Timestamp(milliseconds: Int(time.rounded(.up)))
      case .permitted(let place): try Self.write(window, place, to: file)
      }
      return nil
    }
  }

  /// The number of requests to the account of a connection in the window that its limit is for, as far as this
  /// machine sent them; nil if it has no limit.
  ///
  /// It only reads, so a request that is being counted may be missing.
  package func used(by connection: Connection, now: Timestamp) -> Int? {
    guard let limit = connection.limit else { return nil }
    let path = "\(home.path)/rate/\(connection.scope.percentEncoded)"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return 0 }
    let file = File(descriptor: descriptor, path: path)
    return Self.read(file).used(at: Double(now.milliseconds), seconds: limit.seconds)
  }

  /// The stored window; an empty one if the file is new or of an older build, which stored a text.
  private static func read(_ file: File) -> RateWindow {
    var words = [Int](repeating: 0, count: size / 8 + 1)
    let count = words.withUnsafeMutableBytes { pread(file.descriptor, $0.baseAddress, $0.count, 0) }
    guard count == size else { return RateWindow() }
    let slots = 1..<1 + RateWindow.slots
    return RateWindow(
      numbers: Array(words[slots]),
      counts: Array(words[slots.upperBound..<slots.upperBound + RateWindow.slots]),
      fullAt: Double(words[0]))
  }

  private static func write(
    _ window: RateWindow, _ place: Int, to file: File
  ) throws(Problem) {
    do throws(StoreError) {
      // The size of the file says that it is whole.
      var status = stat()
      if fstat(file.descriptor, &status) != 0 || Int(status.st_size) != size {
        try LocalDisk().write(all: [UInt8](repeating: 0, count: size), to: file, at: 0)
        try LocalDisk().truncate(file, to: size)
      }
      try write(Int(window.fullAt.rounded(.up)), at: 0, to: file)
      try write(window.numbers[place], at: 8 * (1 + place), to: file)
      try write(window.counts[place], at: 8 * (1 + RateWindow.slots + place), to: file)
    } catch {
      throw Problem(error)
    }
  }

  private static func write(_ word: Int, at offset: Int, to file: File) throws(StoreError) {
    try LocalDisk().write(all: withUnsafeBytes(of: word) { Array($0) }, to: file, at: offset)
  }
}
