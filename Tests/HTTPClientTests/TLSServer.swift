import Foundation

/// The test server of OpenSSL on loopback, with its own certificate.
struct TLSServer {
  let port: Int
  /// The path of the self-signed certificate.
  let certificate: String
  private let process: Process
  private let output: FileHandle
  private let input = Pipe()

  /// Starts a server with a certificate for a name such as `IP:127.0.0.1`.
  init(name: String, in folder: URL, _ arguments: [String]) throws {
    let (key, certificate) = (folder.path + "/key.pem", folder.path + "/certificate.pem")
    let maker = try Self.openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-days", "2", "-subj", "/CN=meterbridge test", "-addext", "subjectAltName=\(name)",
      "-keyout", key, "-out", certificate,
    ])
    maker.process.waitUntilExit()
    guard maker.process.terminationStatus == 0 else { throw TLSServerError.noCertificate }
    let server = try Self.openssl(
      ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate] + arguments,
      input: input)
    (process, output) = (server.process, server.output)
    self.certificate = certificate
    let words = try Self.read(output, until: "\nACCEPT 127.0.0.1:", andLine: true)
    guard let port = words.split(whereSeparator: \.isNewline).last?.split(separator: ":").last,
      let number = Int(port)
    else { throw TLSServerError.doesNotStart(words) }
    self.port = number
  }

  func stop() {
    // Threads of libdispatch block SIGTERM, and processes inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The server's output up to some words that a client sent.
  func heard(until words: String) throws -> String { try Self.read(output, until: words) }

  private static func openssl(
    _ arguments: [String], input: Pipe? = nil
  ) throws -> (process: Process, output: FileHandle) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, output.fileHandleForReading)
  }

  private static func read(
    _ output: FileHandle, until words: String, andLine: Bool = false
  ) throws -> String {
    var text = ""
    while true {
      if let found = text.range(of: words),
        !andLine || text[found.upperBound...].contains(where: \.isNewline)
      {
        return text
      }
      let part = output.availableData
      guard !part.isEmpty else { throw TLSServerError.doesNotStart(text) }
      text += String(decoding: part, as: UTF8.self)
    }
  }
}

enum TLSServerError: Error {
  case noCertificate
  case doesNotStart(String)
}
