import StepKit
import Values

/// Why a step gave no reply, in the words of the engines that ask for a kind and a sentence.
public struct Fault: Error, Hashable {
  /// The kinds of fault; the text is what an engine's statistics show.
  public enum Kind: String, Sendable {
    /// What came in is no invocation: the sender's mistake, and the same the next time.
    case notAnInvocation = "Step.NotAnInvocation"
    /// The process ended or was ended by a signal.
    case crashed = "Step.Crashed"
    /// There was no reply in time; the process was killed.
    case tooLate = "Step.TooLate"
    /// What it wrote is not one line of JSON.
    case notAReply = "Step.NotAReply"
    /// The process could not be started.
    case notStarted = "Step.NotStarted"
    /// The engine's answer is not what its contract says.
    case engine = "Engine.Unexpected"
  }

  /// The kind.
  public let kind: Kind
  /// What happened, in one line.
  public let reason: String

  /// A fault of a kind.
  public init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason.truncated(to: 1000)
  }

  /// The fault as the Lambda runtime API takes it.
  var json: JSON {
    ["errorType": .string(kind.rawValue), "errorMessage": .string(reason), "stackTrace": []]
  }
}
