/// A name and its value: a header, a query item, a field of a form.
public struct Field: Sendable, Equatable {
  /// The name, as it was written.
  public let name: String
  /// The value.
  public let value: String

  /// A field.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
