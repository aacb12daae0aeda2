import Glibc
import Store

extension File {
  /// The text at the begin of the file.
  func text(atMost size: Int) throws(StoreError) -> String {
    var bytes = [UInt8](repeating: 0, count: size)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw .unavailable(call: "read", code: errno, path: path) }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
