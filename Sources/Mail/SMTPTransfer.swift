import CCurl

/// The state of one transfer, updated by libcurl's callbacks.
final class SMTPTransfer {
  private let message: [UInt8]
  private let needsLogin: Bool
  private var sent = 0
  /// The last reply with each code, on one line.
  private var replies: [Substring: String] = [:]
  private var replyIsOver = true
  /// Whether the server accepted the login.
  private(set) var hasLoggedIn = false

  /// Whether all of the message was handed to libcurl, so that the server may have taken it.
  private(set) var isHandedOver = false
  /// Whether the message was held back because the server offers no login.
  private(set) var lacksLogin = false

  /// The most that is kept of a line, and of a reply apart from its last line, in bytes.
  private static let (maxBytes, maxReply) = (300, 1000)

  init(_ message: [UInt8], needsLogin: Bool) {
    self.message = message
    self.needsLogin = needsLogin
  }

  /// The last reply of the server with a code: not the last of all, which may be that to `QUIT`.
  func reply(_ code: Int) -> String { replies["\(code)"] ?? "\(code)" }

  /// Takes a line of a reply, such as `250-SIZE 1000` or, the last, `250 OK`.
  func take(line bytes: UnsafeRawBufferPointer) {
    let text = String(decoding: bytes.prefix(Self.maxBytes), as: UTF8.self)
    let line = text.map { $0.isWhitespace || $0 < " " ? " " : String($0) }.joined()
      .split(separator: " ").joined(separator: " ")
    let code = line.prefix(3)
    let known = replyIsOver ? nil : replies[code]
    if (known ?? "").utf8.count < Self.maxReply {
      replies[code] = known.map { "\($0) \(line)" } ?? line
    }
    // 235: authentication succeeded (RFC 4954, 6)
    if code == "235" { hasLoggedIn = true }
    replyIsOver = line.utf8.dropFirst(3).first != UInt8(ascii: "-")
  }

  /// Fills a buffer with the next bytes of the message, and returns their number; nil aborts.
  ///
  /// libcurl sends without a login if the server offers none: then nothing is handed over.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard hasLoggedIn || !needsLogin else {
      lacksLogin = true
      return nil
    }
    let piece = message[sent...].prefix(buffer.count)
    buffer.copyBytes(from: piece)
    sent += piece.count
    isHandedOver = sent == message.count
    return piece.count
  }
}

extension SMTPTransfer {
  /// The callbacks of libcurl; each gets the transfer as its last argument.
  enum Callbacks {
    static let reply: meterbridge_data_callback = { bytes, size, count, transfer in
      let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
      transfer.map(transferAt)?.take(line: line)
      return line.count
    }

    static let message: meterbridge_data_callback = { bytes, size, count, transfer in
      let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
      return transfer.map(transferAt)?.fill(buffer) ?? Int(CURL_READFUNC_ABORT)
    }
  }
}

private func transferAt(_ pointer: UnsafeMutableRawPointer) -> SMTPTransfer {
  Unmanaged<SMTPTransfer>.fromOpaque(pointer).takeUnretainedValue()
}
