import Values

/// A simulated API.
///
/// A new one is a type that conforms to this protocol, a property of the state and a case
/// where that dispatches requests.
protocol Emulation: Sendable {
  /// The first segment of its paths, and its name in the control API.
  static var name: String { get }

  /// The segments that follow the name in every path, such as `api` and `v2`.
  static var root: [String] { get }

  /// The shared context, during ``answer(_:)`` and ``control(_:_:_:)`` only.
  var context: SandboxContext { get set }

  /// Answers a call; its path starts after the name.
  mutating func answer(_ call: Call) -> Reply

  /// Performs an action of a person by its method, path after the name, and body.
  ///
  /// Returns nil if there is no such action.
  mutating func control(
    _ method: String, _ path: [String], _ body: JSON
  ) throws(SandboxError) -> JSON?

  /// The API's error reply for a status, for a call that it never receives.
  static func error(_ status: Int) -> Reply

  /// The stored objects, as the control API shows them.
  var state: JSON { get }

  /// Whether calls to a path carry credentials in their bodies; such bodies are not logged.
  static func hidesBody(of path: [String]) -> Bool

  /// Whether a path carries credentials; such paths are not logged.
  static func hidesTarget(of path: [String]) -> Bool
}

extension Emulation {
  static func hidesBody(of path: [String]) -> Bool { false }

  static func hidesTarget(of path: [String]) -> Bool { false }
}
