import Dispatch
import Synchronization

extension Store {
  /// Does all of some changes, or none, as one step that is durable when this returns.
  ///
  /// Threads that commit at the same time share one write and one sync.
  /// - Parameters:
  ///   - changes: What to do, in this order; nothing at all is a question only.
  ///   - conditions: What must hold in the latest state of all processes.
  /// - Returns: Whether the conditions held; when not, nothing was done.
  /// - Throws: `badKey`, `badValue`; `unavailable` when it was not done, for want of room, say;
  ///   `closed` when that is not known and the store must be opened anew; `damaged`.
  public func commit(
    _ changes: [Change], if conditions: [Condition] = []
  ) throws(StoreError) -> Bool {
    let ticket = try Ticket(changes, conditions)
    waiting.withLock { $0.append(ticket) }
    // While this thread waits for its turn, another may do its work.
    settleWaiting { ticket.isSettled }
    return try ticket.result()
  }

  /// Does several transactions, each by itself, that are durable with one sync when this returns.
  /// - Returns: Of each what `commit` returns or throws.
  public func commit(each transactions: [Transaction]) -> [Result<Bool, StoreError>] {
    let tickets = transactions.map { transaction in
      Result { () throws(StoreError) in try Ticket(transaction.changes, transaction.conditions) }
    }
    let good = tickets.compactMap { try? $0.get() }
    waiting.withLock { $0 += good }
    // They wait together, and so whoever takes one takes all.
    settleWaiting { good.last?.isSettled ?? true }
    return tickets.map { ticket in
      Result { () throws(StoreError) in try ticket.get().result() }
    }
  }

  /// Does all of some changes, or none, and says so when it is durable.
  ///
  /// Who has no need to wait can do something else meanwhile, and leaves more to be done with one
  /// sync. It is said on whichever thread did it, which has others to tell: be short.
  /// - Parameters:
  ///   - changes: What to do, in this order.
  ///   - conditions: What must hold in the latest state of all processes.
  ///   - tell: Is told what `commit` without it returns or throws.
  /// - Throws: `badKey`, `badValue`; then nobody is told anything.
  public func commit(
    _ changes: [Change], if conditions: [Condition] = [],
    then tell: @escaping @Sendable (Result<Bool, StoreError>) -> Void
  ) throws(StoreError) {
    let ticket = try Ticket(changes, conditions, tell)
    let isFirst = waiting.withLock { waiting in
      waiting.append(ticket)
      return waiting.count == 1
    }
    // Whoever takes the first takes those after it too; and who waits may take it before that.
    if isFirst {
      writer.asyncAfter(deadline: .now() + Self.patience) { [self] in
        settleWaiting { ticket.isSettled }
      }
    }
  }

  /// Gives a key a value, whatever it had before.
  public func put(_ value: String, at key: String) throws(StoreError) {
    _ = try commit([.put(key, value)])
  }

  /// Gives a key its first value.
  /// - Returns: False when it has one; nothing was done then.
  public func create(_ value: String, at key: String) throws(StoreError) -> Bool {
    try commit([.put(key, value)], if: [.absent(key)])
  }

  /// Gives a key another value.
  /// - Returns: False when it has not the value expected; nothing was done then.
  public func replace(
    _ key: String, expecting expected: String, with value: String
  ) throws(StoreError) -> Bool {
    try commit([.put(key, value)], if: [.equals(key, expected)])
  }

  /// Takes a key and its value away; a key that is not there is no error.
  public func remove(_ key: String) throws(StoreError) {
    _ = try commit([.remove(key)])
  }

  // MARK: Private

  /// How many seconds it waits for more to be done with the same sync, where nobody waits for it.
  private static let patience = 0.005

  /// Does the work of all who wait, in turn, unless it is done by then.
  private func settleWaiting(unless isDone: () -> Bool) {
    var tickets: [Ticket] = []
    gate.inTurn {
      guard !isDone() else { return }
      tickets = takeWaiting()
      perform(tickets)
    }
    for ticket in tickets { ticket.tell() }
    compactIfDue()
  }

  private func takeWaiting() -> [Ticket] {
    waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }

  /// Does the work of all tickets, and settles each.
  private func perform(_ tickets: [Ticket]) {
    do {
      try gate.alone { () throws(StoreError) in
        try tidy()
        // The answer to a condition may rest on another's change: none is given before the sync.
        let (batch, answers) = try judge(tickets)
        if batch.lines.records > 0 { try append(batch.lines, batch.records) }
        for (ticket, answer) in zip(tickets, answers) { ticket.settle(answer) }
      }
    } catch {
      for ticket in tickets { ticket.settle(.failure(error)) }
    }
  }

  private func judge(
    _ tickets: [Ticket]
  ) throws(StoreError) -> (batch: Batch, answers: [Result<Bool, StoreError>]) {
    let view = try current()
    var batch = Batch()
    batch.reserve(for: tickets)
    let answers = tickets.map { ticket in
      Result { () throws(StoreError) in try batch.admit(ticket, on: view) }
    }
    return (batch, answers)
  }
}
