/// The error of a text that is not a JSON document by the rules of ``JSON/init(parsing:)``.
public struct JSONError: Error, Hashable, CustomStringConvertible {
  /// The offset in bytes, from 0, at which reading stopped.
  public let offset: Int
  /// What is wrong at that offset.
  public let reason: String

  /// The reason and the offset, on one line.
  public var description: String { "\(reason) at byte \(offset)" }
}
