import Lanes

/// The use of a connection by a run, and whether the run can wait for it in memory.
struct ConnectionUse {
  let suspends: Bool
  /// The use that was begun for the next request; nil for a run that cannot wait, which is not counted.
  var current: ResourceUse?

  /// Begins the use of a connection, unless it is begun; false if the run must wait in memory.
  mutating func begin(_ resource: Resource, _ admissions: Admissions) -> Bool {
    guard suspends, current?.resource != resource else { return true }
    current = admissions.begin(resource)
    return current != nil
  }

  /// Passes the use on.
  @discardableResult
  mutating func take() -> ResourceUse? {
    defer { current = nil }
    return current
  }
}
