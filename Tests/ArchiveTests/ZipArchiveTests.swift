import Archive
import Foundation
import Testing

/// Archives, read as the format is written down, from their end.
struct ZipArchiveTests {
  private static func archive() throws -> [UInt8] {
    var archive = ZipArchive()
    try archive.add("bootstrap", mode: 0o755, Array("hello hello hello hello".utf8))
    try archive.add("empty", mode: 0o644, [])
    return archive.bytes
  }

  @Test func archiveHasEachFileWithModeAndChecksum() throws {
    let bytes = try Self.archive()
    let files = try Unzipped.files(in: bytes)
    #expect(files.map(\.name) == ["bootstrap", "empty"])
    #expect(files.map(\.mode) == [0o100755, 0o100644])
    // The CRC-32 of the text by crc32(1), and that of nothing
    #expect(files.map(\.checksum) == [0x8D3D_51E3, 0])
    #expect(files.map(\.size) == [23, 0])
    #expect(files.map(\.packed).allSatisfy { $0 > 0 && $0 < 23 })
  }

  @Test func archiveOfSameFilesHasSameBytes() throws {
    let first = try Self.archive()
    let second = try Self.archive()
    #expect(first == second)
  }
}

/// The entries of an archive's central directory, each compared with the head of its file.
struct Unzipped {
  let name: String
  let mode: Int
  let checksum: Int
  let size: Int
  let packed: Int

  static func files(in bytes: [UInt8]) throws -> [Unzipped] {
    func number(_ at: Int, _ count: Int) -> Int {
      bytes[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let end = bytes.count - 22
    try #require(number(end, 4) == 0x0605_4B50)
    var at = number(end + 16, 4)
    return try (0..<number(end + 10, 2)).map { _ in
      try #require(number(at, 4) == 0x0201_4B50)
      let length = number(at + 28, 2)
      let head = number(at + 42, 4)
      try #require(number(head, 4) == 0x0403_4B50)
      try #require(bytes[head + 4..<head + 30] == bytes[at + 6..<at + 32])
      defer { at += 46 + length }
      return Unzipped(
        name: String(decoding: bytes[at + 46..<at + 46 + length], as: UTF8.self),
        mode: number(at + 40, 2), checksum: number(at + 16, 4), size: number(at + 24, 4),
        packed: number(at + 20, 4))
    }
  }
}
