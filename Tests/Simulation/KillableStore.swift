import Store

/// The store of one dispatcher of a world: once that is dead it takes nothing more, and what was
/// committed stays for the next.
final class KillableStore: KeyValueStore {
  private let store: any KeyValueStore
  /// The disk of the store, if a kill tears what is being written.
  private let disk: TearingDisk?
  private let life: Life

  init(_ store: any KeyValueStore, _ disk: TearingDisk?, of life: Life) {
    self.store = store
    self.disk = disk
    self.life = life
  }

  /// Passes the point at which a write begins; a kill there leaves the first half of the write.
  private func lives(writing transactions: [Transaction]) -> Bool {
    let wasDead = life.isDead
    if life.lives(.write) { return true }
    if !wasDead, let disk {
      disk.tearNext()
      _ = store.commit(each: transactions)
    }
    return false
  }

  private var dead: StoreError { .closed(because: "the dispatcher was killed") }

  var closedBecause: String? { life.isDead ? "the dispatcher was killed" : nil }

  func get(_ key: String) throws(StoreError) -> String? {
    guard !life.isDead else { throw dead }
    return try store.get(key)
  }

  func scan(_ range: KeyRange, reversed: Bool) throws(StoreError) -> any RecordCursor {
    guard !life.isDead else { throw dead }
    return try store.scan(range, reversed: reversed)
  }

  func commit(_ transaction: Transaction) throws(StoreError) -> Bool {
    life.world.meanwhile()
    guard lives(writing: [transaction]) else { throw dead }
    let isDone = try store.commit(transaction)
    guard life.lives(.flush) else { throw dead }
    return isDone
  }

  func commit(
    _ transaction: Transaction,
    then completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
  ) throws(StoreError) {
    completion(.success(try commit(transaction)))
  }

  /// One flush: a kill in its middle leaves the first of them.
  func commit(each transactions: [Transaction]) -> [Result<Bool, StoreError>] {
    life.world.meanwhile()
    let results = transactions.map { transaction in
      Result { () throws(StoreError) in
        guard lives(writing: [transaction]) else { throw dead }
        return try store.commit(transaction)
      }
    }
    guard life.lives(.flush) else { return transactions.map { _ in .failure(dead) } }
    life.world.meanwhile()
    return results
  }

  func version() throws(StoreError) -> Int { try store.version() }

  func changeStream() throws(StoreError) -> any ChangeStream { try store.changeStream() }

  func waitForWriter() throws(StoreError) {}

  func compact(keep: ((_ key: String, _ value: String) -> Bool)?) throws(StoreError) {
    try store.compact(keep: keep)
  }
}
