package import Values

/// How the use of a resource ended.
package enum UseEnd: Sendable {
  /// It was answered, well or with trouble.
  case answered(isGood: Bool)
  /// Nothing answered in time.
  case hung(String)
  /// It was not used after all.
  case unused
  /// The rate limit does not permit it before a time.
  case postponed(until: Timestamp)
}
