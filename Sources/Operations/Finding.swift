public import Values

/// What the doctor found of one thing.
public struct Finding: Sendable, Equatable {
  /// How it is.
  public enum Grade: String, Sendable {
    /// As it should be.
    case ok
    /// It works, but not as well as it should, or not for long.
    case warning
    /// It does not work.
    case wrong
  }

  /// How it is.
  public let grade: Grade
  /// What was looked at.
  public let subject: String
  /// What was found.
  public let words: String
  /// What to do, where something is to be done.
  public let advice: String?

  init(_ grade: Grade, _ subject: String, _ words: String, advice: String? = nil) {
    self.grade = grade
    self.subject = subject
    self.words = words
    self.advice = advice
  }

  /// What stands in the way, as a finding: its text says what to do.
  init(_ problem: Problem, of subject: String, _ grade: Grade = .wrong) {
    self.init(grade, subject, problem.description)
  }

  /// The finding as it is shown.
  public var json: JSON {
    .members([
      "grade": .string(grade.rawValue), "subject": .string(subject), "words": .string(words),
      "advice": .text(advice),
    ])
  }
}
