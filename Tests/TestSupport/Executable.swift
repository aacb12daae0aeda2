public import Foundation

/// Programs that tests create.
///
/// A process that another thread starts inherits, for a moment, the descriptor of the file that is
/// written here, and a file that is open for writing cannot be executed ("Text file busy"). These
/// functions return when the file can be executed.
public enum Executable {
  /// Writes an executable shell script.
  public static func script(_ text: String, at path: String) throws {
    try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    try waitForWriters(of: path)
  }

  /// Copies a program.
  public static func copy(_ program: URL, to copy: URL) throws {
    try FileManager.default.copyItem(at: program, to: copy)
    try waitForWriters(of: copy.path)
  }

  private static func waitForWriters(of path: String) throws {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw POSIXError(.EIO) }
    defer { close(file) }
    // The kernel grants a read lease only if no process has the file open for writing.
    let end = ContinuousClock.now + .seconds(60)
    while fcntl(file, setLease, Int32(F_RDLCK)) != 0 {
      guard errno == EAGAIN, ContinuousClock.now < end else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
      usleep(1000)
    }
  }

  /// `F_SETLEASE`, which Swift does not import; closing the file releases the lease.
  private static let setLease: Int32 = 1024
}
