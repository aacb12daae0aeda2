public import Values

/// The result of one check of the doctor.
public struct Finding: Sendable, Equatable {
  /// The severity.
  public enum Grade: String, Sendable {
    /// Everything is as it should be.
    case ok
    /// It works, but not as well as it should, or not for long.
    case warning
    /// It does not work.
    case wrong
  }

  /// The severity.
  public let grade: Grade
  /// What was checked.
  public let subject: String
  /// What was found.
  public let words: String
  /// What to do, if anything.
  public let advice: String?

  /// Creates a finding; `advice` says what to do.
  public init(_ grade: Grade, _ subject: String, _ words: String, advice: String? = nil) {
    self.grade = grade
    self.subject = subject
    self.words = words
    self.advice = advice
  }

  /// Creates a finding of a problem, whose text states what to do.
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
