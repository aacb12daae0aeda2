/// A member of an object, by a name that is compared byte by byte.
public struct JSONMember: Sendable, Hashable {
  /// The name.
  public let name: String
  /// The value.
  public let value: JSON

  /// A member.
  public init(_ name: String, _ value: JSON) {
    self.name = name
    self.value = value
  }

  /// Whether the names have the same bytes, and the values are equal.
  public static func == (one: JSONMember, other: JSONMember) -> Bool {
    one.name.hasBytes(of: other.name) && one.value == other.value
  }
}
