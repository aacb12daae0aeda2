package import Values

/// A change of a circuit breaker.
package enum CircuitChange: Sendable {
  /// The resource hung too often in a row: it is left alone but for probes.
  case opened(since: Timestamp, reason: String)
  /// The resource has answered again.
  case closed
}
