import Crypto
import Values

/// A statically linked program.
struct Executable {
  /// A processor architecture, by Lambda's name for it.
  enum Processor: String {
    case intel = "x86_64"
    case arm = "arm64"
  }

  /// The file's name.
  let name: String
  /// The file's content.
  let bytes: [UInt8]
  let processor: Processor

  /// Reads a program.
  ///
  /// - Throws: `data` if it is not for Linux on a supported processor, or needs shared libraries.
  init(_ path: String) throws(Problem) {
    bytes = try Files.read(path)
    name = String(path.split(separator: "/").last ?? "")
    guard bytes.count > 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else {
      throw Problem(.data, "\(path) is not a 64-bit Linux program")
    }
    switch Self.number(bytes, 18, 2) {
    case 62: processor = .intel
    case 183: processor = .arm
    default: throw Problem(.data, "\(path) is for a processor that no target supports")
    }
    guard !Self.wantsInterpreter(bytes) else {
      throw Problem(
        .data, "\(path) needs shared libraries; `meterbridge build` makes a static program")
    }
  }

  /// The SHA-256 of a file's content, in hexadecimal.
  static func digest(of bytes: [UInt8]) throws(Problem) -> String {
    guard let digest = SHA256(of: bytes) else {
      throw Problem(.unavailable, "libcrypto does not provide SHA-256")
    }
    return digest.text
  }

  /// Whether a program header names a dynamic linker (PT_INTERP).
  private static func wantsInterpreter(_ bytes: [UInt8]) -> Bool {
    let (table, size, count) = (number(bytes, 32, 8), number(bytes, 54, 2), number(bytes, 56, 2))
    return (0..<count).contains { header in
      let at = table + header * size
      return at + 4 <= bytes.count && number(bytes, at, 4) == 3
    }
  }

  private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    bytes[at..<at + count].reversed().reduce(0) { ($0 & 0xFF_FFFF_FFFF_FFFF) << 8 | Int($1) }
  }
}
