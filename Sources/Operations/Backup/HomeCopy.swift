import Crypto
public import Setup
import Store
public import Values

/// Copies a home from one place to another, between files and a table of DynamoDB.
///
/// The records are those of one moment. The secrets stay sealed with the same key. What was copied is read
/// again at the other place and compared, by number and digest, before it can be used.
public struct HomeCopy {
  private let source: Home
  private let target: Home

  /// The records of a transaction, and the transactions that are committed at once.
  private static let (records, transactions) = (50, 20)
  /// The bytes of values after which a batch is committed.
  private static let bytes = 4 << 20

  /// A copy into a home, which must be opened for it, or be new.
  public init(from source: Home, to target: Home) {
    (self.source, self.target) = (source, target)
  }

  /// Copies all records and secrets.
  ///
  /// - Parameter progress: Called with the records that were copied or compared since the last call.
  /// - Returns: The numbers of records and secrets.
  /// - Throws: `temporary` if a process executes the runs of the source; `refused` if the target has
  ///   records and is no unfinished copy; `io` if the target does not hold what was written.
  public func perform(
    progress: (_ records: Int) -> Void = { _ in }
  ) throws(Problem) -> (records: Int, secrets: Int) {
    // Runs that went on meanwhile would go on in both
    let lock = try DispatcherLock(home: source)
    defer { lock.release() }
    try empty()
    try target.beginCopy()
    let written = try copyRecords(progress)
    let sealed = try source.withSecrets { (secrets) throws(StoreError) in try secrets.sealed() }
    try target.withSecrets { (secrets) throws(StoreError) in
      try secrets.replaceAll(bySealed: sealed)
    }
    let found = try digest(progress)
    let same = try target.withSecrets { (secrets) throws(StoreError) in
      try secrets.sealed() == sealed
    }
    guard found == written, same else {
      throw Problem(
        .io,
        "the copy is not what was written: \(found.count) records of \(written.count), and other"
          + " content; something else writes there")
    }
    try target.checkSecrets()
    try target.finishCopy()
    return (written.count, sealed.count)
  }

  // MARK: Private

  /// The number and the digest of some records in their order.
  private struct Sum: Equatable {
    var count = 0
    var digest = ""

    mutating func add(_ record: Record) throws(Problem) {
      count += 1
      digest = try SHA256.text(of: Array("\(digest)\(record.key)\0\(record.value)".utf8))
    }
  }

  /// Removes what an interrupted copy left.
  ///
  /// Only a table can have anything: files are copied into a new directory.
  private func empty() throws(Problem) {
    var scan = try target.with { (store) throws(StoreError) in try store.scan(prefix: "") }
    var isFull = false
    while let record = try target.next(&scan), !isFull {
      isFull = !Self.isOfThePlace(record.key)
    }
    guard isFull else { return }
    guard try target.isUnfinishedCopy() else {
      throw Problem(.refused, "the target has a home already; copy to a place that has none")
    }
    try target.with { (store) throws(StoreError) in
      try store.compact { key, _ in Self.isOfThePlace(key) }
    }
  }

  private func copyRecords(_ progress: (Int) -> Void) throws(Problem) -> Sum {
    var sum = Sum()
    var (batch, size): ([Change], Int) = ([], 0)
    var scan = try source.with { (store) throws(StoreError) in try store.scan(prefix: "") }
    while let record = try source.next(&scan) {
      guard !Self.isOfThePlace(record.key) else { continue }
      try sum.add(record)
      batch.append(.put(record.key, record.value))
      size += record.value.utf8.count
      guard batch.count == Self.records * Self.transactions || size > Self.bytes else { continue }
      try commit(batch)
      progress(batch.count)
      (batch, size) = ([], 0)
    }
    try commit(batch)
    progress(batch.count)
    return sum
  }

  private func commit(_ changes: [Change]) throws(Problem) {
    let parts = stride(from: 0, to: changes.count, by: Self.records).map { start in
      Transaction(Array(changes[start..<min(start + Self.records, changes.count)]))
    }
    try target.with { (store) throws(StoreError) in
      for outcome in store.commit(each: parts) { _ = try outcome.get() }
    }
  }

  private func digest(_ progress: (Int) -> Void) throws(Problem) -> Sum {
    var sum = Sum()
    var scan = try target.with { (store) throws(StoreError) in try store.scan(prefix: "") }
    while let record = try target.next(&scan) {
      guard !Self.isOfThePlace(record.key) else { continue }
      try sum.add(record)
      progress(1)
    }
    return sum
  }

  /// Whether a record is about the place and not about what is in it.
  private static func isOfThePlace(_ key: String) -> Bool {
    key.hasPrefix(StoreKey.home.prefix)
  }
}
