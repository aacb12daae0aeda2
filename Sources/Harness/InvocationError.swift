import Values

/// An invocation without a reply, as engines report it: with a kind and a sentence.
struct InvocationError: Error, Hashable {
  /// The kind of error; the raw value is the type that engines show in their statistics.
  enum Kind: String {
    /// The input is no invocation: the sender's mistake, which a retry does not mend.
    case notAnInvocation = "Step.NotAnInvocation"
    /// The process exited with an error or was ended by a signal.
    case crashed = "Step.Crashed"
    /// There was no reply in time; the process was killed.
    case tooLate = "Step.TooLate"
    /// The output is not one line of JSON with an outcome.
    case notAReply = "Step.NotAReply"
    /// The process could not be started.
    case notStarted = "Step.NotStarted"
    /// The engine's response violates its contract.
    case engine = "Engine.Unexpected"

    /// What anyone may know of it.
    var publicReason: String {
      switch self {
      case .notAnInvocation: "the request is no invocation"
      case .crashed: "the step ended without a reply"
      case .tooLate: "the step gave no reply in time"
      case .notAReply: "the step wrote something that is no reply"
      case .notStarted: "the step cannot be started"
      case .engine: "the engine's answer is not valid"
      }
    }
  }

  let kind: Kind
  /// The cause, in one line of at most 1000 characters.
  let reason: String

  init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason.truncated(to: 1000)
  }

  /// A document with the key `error`, including the line end, as the answer to an invalid request.
  static func document(_ reason: String) -> [UInt8] {
    (["error": .string(reason)] as JSON).bytes + [0x0A]
  }

  /// The error as the Lambda runtime API takes it.
  var json: JSON {
    ["errorType": .string(kind.rawValue), "errorMessage": .string(reason), "stackTrace": []]
  }
}
