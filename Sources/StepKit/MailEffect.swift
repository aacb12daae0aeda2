public import Values

/// A mail to one address, sent by the server of the step's own connection.
///
/// It names no sender, server or password: the dispatcher takes those from the connection.
public struct MailEffect: Sendable, Hashable {
  /// The name under which the answer comes back, unique within the step's run.
  public let name: String
  /// The address.
  public let to: MailAddress
  /// The subject, one line.
  public let subject: String
  /// The text, with any line breaks.
  public let text: String

  /// The longest subject, in Unicode scalars.
  public static let maxSubject = 500

  /// A mail.
  public init(name: String, to: MailAddress, subject: String, text: String) {
    self.name = name
    self.to = to
    self.subject = subject
    self.text = text
  }

  /// Reads the effect.
  ///
  /// - Throws: A permanent failure if a member is missing or wrong, or could add a header.
  public init(json: JSON) throws(Failure) {
    guard let name = json["name"].nonBlank, let subject = json["subject"].nonBlank,
      let text = json["text"].string
    else { throw .permanent("a mail effect has a name, to, a subject and a text") }
    guard let to = json["to"].string.flatMap(MailAddress.init) else {
      throw .permanent("the address of effect \"\(name)\" is not one such as ops@acme.example")
    }
    guard subject.unicodeScalars.count <= Self.maxSubject,
      !subject.unicodeScalars.contains(where: \.isControl)
    else {
      throw .permanent(
        "the subject of effect \"\(name)\" must be one line of at most \(Self.maxSubject) characters"
      )
    }
    self.init(name: name, to: to, subject: subject, text: text)
  }

  /// The effect as it goes over the pipe.
  public var json: JSON {
    [
      "name": .string(name), "to": .string(to.text), "subject": .string(subject),
      "text": .string(text),
    ]
  }
}

extension Unicode.Scalar {
  /// Whether it is a control character or a separator of lines or paragraphs.
  fileprivate var isControl: Bool {
    value < 0x20 || (0x7F...0x9F).contains(value) || value == 0x2028 || value == 0x2029
  }
}
