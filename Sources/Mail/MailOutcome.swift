/// The outcome of sending a mail.
///
/// Texts name the server and its reply, never a password or the mail.
public enum MailOutcome: Sendable, Equatable {
  /// The server took the mail; the text is its reply.
  case accepted(String)
  /// The server refused the mail for good (5xx); the text is its reply.
  case refused(code: Int, String)
  /// The server refused the user name or the password.
  case loginRefused(code: Int)
  /// The server cannot have taken the mail: sending it again repeats nothing. The text is the reason.
  case notSent(String)
  /// The mail was handed over, and no clear answer came; the text is the reason.
  case doubtful(String)
}
