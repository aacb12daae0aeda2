/// The answer of a warm worker to a call.
public enum CallAnswer<Answer> {
  /// An answer that could be read.
  case answer(Answer)
  /// The worker did not answer in time; it makes no sense to call a new process at once.
  case hung
  /// There is no worker, or it misbehaved: a process of its own must be called.
  case none

  /// The answer; nil if there is none.
  public var value: Answer? { if case .answer(let answer) = self { answer } else { nil } }
}

extension CallAnswer: Sendable where Answer: Sendable {}
