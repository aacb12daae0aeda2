/// A text that must be shown to nobody: printed, interpolated or dumped it is `(secret)`.
public struct Secret: Equatable, Sendable {
  private let text: String

  /// A secret of a text.
  public init(_ text: String) {
    self.text = text
  }

  /// The text itself, for the one place that needs it.
  public func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What anyone may see.
  public var description: String { "(secret)" }
  /// What anyone may see.
  public var debugDescription: String { description }
  /// Nothing inside.
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
