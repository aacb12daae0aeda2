import Catalog
import Glibc
import Setup
import StepKit
import Values

/// Keeps all processes of a home together below the rate that an app allows an account.
///
/// A token bucket a scope, as the time at which it would be full again (the generic cell rate
/// algorithm): one number in a small file under a lock of the kernel's, since it need not outlive the
/// machine.
struct RateLimiter {
  private let folder: String

  init(home: Home) { folder = "\(home.path)/rate" }

  /// Takes a token if there is one; else when there will be.
  func wait(for connection: Connection, now: Timestamp) throws(Problem) -> Timestamp? {
    guard let limit = connection.limit else { return nil }
    let (burst, interval) = (Double(limit.burst), limit.interval)
    let file = try open(connection.scope)
    defer { _ = close(file) }  // closing unlocks; the number is not worth an error
    let full = max(Double(now.milliseconds), read(file))
    let next = full + interval
    guard next - Double(now.milliseconds) <= burst * interval else {
      return Timestamp(milliseconds: Int((next - burst * interval).rounded(.up)))
    }
    try write(next, file)
    return nil
  }

  private func open(_ scope: String) throws(Problem) -> Int32 {
    let path = "\(folder)/\(scope.percentEncoded)"
    mkdir(folder, 0o700)  // it may be there
    let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0, flock(file, LOCK_EX) == 0 else {
      throw Problem(.temporary, "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    return file
  }

  private func read(_ file: Int32) -> Double {
    var bytes = [UInt8](repeating: 0, count: 40)
    let count = pread(file, &bytes, bytes.count, 0)
    return Double(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)) ?? 0
  }

  private func write(_ time: Double, _ file: Int32) throws(Problem) {
    let bytes = Array(String(time).utf8)
    guard pwrite(file, bytes, bytes.count, 0) == bytes.count, ftruncate(file, bytes.count) == 0
    else {
      throw Problem(.temporary, "cannot write in \(folder): \(String(cString: strerror(errno)))")
    }
  }
}
