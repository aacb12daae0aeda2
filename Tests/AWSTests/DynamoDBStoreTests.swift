import AWS
import Dispatch
import Store
import Synchronization
import Testing

@Suite struct DynamoDBStoreTests {
  // MARK: - Sizes

  @Test func longValuesAreDivided() throws {
    let stand = try Stand()
    let store = try stand.store()
    // Two, three and four bytes a character, so that a part ends within one if it is not careful
    for (index, character) in ["x", "\u{e9}", "\u{20ac}", "\u{1f600}"].enumerated() {
      let value = "a" + String(repeating: character, count: 200_000 + index)
      try store.put(value, at: "k\(index)")
      #expect(try store.get("k\(index)") == value)
      #expect(try store.replace("k\(index)", expecting: value, with: value + "!"))
    }
    let sizes = try store.records(prefix: "k").map(\.value.utf8.count)
    #expect(sizes == [200_002, 400_004, 600_008, 800_014])
    // Values that fit into an item each, and not into a transaction together
    let many = (0..<40).map { Change.put("m\($0)", String(repeating: "y", count: 120_000)) }
    #expect(try store.commit(many))
    #expect(try store.commit(many + [.put("m0", "short")]))
    #expect(try store.records(prefix: "m").map(\.value.utf8.count).reduce(0, +) == 39 * 120_000 + 5)
  }

  @Test func replacedLongValueIsRemovedInTheEnd() throws {
    let stand = try Stand()
    let store = try stand.store(history: nil)
    try store.put(String(repeating: "x", count: 500_000), at: "a")
    let before = try stand.itemCount()
    try store.put("short", at: "a")
    try store.put("gone", at: "b")
    try store.remove("b")
    try store.compact()
    #expect(try stand.itemCount() < before)
    // The record, and what the store and its writer are
    #expect(try stand.itemCount() == 3)
    #expect(try store.all() == ["a=short"])
  }

  @Test func longTransactionIsAtomic() throws {
    let stand = try Stand()
    let (one, other) = (try stand.store(), try stand.store())
    let changes = (0..<260).map { Change.put("m/\($0)", "1") }
    #expect(try one.commit(changes, if: [.absent("m/0"), .absent("z")]))
    #expect(try !one.commit(changes + [.remove("m/0")], if: [.absent("m/259")]))
    #expect(try other.records(prefix: "m/").count == 260)
    let conditions = (0..<260).map { Condition.equals("m/\($0)", "1") }
    #expect(try other.commit([.remove("m/5")], if: conditions))
    #expect(try !one.commit([.put("m/6", "2")], if: conditions))
    #expect(try one.records(prefix: "m/").count == 259)
    var stream = try one.changeStream()
    #expect(try other.commit([.put("m/6", "2")], if: conditions.filter { $0 != conditions[5] }))
    #expect(try stream.next() == [.put("m/6", "2")])
  }

  // MARK: - Several processes

  /// Money goes from one account to another, by four writers; every scan of anyone sees the same sum.
  @Test func scansSeeOneMoment() throws {
    let stand = try Stand()
    let accounts = 8
    _ = try stand.store().commit((0..<accounts).map { .put("account/\($0)", "100") })
    let stores = try (0..<3).map { _ in try stand.store() }
    let moves = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      do {
        guard worker < 3 else {
          let reader = try stand.store()
          for _ in 0..<12 {
            let found = try reader.records(prefix: "account/")
            #expect(found.count == accounts)
            #expect(found.compactMap { Int($0.value) }.reduce(0, +) == accounts * 100)
          }
          return
        }
        for step in 0..<12 {
          let (from, to) = (
            "account/\((worker + step) % accounts)", "account/\((step * 3) % accounts)"
          )
          guard from != to, let a = try stores[worker].get(from).flatMap({ Int($0) }),
            let b = try stores[worker].get(to).flatMap({ Int($0) })
          else { continue }
          let isMoved = try stores[worker].commit(
            [.put(from, "\(a - 1)"), .put(to, "\(b + 1)")],
            if: [.equals(from, "\(a)"), .equals(to, "\(b)")])
          if isMoved { moves.withLock { $0 += 1 } }
        }
      } catch {
        Issue.record(error)
      }
    }
    #expect(moves.withLock { $0 } > 0)
  }

  @Test func scanGoesOnWhileOthersWrite() throws {
    let stand = try Stand()
    let (one, other) = (try stand.store(), try stand.store())
    _ = try one.commit((0..<60).map { .put("k\(100 + $0)", "old") })
    var cursor = try one.scan(prefix: "k")
    var records = [try cursor.next()]
    for _ in 0..<3 { _ = try other.commit((0..<60).map { .put("k\(100 + $0)", "new") }) }
    _ = try other.commit((0..<30).map { .remove("k\(100 + $0 * 2)") } + [.put("k1000", "new")])
    while let record = try cursor.next() { records.append(record) }
    #expect(records == (0..<60).map { Record(key: "k\(100 + $0)", value: "old") })
    #expect(try one.records(prefix: "k").count == 31)
  }

  @Test func changesOfOthersComeInOrder() throws {
    let stand = try Stand()
    let (one, other) = (try stand.store(), try stand.store())
    var stream = try one.changeStream()
    var wanted: [Change] = []
    for step in 0..<6 {
      let store = step % 2 == 0 ? one : other
      let previous = try store.get("a")
      #expect(previous == (step == 0 ? nil : "\(step - 1)"))
      _ = try store.commit([.put("a", "\(step)"), .put("b\(step)", "x")])
      wanted += [.put("a", "\(step)"), .put("b\(step)", "x")]
      if step == 3 {
        #expect(try stream.next() == wanted)
        wanted = []
      }
    }
    #expect(try stream.next() == wanted)
    #expect(try stream.next() == [])
    let version = try one.version()
    try other.put("1", at: "setting/a")
    #expect(try one.version() != version)
  }

  @Test func concurrentCreationHasOneWinner() throws {
    let stand = try Stand()
    let stores = try (0..<4).map { _ in try stand.store() }
    let winners = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 4) { index in
      for key in 0..<6 where (try? stores[index].create("\(index)", at: "k\(key)")) == true {
        winners.withLock { $0 += 1 }
      }
    }
    #expect(winners.withLock { $0 } == 6)
  }

  // MARK: - Requests

  @Test func requestsOfReadsAreCounted() throws {
    let stand = try Stand()
    let store = try stand.store(shards: 16)
    try store.put("1", at: "first")
    _ = try store.all()
    #expect(try stand.requests { _ = try store.get("first") } == ["GetItem": 1])
    #expect(try stand.requests { _ = try store.get("none") } == ["GetItem": 1])
    #expect(try stand.requests { _ = try store.version() } == ["GetItem": 1])
    // A scan: its moment, and a page of each partition, or of one for a group
    let scan = ["BatchGetItem": 1, "Query": 16]
    let groupScan = ["BatchGetItem": 1, "Query": 1]
    #expect(try stand.requests { _ = try store.records(prefix: "none/") } == scan)
    try store.put("1", at: "effect/r1/1")
    #expect(try stand.requests { _ = try store.records(prefix: "effect/r1/") } == groupScan)
    let range = try stand.requests {
      var cursor = try store.scan(from: "effect/r1/", upTo: "effect/r10")
      _ = try cursor.next()
    }
    #expect(range == groupScan)
    #expect(try stand.requests { _ = try store.records(prefix: "effect/r") } == scan)
    #expect(try store.records(prefix: "effect/r").count == 1)
    // The moment, when another writer has committed: its log, and the records of its last commit
    try stand.store().put("1", at: "b")
    #expect(try stand.requests { _ = try store.records(prefix: "b") }["Query"] == 17)
    #expect(try stand.requests { _ = try store.records(prefix: "b") } == scan)
  }

  @Test func requestsOfCommitsAreCounted() throws {
    let stand = try Stand()
    let store = try stand.store()
    let one = ["TransactWriteItems": 1]
    // The first takes a writer's number
    let first = try stand.requests { try store.put("1", at: "first") }
    #expect(first == ["GetItem": 1, "TransactWriteItems": 2])
    // New records, and records that this process has read or written
    for count in [1, 10, 96] {
      let changes = (0..<count).map { Change.put("n\(count)/\($0)", "1") }
      #expect(try stand.requests { _ = try store.commit(changes) } == one)
      let again = try stand.requests {
        _ = try store.commit(changes, if: [.equals("first", "1")])
      }
      #expect(again == one)
    }
    #expect(try store.records(prefix: "n96/").count == 96)
    // Several transactions at once
    let batch = (0..<9).map { Transaction([.put("t\($0)", "1")], if: [.absent("t\($0)")]) }
    #expect(stand.requests { _ = store.commit(each: batch) } == one)
    // More than a transaction of DynamoDB takes: read, two for the marks, one for the log, two to end
    let many = (0..<150).map { Change.put("m\($0)", "1") }
    let long = try stand.requests { _ = try store.commit(many) }
    #expect(long == ["BatchGetItem": 2, "TransactWriteItems": 5])
    // Another process, which does not know the record
    let other = try stand.store()
    try other.put("1", at: "mine")
    let known = try stand.requests {
      _ = try other.replace("first", expecting: "1", with: "2")
    }
    #expect(known == ["BatchGetItem": 1, "TransactWriteItems": 1])
    // A record that is not as this process believes: the refusal, why, the record, and again
    let stale = try stand.requests { try store.put("3", at: "first") }
    #expect(stale == ["BatchGetItem": 2, "TransactWriteItems": 2])
    #expect(try other.get("first") == "3")
  }

  /// No partition carries more than its share of keys that are written together.
  @Test func keysAreSpread() throws {
    let stand = try Stand()
    let store = try stand.store(shards: 16)
    _ = try store.commit(
      (0..<90).map { .put("taken/2026-12-01T00:00:00.\(100 + $0)Z/event/x", "") })
    let shares = try stand.partitions().filter { $0.key.hasPrefix("home/d/") }.map(\.value)
    #expect(shares.reduce(0, +) == 90)
    #expect(shares.count == 16 && (shares.max() ?? 0) <= 14)
  }
}
