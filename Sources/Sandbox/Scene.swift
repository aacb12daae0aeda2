import StepKit
import Values

/// What the emulated apps have in common: the time, the ids, the mail that goes out.
struct Scene: Sendable {
  var clock: SandboxClock
  var ids: Identifiers
  var post = Post()

  var now: Timestamp { clock.now }

  mutating func version() -> JSON { .number(Numeral(ids.version(at: now.milliseconds))) }
}

/// An API that the sandbox plays.
///
/// A new one is a type like this, a property of ``World`` and a case where that takes its requests.
protocol Emulation: Sendable {
  /// The first segment of its paths, and its name in the control API.
  static var name: String { get }

  /// The segments after it that all its paths have, such as `api` and `v2`.
  static var root: [String] { get }

  /// Answers one call; the path comes without the name.
  mutating func answer(_ call: Call, in scene: inout Scene) -> Reply

  /// The error with a status, in the API's own words, for a call that it never saw.
  static func error(_ status: Int) -> Reply

  /// All that it holds, for people to look at.
  var state: JSON { get }

  /// Whether the bodies of calls to a path hold a credential, and are kept in no log.
  static func hidesBody(of path: [String]) -> Bool
}

extension Emulation {
  static func hidesBody(of path: [String]) -> Bool { false }
}
