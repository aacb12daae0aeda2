/// Sends mail over the network, or over a simulation of it.
public protocol MailTransport: Sendable {
  /// Sends a mail, and waits until the server answers.
  func send(_ message: MailMessage, by server: MailServer) -> MailOutcome

  /// Connects to a server and logs in, without sending a mail.
  func test(_ server: MailServer) -> MailOutcome
}
