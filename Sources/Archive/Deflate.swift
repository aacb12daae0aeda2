import CZlib

/// The functions of zlib for a zip file.
enum Deflate {
  /// Compresses bytes with deflate (RFC 1951).
  static func packed(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
    var size = compressBound(UInt(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    let code = compress2(&packed, &size, bytes, UInt(bytes.count), 9)
    guard code == 0, size > 6 else { throw .notPacked(Int(code)) }
    // The zlib format has two bytes before the deflate stream and four after it
    return Array(packed[2..<Int(size) - 4])
  }

  /// The CRC-32 of the bytes.
  static func checksum(of bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
  }
}
