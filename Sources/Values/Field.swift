/// A name and a value: a header, a query item, or a form field.
public struct Field: Sendable, Equatable {
  /// The name as written.
  public let name: String
  /// The value.
  public let value: String

  /// A field.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
