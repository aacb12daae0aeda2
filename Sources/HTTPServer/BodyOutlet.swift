/// The end of a pipe at a connection: it takes no more bytes once the connection is gone.
final class BodyOutlet {
  private let pipe: BodyPipe
  private let isChunked: Bool

  init(_ pipe: BodyPipe, isChunked: Bool) { (self.pipe, self.isChunked) = (pipe, isChunked) }

  deinit { pipe.abandon() }

  /// What has come of the body, as it is sent, and how far the body is with it.
  func take() -> (bytes: [UInt8], end: BodyPipe.End) {
    let (bytes, end) = pipe.take()
    guard isChunked else { return (bytes, end) }
    var sent: [UInt8] = []
    if !bytes.isEmpty {
      sent.reserveCapacity(bytes.count + 16)
      sent += "\(String(bytes.count, radix: 16))\r\n".utf8
      sent += bytes
      sent += "\r\n".utf8
    }
    if end == .ended { sent += "0\r\n\r\n".utf8 }
    return (sent, end)
  }
}
