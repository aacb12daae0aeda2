/// The name of a step: `togai/create-customer`.
public struct StepID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The id of the app.
  public let app: String
  /// The name of the step's file, without its extension.
  public let name: String

  /// Creates the id of a step.
  public init(app: String, name: String) {
    self.app = app
    self.name = name
  }

  /// Reads `app/name`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(Self.isWord) else { return nil }
    (app, name) = (String(parts[0]), String(parts[1]))
  }

  /// `app/name`.
  public var description: String { "\(app)/\(name)" }

  /// The name of the executable: `app-name`.
  public var executable: String { "\(app)-\(name)" }

  /// By app, then by name.
  public static func < (one: StepID, other: StepID) -> Bool { one.description < other.description }

  private static func isWord(_ part: Substring) -> Bool {
    !part.isEmpty
      && part.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
      }
  }
}
