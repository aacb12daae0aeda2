import Foundation
package import Values

/// A real SMTP server on this machine, for the time of a test: Python's aiosmtpd.
///
/// Its certificate is made by the `openssl` command for `localhost`, and is its own authority.
package final class TestMailServer {
  /// The port.
  package private(set) var port = 0
  /// The folder of its files.
  package let folder: String
  private let process = Process()

  /// Starts a server; `security` is `starttls`, `tls` or `none`, and `login` the only `user:password`,
  /// or nil if the server offers no login.
  package init(security: String, login: String? = nil) throws {
    folder = NSTemporaryDirectory() + "meterbridge-mail-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if security != "none" { try makeCertificate() }
    let path = "\(folder)/server.py"
    try Data(Self.program.utf8).write(to: URL(filePath: path))
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-W", "ignore", path, folder, security, login ?? "-"]
    // The server ends when the pipe does, also if the test crashes
    process.standardInput = Pipe()
    process.standardError = FileHandle(forWritingAtPath: try emptyFile("errors"))
    try process.run()
    try waitUntil(within: 30) { try !records().isEmpty || !process.isRunning }
    guard let port = try records().first?["port"].int else {
      let errors = (try? String(contentsOfFile: "\(folder)/errors", encoding: .utf8)) ?? ""
      throw Problem(.unavailable, "the mail server does not start: \(errors)")
    }
    self.port = port
  }

  /// Stops the server and removes its files.
  package func stop() {
    guard process.isRunning else { return }
    // It inherits the blocked signals of the test's thread, SIGTERM among them
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The certificate, which is the authority to trust.
  package var certificate: String { "\(folder)/certificate.pem" }

  /// The messages that it took: `from`, `to`, `isTLS`, `login`, `headers`, `text`, `defects`,
  /// `longest` (line), `isASCII`, `bareBreaks`.
  package func messages() throws -> [JSON] { Array(try records().dropFirst()) }

  // MARK: Private

  private func records() throws -> [JSON] {
    let data = FileManager.default.contents(atPath: "\(folder)/records") ?? Data()
    // A line that is being written has no end yet
    return try data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast().map { try JSON(parsing: Array($0)) }
  }

  private func emptyFile(_ name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data().write(to: URL(filePath: path))
    return path
  }

  private func makeCertificate() throws {
    let openssl = Process()
    openssl.executableURL = URL(filePath: "/usr/bin/env")
    openssl.arguments =
      [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost",
      ] + ["-keyout", "\(folder)/key.pem", "-out", certificate]
    openssl.standardError = FileHandle.nullDevice
    try openssl.run()
    openssl.waitUntilExit()
  }
}
