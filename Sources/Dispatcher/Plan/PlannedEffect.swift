public import StepKit

/// An effect that a step requests in a plan.
public struct PlannedEffect: Sendable {
  /// What an effect does.
  public enum ChangeKind: String, Sendable {
    /// Creates an object in the app.
    case create
    /// Updates an object in the app.
    case update
    /// Adds a row to the ID mapping.
    case link
    /// Queries the ID mapping.
    case find
    /// Reads from the app.
    case read

    /// Whether the app or the ID mapping would change.
    public var isChange: Bool { self != .find && self != .read }
  }

  /// What the effect does.
  public let changeKind: ChangeKind
  /// The effect as the step requests it.
  public let effect: Effect
  /// The path of a request, with the encoded query; nil for the ID mapping.
  public let path: String?
  /// The encoded body of a request; nil if it has none.
  public let body: String?
  /// Whether the effect depends on an assumed answer.
  public let isAssumed: Bool
  /// The answer for the step, and whether it is assumed; nil if the step got none.
  public internal(set) var answer: (answer: Answer, isAssumed: Bool)?

  /// Whether the step waits for an answer that is unknown.
  var isOpen: Bool { effect.name != nil && answer == nil }
}
