public import Values

/// A message for people, such as that something needs attention.
public struct Notification: Document {
  /// The subject, one line.
  public var subject: String
  /// The text, with line breaks.
  public var text: String
  /// What it is about, for programs.
  public var details: JSON

  /// A notification; `details` is an object.
  public init(subject: String, text: String, details: JSON = [:]) {
    self.subject = subject
    self.text = text
    self.details = details
  }

  /// Reads a notification.
  ///
  /// - Throws: A permanent failure if it has no subject or no text.
  public init(json: JSON) throws(Failure) {
    guard let subject = json["subject"].nonBlank, let text = json["text"].nonBlank else {
      throw .permanent("a notification has a subject and a text")
    }
    self.init(subject: subject, text: text, details: json["details"])
  }

  /// The notification as it goes over the pipe.
  public var json: JSON {
    .members([
      "subject": .string(subject), "text": .string(text),
      "details": details == [:] ? nil : details,
    ])
  }
}
