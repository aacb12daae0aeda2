/// A place in a file of a store that is not as it was written.
public struct Damage: Equatable, Sendable {
  /// The path of the file.
  public let file: String
  /// Where the damage begins, in bytes from the start of the file.
  public let offset: Int
  /// What is wrong there, in a few words.
  public let what: String
}
