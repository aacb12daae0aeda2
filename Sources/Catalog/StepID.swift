/// A step's name everywhere: `togai/create-customer`.
public struct StepID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The app's folder.
  public let app: String
  /// The step's file, without its ending.
  public let name: String

  /// The step of an app.
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

  /// `app-name`, the executable.
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
