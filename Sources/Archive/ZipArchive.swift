/// A zip file in memory; the same files always give the same bytes.
///
/// All files have the first time of the format, 1980-01-01, and Unix modes, since engines execute them.
public struct ZipArchive: Sendable {
  private var content: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  /// Creates an empty archive.
  public init() {}

  /// Adds a file with permissions such as 0o755.
  ///
  /// - Throws: `tooLarge` or `notPacked`.
  public mutating func add(_ name: String, mode: UInt16, _ bytes: [UInt8]) throws(ArchiveError) {
    let packed = try Deflate.packed(bytes)
    let size = content.count + packed.count + bytes.count
    guard size < UInt32.max, name.utf8.count <= UInt16.max else { throw .tooLarge(name) }
    let offset = UInt32(content.count)
    let common = Self.common(name, bytes, packed)
    content += Self.words([0x4B50, 0x0403]) + common + Array(name.utf8) + packed
    // Made on Unix by version 2.0; no comment, first disk, no internal attributes, a regular file
    directory += Self.words([0x4B50, 0x0201, 0x0314]) + common + Self.words([0, 0, 0, 0])
    directory += Self.words([0x8000 | mode]) + Self.long(offset) + Array(name.utf8)
    count += 1
  }

  /// The bytes of the zip file.
  public var bytes: [UInt8] {
    let end =
      Self.words([0x4B50, 0x0605, 0, 0, count, count]) + Self.long(UInt32(directory.count))
      + Self.long(UInt32(content.count)) + Self.words([0])
    return content + directory + end
  }

  // MARK: Private

  /// The common part of both headers: version 2.0, UTF-8 name, deflated, 1980-01-01.
  private static func common(_ name: String, _ bytes: [UInt8], _ packed: [UInt8]) -> [UInt8] {
    words([20, 0x0800, 8, 0, 0x0021]) + long(Deflate.checksum(of: bytes))
      + long(UInt32(packed.count)) + long(UInt32(bytes.count))
      + words([UInt16(name.utf8.count), 0])
  }

  private static func words(_ words: [UInt16]) -> [UInt8] {
    words.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  private static func long(_ value: UInt32) -> [UInt8] {
    words([UInt16(value & 0xFFFF), UInt16(value >> 16)])
  }
}
