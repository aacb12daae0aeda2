import Synchronization

/// Answers one request, once, from any thread.
///
/// A request whose responder is let go without an answer is answered 500.
public final class Responder: Sendable {
  private let mailbox: Mailbox
  private let ticket: Int
  private let isUsed = Mutex(false)

  init(to mailbox: Mailbox, ticket: Int) { (self.mailbox, self.ticket) = (mailbox, ticket) }

  deinit { respond(.problem(500, "the server has no response")) }

  /// Sends the response; a second one is not sent.
  public func respond(_ response: Response) {
    guard use() else { return }
    mailbox.send(Mailbox.Letter(ticket: ticket, response: response))
  }

  /// Sends the head of a response, whose body is written while it is sent; what `body` of the response
  /// has is left out.
  ///
  /// Writing waits until the client has read, so that a body of any length needs little memory.
  public func begin(_ response: Response) -> BodyWriter {
    let pipe = BodyPipe()
    if use() {
      mailbox.send(
        Mailbox.Letter(ticket: ticket, response: response, body: pipe, isLast: false))
    } else {
      pipe.abandon()
    }
    return BodyWriter(pipe, to: mailbox, ticket: ticket)
  }

  /// Whether it was not used before.
  private func use() -> Bool {
    isUsed.withLock { isUsed in
      defer { isUsed = true }
      return !isUsed
    }
  }
}
