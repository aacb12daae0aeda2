import Glibc
import Values

/// A file of lines that is written or read from its beginning to its end.
final class BackupFile {
  private let path: String
  private let file: UnsafeMutablePointer<FILE>

  /// Makes a file that only its owner may read.
  convenience init(creating path: String) throws(Problem) {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
      throw Problem(.cannotCreate, "cannot make \(path): \(Self.reason)")
    }
    self.init(path, file)
  }

  /// Opens a file that is there.
  convenience init(reading path: String) throws(Problem) {
    guard let file = fopen(path, "re") else {
      throw Problem(.noInput, "cannot read \(path): \(Self.reason)")
    }
    self.init(path, file)
  }

  private init(_ path: String, _ file: UnsafeMutablePointer<FILE>) {
    self.path = path
    self.file = file
  }

  deinit { fclose(file) }

  /// Writes a line.
  func write(_ line: String) throws(Problem) {
    guard fputs(line + "\n", file) >= 0 else { throw failure("write") }
  }

  /// Makes what was written durable, under another name.
  func finish(as name: String) throws(Problem) {
    guard fflush(file) == 0, fsync(fileno(file)) == 0, rename(path, name) == 0 else {
      throw failure("write")
    }
    let slash = name.lastIndex(of: "/")
    let folder = slash.map { $0 == name.startIndex ? "/" : String(name[..<$0]) } ?? "."
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw failure("write") }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw failure("write") }
  }

  /// The next line, or nil at the end.
  func next() throws(Problem) -> String? {
    var line: UnsafeMutablePointer<CChar>?
    var room = 0
    defer { free(line) }
    let count = getline(&line, &room, file)
    guard count >= 0, let line else {
      if ferror(file) != 0 { throw failure("read") }
      return nil
    }
    let bytes = UnsafeRawBufferPointer(start: line, count: count)
    return String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }

  private func failure(_ what: String) -> Problem {
    Problem(.io, "cannot \(what) \(path): \(Self.reason)")
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
