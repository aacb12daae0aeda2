public import Values

/// A mail of plain text to one address.
public struct MailMessage: Sendable {
  /// The part of the Message-ID before the `@`: mails with equal ids are one mail.
  public let id: String
  /// The sender.
  public let from: MailAddress
  /// The receiver.
  public let to: MailAddress
  /// The subject.
  public let subject: String
  /// The text.
  public let text: String
  /// The time at which it was written.
  public let date: Timestamp

  /// A mail; characters of the id other than letters, digits, dots and hyphens are left out.
  public init(
    id: String, from: MailAddress, to: MailAddress, subject: String, text: String, date: Timestamp
  ) {
    self.id = id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
    self.date = date
  }

  /// The message as it is sent (RFC 5322, RFC 2045): ASCII in lines of at most 78 characters that end
  /// with CR LF.
  ///
  /// `Auto-Submitted` (RFC 3834) keeps programs such as vacation notices from answering.
  public var bytes: [UInt8] {
    let headers = [
      "Date: \(InternetDate.text(of: date))", "From: Meterbridge <\(from.text)>",
      "To: <\(to.text)>", "Subject: \(HeaderText.encoded(subject, after: "Subject: ".utf8.count))",
      "Message-ID: <\(id)@\(from.domain)>", "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
      "Auto-Submitted: auto-generated",
    ]
    return Array((headers.joined(separator: "\r\n") + "\r\n\r\n").utf8)
      + QuotedPrintable.encoded(text)
  }
}
