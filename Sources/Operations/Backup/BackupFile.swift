import Glibc
import Store
import Values

/// A file of lines, written or read from its beginning to its end.
final class BackupFile {
  private let path: String
  private let file: UnsafeMutablePointer<FILE>

  /// Creates a file that only its owner may read, in place of one that is there.
  convenience init(creating path: String) throws(Problem) {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
      throw Problem(.cannotCreate, "cannot create \(path): \(Self.reason)")
    }
    self.init(path, file)
  }

  /// Opens a file that exists.
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

  /// Makes the file durable under its final name, in the same directory.
  func finish(as name: String) throws(Problem) {
    guard fflush(file) == 0, fsync(fileno(file)) == 0 else { throw failure("write") }
    do throws(StoreError) {
      try LocalDisk().renameDurably(path, to: name)
    } catch {
      throw Problem(.io, "\(error)")
    }
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
