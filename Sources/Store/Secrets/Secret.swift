/// A text that is shown as `(secret)` when it is printed, interpolated or dumped.
public struct Secret: Equatable, Sendable {
  private let text: String

  /// Wraps a text.
  public init(_ text: String) {
    self.text = text
  }

  /// Returns the text, for the code that sends or encrypts it.
  public func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// A placeholder.
  public var description: String { "(secret)" }
  /// A placeholder.
  public var debugDescription: String { description }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
