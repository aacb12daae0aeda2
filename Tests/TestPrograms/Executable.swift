public import Foundation

/// A program that a test makes.
///
/// A process that another thread starts shares, for a moment, the file that is written here, and what
/// somebody has open for writing cannot be started: "Text file busy". It can when these return.
public enum Executable {
  /// Makes a shell script.
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
    // The kernel grants a lease for reading where nobody has the file open for writing
    let end = ContinuousClock.now + .seconds(60)
    while fcntl(file, setLease, Int32(F_RDLCK)) != 0 {
      guard errno == EAGAIN, ContinuousClock.now < end else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
      usleep(1000)
    }
  }

  /// `F_SETLEASE`, which Swift does not import; closing gives the lease back.
  private static let setLease: Int32 = 1024
}
