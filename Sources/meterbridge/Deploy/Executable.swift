import Crypto
import Dispatcher
import Values

/// A program as one file that needs no other.
struct Executable {
  /// The processors it can be for, as Lambda calls them.
  enum Processor: String {
    case intel = "x86_64"
    case arm = "arm64"
  }

  /// The file's name.
  let name: String
  /// All of it.
  let bytes: [UInt8]
  /// What it runs on.
  let processor: Processor

  /// Reads a program, and refuses one that is not for Linux or needs shared libraries.
  init(_ path: String) throws(Problem) {
    bytes = try Files.read(path)
    name = String(path.split(separator: "/").last ?? "")
    guard bytes.count > 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else {
      throw Problem(.data, "\(path) is no program for Linux on a 64-bit processor")
    }
    switch Self.number(bytes, 18, 2) {
    case 62: processor = .intel
    case 183: processor = .arm
    default: throw Problem(.data, "\(path) is for a processor that no target has")
    }
    guard !Self.wantsInterpreter(bytes) else {
      throw Problem(
        .data, "\(path) needs shared libraries; `meterbridge build` makes one that does not")
    }
  }

  /// What proves that a file is this one.
  func digest() throws(Problem) -> String { try Self.digest(of: bytes) }

  /// What proves that a file holds these bytes.
  static func digest(of bytes: [UInt8]) throws(Problem) -> String {
    guard let digest = SHA256(of: bytes) else {
      throw Problem(.unavailable, "libcrypto gives no SHA-256")
    }
    return digest.text
  }

  // MARK: Private

  /// Whether a program header asks for a dynamic linker (PT_INTERP).
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
