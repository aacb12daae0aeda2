/// Why a text is no JSON document by the strict rule, and where.
public struct JSONError: Error, Hashable, CustomStringConvertible {
  /// The byte of the text at which the reader stopped, from 0.
  public let offset: Int
  /// What is wrong there.
  public let reason: String

  /// One line for a person.
  public var description: String { "\(reason) at byte \(offset)" }
}
