import Catalog
import Glibc
import Setup
import Store
import Values

/// A request limiter that all processes of a home share.
///
/// It is a token bucket for each account, stored as the time at which the bucket will be full again
/// (generic cell rate algorithm): one number in a locked file, not synced, since it need not survive a
/// restart of the machine.
struct FileRequestLimiter: RequestLimiter {
  let home: Home

  func wait(for connection: Connection, now: Timestamp) throws(Problem) -> Timestamp? {
    guard let limit = connection.limit else { return nil }
    let (burst, interval) = (Double(limit.burst), limit.interval)
    return try home.withLock(on: connection.scope.percentEncoded, in: "rate") {
      (file) throws(Problem) in
      let next = max(Double(now.milliseconds), Self.read(file)) + interval
      guard next - Double(now.milliseconds) <= burst * interval else {
        return Timestamp(milliseconds: Int((next - burst * interval).rounded(.up)))
      }
      try Self.write(next, to: file)
      return nil
    }
  }

  private static func read(_ file: File) -> Double {
    var bytes = [UInt8](repeating: 0, count: 40)
    let count = pread(file.descriptor, &bytes, bytes.count, 0)
    return Double(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)) ?? 0
  }

  private static func write(_ time: Double, to file: File) throws(Problem) {
    let bytes = Array(String(time).utf8)
    do throws(StoreError) {
      try LocalDisk().write(all: bytes, to: file, at: 0)
      try LocalDisk().truncate(file, to: bytes.count)
    } catch {
      throw Problem(error)
    }
  }
}
