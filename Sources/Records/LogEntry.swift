/// An entry of the log of `serve`.
public struct LogEntry: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// The severity of an entry.
  public enum Level: String, Sendable {
    /// A normal event.
    case info
    /// Something that needs attention, or is tried again.
    case warning
    /// Something that failed.
    case error
  }

  /// The severity.
  public let level: Level
  /// The message, a sentence without a full stop.
  public let message: String
  /// The id of the run that it is about.
  public let run: String?
  /// The name of that run's flow connection.
  public let flowConnection: String?
  /// Why it happened.
  public let reason: String?

  /// An entry with these parts.
  public init(
    _ level: Level, _ message: String, run: String? = nil, flowConnection: String? = nil,
    reason: String? = nil
  ) {
    self.level = level
    self.message = message
    self.run = run
    self.flowConnection = flowConnection
    self.reason = reason
  }

  /// A warning.
  public init(stringLiteral message: String) { self.init(.warning, message) }
}
