/// Writes the body of a response, from one thread.
///
/// A writer that is let go before ``end()`` cuts the connection, so that no client takes a part of the
/// body for the whole.
public final class BodyWriter: Sendable {
  private let pipe: BodyPipe
  private let mailbox: Mailbox
  private let ticket: Int

  init(_ pipe: BodyPipe, to mailbox: Mailbox, ticket: Int) {
    (self.pipe, self.mailbox, self.ticket) = (pipe, mailbox, ticket)
  }

  deinit { finish(.cut) }

  /// Writes a part, and waits while the client has much to read; false if the client is gone.
  public func write(_ bytes: [UInt8]) -> Bool {
    if pipe.append(bytes) { mailbox.send(Mailbox.Letter(ticket: ticket, isLast: false)) }
    return pipe.waitForRoom()
  }

  /// Ends the body.
  public func end() { finish(.ended) }

  private func finish(_ state: BodyPipe.End) {
    if pipe.end(state) { mailbox.send(Mailbox.Letter(ticket: ticket)) }
  }
}
