package import Values

/// The bulkheads between resources: each has a share of its own, and whoever waits for one waits there
/// and holds nothing that others need.
///
/// It is a value without threads, clocks and locks, for dispatchers and simulations.
package struct Bulkheads<Waiter> {
  /// A waiter whose turn has come.
  package struct Turn {
    package let waiter: Waiter
    package let resource: Resource
    /// Nil if it may use the resource, which is counted already; otherwise it has waited long, and the
    /// reason is why the resource does not answer.
    package let tired: String?
  }

  private var bulkheads: [Resource: Bulkhead<Waiter>] = [:]
  /// The resources for which something waits, in the order of their turns.
  private var contended: [Resource] = []
  /// The number of waiters.
  package private(set) var count = 0

  private let share: @Sendable (Resource) -> Int

  /// The hung uses in a row that open a circuit.
  private static var threshold: Int { 5 }

  /// Creates bulkheads with a share for each resource.
  package init(share: @escaping @Sendable (Resource) -> Int) { self.share = share }

  /// Begins the use of a resource; false if others wait for it, or it must be waited for.
  package mutating func begin(_ resource: Resource, at now: Timestamp) -> Bool {
    prepare(resource)
    return bulkheads[resource]?.begin(at: now) ?? false
  }

  /// Notes that the rate limit permits the use of a resource that was begun last.
  package mutating func confirm(_ resource: Resource) { bulkheads[resource]?.confirm() }

  /// Ends the use of a resource; the result is what became of its circuit breaker, if it changed.
  package mutating func end(
    _ resource: Resource, _ end: UseEnd, at now: Timestamp
  ) -> CircuitChange? {
    bulkheads[resource]?.end(end, at: now)
  }

  /// Lets a waiter wait for a resource.
  package mutating func wait(
    _ waiter: Waiter, for resource: Resource, _ place: WaitPlace, at now: Timestamp
  ) {
    prepare(resource)
    if bulkheads[resource]?.isContended != true { contended.append(resource) }
    bulkheads[resource]?.wait(waiter, place, at: now)
    count += 1
  }

  /// The next waiter whose turn it is; nil if all must wait on.
  package mutating func next(at now: Timestamp) -> Turn? {
    for (index, resource) in contended.enumerated() {
      guard let (waiter, tired) = bulkheads[resource]?.next(at: now) else { continue }
      count -= 1
      contended.remove(at: index)
      // The other resources come first next time.
      if bulkheads[resource]?.isContended == true { contended.append(resource) }
      return Turn(waiter: waiter, resource: resource, tired: tired)
    }
    return nil
  }

  /// Removes a waiter out of turn; nil if it does not wait.
  package mutating func remove(where isWanted: (Waiter) -> Bool) -> Waiter? {
    for (index, resource) in contended.enumerated() {
      guard let waiter = bulkheads[resource]?.remove(where: isWanted) else { continue }
      count -= 1
      if bulkheads[resource]?.isContended != true { contended.remove(at: index) }
      return waiter
    }
    return nil
  }

  /// The time at which ``next(at:)`` may have one, if nothing else happens before.
  package func nextTurn(at now: Timestamp) -> Timestamp? {
    contended.compactMap { bulkheads[$0]?.nextTurn(at: now) }.min()
  }

  /// Whether a resource has answered well since a time.
  package func hasSucceeded(_ resource: Resource, since time: Timestamp) -> Bool {
    bulkheads[resource]?.succeeded.map { $0 >= time } ?? false
  }

  private mutating func prepare(_ resource: Resource) {
    guard bulkheads[resource] == nil else { return }
    let share = share(resource)
    bulkheads[resource] = Bulkhead(share: share, threshold: min(share, Self.threshold))
  }
}
