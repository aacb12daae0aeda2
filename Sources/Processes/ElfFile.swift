import Glibc
import Kernel

/// The parts of an executable file that tell how it is loaded: the line `#!`, or the headers of ELF with 64
/// bits, little-endian, as elf(5) describes them.
struct ElfFile {
  private let file: Descriptor
  private let head: [UInt8]

  private static let interpreterSegment = 3
  private static let dynamicSegment = 2
  private static let loadedSegment = 1
  private static let longest = 1 << 16

  /// Opens a file; nil if it cannot be read.
  init?(_ path: String) {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    file = Descriptor(number)
    head = Self.bytes(of: file, at: 0, count: 4096)
  }

  func close() { file.close() }

  /// The interpreter of a script; nil if it is none.
  var scriptInterpreter: String? {
    guard head.starts(with: Array("#!".utf8)) else { return nil }
    let line = head.dropFirst(2).prefix { $0 != 0x0A }
    let path = line.drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != 0x20 && $0 != 0x09 }
    return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
  }

  /// The dynamic loader; nil of a static executable.
  var loader: String? {
    guard let segment = segments.first(where: { $0.kind == Self.interpreterSegment }) else {
      return nil
    }
    return text(at: segment.offset, count: segment.size)
  }

  /// The folders of libraries that the executable names, which may begin with `$ORIGIN`.
  var libraryFolders: [String] {
    guard let segment = segments.first(where: { $0.kind == Self.dynamicSegment }) else { return [] }
    let table = Self.bytes(of: file, at: segment.offset, count: min(segment.size, Self.longest))
    let entries = stride(from: 0, to: table.count - 15, by: 16).map { at in
      (tag: Self.number(table, at, 8), value: Self.number(table, at + 8, 8))
    }
    guard let texts = entries.first(where: { $0.tag == 5 })?.value, let start = offset(of: texts)
    else { return [] }
    return entries.filter { $0.tag == 15 || $0.tag == 29 }.flatMap { entry in
      let (at, overflows) = start.addingReportingOverflow(entry.value)
      return overflows ? [] : text(at: at, count: 4096).split(separator: ":").map(String.init)
    }
  }

  private struct Segment {
    let kind: Int
    let offset: Int
    let address: Int
    let size: Int
  }

  private var segments: [Segment] {
    guard head.count >= 64, head.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return [] }
    let (start, size, count) = (
      Self.number(head, 32, 8), Self.number(head, 54, 2), Self.number(head, 56, 2)
    )
    guard size >= 56, (0...Self.longest).contains(start) else { return [] }
    let table = Self.bytes(of: file, at: start, count: min(size * count, Self.longest))
    return stride(from: 0, to: table.count - 55, by: size).map { at in
      Segment(
        kind: Self.number(table, at, 4), offset: Self.number(table, at + 8, 8),
        address: Self.number(table, at + 16, 8), size: Self.number(table, at + 32, 8))
    }
  }

  /// The place in the file of an address in memory.
  private func offset(of address: Int) -> Int? {
    for segment in segments where segment.kind == Self.loadedSegment {
      let (distance, overflows) = address.subtractingReportingOverflow(segment.address)
      guard !overflows, distance >= 0, distance < segment.size else { continue }
      let (place, isTooFar) = segment.offset.addingReportingOverflow(distance)
      return isTooFar ? nil : place
    }
    return nil
  }

  private func text(at offset: Int, count: Int) -> String {
    let bytes = Self.bytes(of: file, at: offset, count: min(max(count, 0), 4096))
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func bytes(of file: Descriptor, at offset: Int, count: Int) -> [UInt8] {
    guard count > 0, offset >= 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
      length = max(0, pread(file.number, buffer.baseAddress, count, offset))
    }
  }

  /// A number of a width in bytes; negative if it does not fit.
  private static func number(_ bytes: [UInt8], _ at: Int, _ width: Int) -> Int {
    guard at >= 0, at + width <= bytes.count else { return -1 }
    let value = bytes[at..<at + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value) ?? -1
  }
}
