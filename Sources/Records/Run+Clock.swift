public import Values

/// The time that steps see.
extension Run {
  /// The only time that steps see, such as for the first date on which a change may be made.
  public var clock: Timestamp { renewed ?? at }

  /// Lets steps see a later time from now on; to be called only while nothing may have been changed by what
  /// they asked for before.
  public mutating func renew(at now: Timestamp) { renewed = max(now, clock) }
}
