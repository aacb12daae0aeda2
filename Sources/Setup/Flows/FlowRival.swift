public import Catalog
import Values

/// Another enabled flow connection that grants something else for the same event.
public struct FlowRival: Sendable, Equatable {
  /// The name of the other flow connection.
  public let name: String
  /// The action that both take.
  public let step: StepID
}
