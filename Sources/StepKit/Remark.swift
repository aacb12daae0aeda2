/// What a step that is done says of it.
public struct Remark: Sendable, Equatable {
  /// The text, for the activity log.
  public let text: String
  /// Whether a person should know it, although the step is done: such as that a comment was refused.
  public let isWarning: Bool

  private init(_ text: String, isWarning: Bool) { (self.text, self.isWarning) = (text, isWarning) }

  /// What was done.
  public static func note(_ text: String) -> Remark { Remark(text, isWarning: false) }

  /// What was not done, or not as usual.
  public static func warning(_ text: String) -> Remark { Remark(text, isWarning: true) }

  /// Several remarks as one, which is a warning if one of them is.
  public static func joined(_ remarks: [Remark]) -> Remark {
    Remark(
      remarks.map(\.text).joined(separator: "; "), isWarning: remarks.contains(where: \.isWarning))
  }
}
