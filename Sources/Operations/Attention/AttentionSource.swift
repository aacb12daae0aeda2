import Values

/// A place where things come up that need attention.
protocol AttentionSource: Sendable {
  /// Whether it can be asked after each write to the store; another is asked once a minute.
  var isQuick: Bool { get }

  /// What is there now.
  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate]
}
