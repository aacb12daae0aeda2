import AWS
import Store
import Testing

/// What a store in DynamoDB does when requests and answers are lost, AWS fails, or its process dies.
@Suite struct DynamoDBFaultTests {
  /// More changes than a transaction of DynamoDB takes.
  private static let long = 98

  /// Work of all kinds of requests: new and old records, conditions that hold or not, a long value, more
  /// changes than a transaction takes, scans, a compaction.
  private static func work(_ store: DynamoDBStore) throws -> [String] {
    var answers: [String] = []
    answers.append("\(try store.create("1", at: "a"))")
    answers.append("\(try store.create("2", at: "a"))")
    answers.append("\(try store.replace("a", expecting: "1", with: "3"))")
    answers.append("\(try store.commit([.put("b", "1"), .remove("c")], if: [.equals("a", "3")]))")
    try store.put(String(repeating: "x", count: 200 << 10), at: "long")
    answers.append("\(try store.get("long")?.utf8.count ?? 0)")
    let many = (0..<long).map { Change.put("m/\($0)", "1") }
    answers.append("\(try store.commit(many, if: [.equals("a", "3"), .absent("m/1")]))")
    answers.append("\(try store.records(prefix: "m/").count)")
    try store.compact { key, _ in key != "b" }
    answers += try store.all().map { String($0.prefix(20)) }
    return answers
  }

  /// The answers without a fault, and the number of requests.
  private static let good = Result {
    let stand = try Stand()
    let store = try stand.store()
    let answers = try stand.transport.answers(of: { try work(store) })
    return (answers: answers, count: stand.transport.actions.count)
  }

  @Test func workGivesTheRightAnswers() throws {
    let answers = try Self.good.get().answers
    #expect(answers.prefix(4) == ["true", "false", "true", "true"])
    #expect(answers[4...6] == ["\(200 << 10)", "true", "\(Self.long)"])
    let kept = ["a=3", "long=" + String(repeating: "x", count: 15)]
    #expect(
      Array(answers[7...]) == kept + (0..<Self.long).map { "m/\($0)" }.sorted().map { $0 + "=1" })
  }

  /// Each request fails in one of the ways, and nobody notices.
  @Test(arguments: FaultyTransport.Fault.allCases)
  func faultOfAnyRequestChangesNothing(_ fault: FaultyTransport.Fault) throws {
    let (answers, count) = try Self.good.get()
    #expect((30..<80).contains(count))
    let ways = FaultyTransport.Fault.allCases
    for failing in stride(from: ways.firstIndex(of: fault) ?? 0, to: count, by: ways.count) {
      let stand = try Stand()
      let store = try stand.store()
      stand.transport.reset { number, _ in number == failing ? fault : nil }
      #expect(try Self.work(store) == answers, "\(fault) at request \(failing)")
      #expect(store.closedBecause == nil)
    }
  }

  // MARK: - One commit

  /// Whoever gets no answer finds out what happened, and tells it from a race that was lost.
  @Test func lostAnswerIsNoLostRace() throws {
    let stand = try Stand()
    let (one, other) = (try stand.store(), try stand.store())
    // The commit happened, and its first answer is lost: the second try finds the record there
    stand.transport.reset { number, actions in number < 4 && actions.isAtCommit ? .lostAnswer : nil
    }
    #expect(try one.create("one", at: "a"))
    // The commit is of somebody else
    stand.transport.reset()
    #expect(try !other.create("other", at: "a"))
    #expect(try other.get("a") == "one")
    // No answer at all: the commit is found in the log
    stand.transport.reset { number, actions in
      number < 4 && actions.isAtCommit ? .lostAnswer : nil
    }
    #expect(try one.replace("a", expecting: "one", with: "two"))
    #expect(try other.get("a") == "two")
    // No request arrives: it is made impossible, which does arrive
    stand.transport.reset { number, actions in
      number < 4 && actions.isAtCommit ? .lostRequest : nil
    }
    let error = #expect(throws: StoreError.self) { try one.put("three", at: "a") }
    #expect(error?.isTemporary == true && one.closedBecause == nil)
    #expect(try other.get("a") == "two")
    stand.transport.reset()
    try one.put("four", at: "a")
    #expect(try other.get("a") == "four")
  }

  /// A request that was taken for lost, and arrives after the store has gone on, does nothing.
  @Test func lateRequestDoesNothing() throws {
    let stand = try Stand()
    let (one, other) = (try stand.store(), try stand.store())
    try one.put("one", at: "a")
    let late = stand.transport
    late.keepsLost = true
    stand.transport.reset { number, actions in
      number < 4 && actions.isAtCommit ? .lostRequest : nil
    }
    #expect(throws: StoreError.self) { try one.put("late", at: "a") }
    late.reset()
    #expect(try late.deliverLost() == 4)
    #expect(try one.get("a") == "one")
    #expect(try one.replace("a", expecting: "one", with: "two"))
    #expect(try other.all() == ["a=two"])
  }

  @Test func outageClosesAStoreInDoubt() throws {
    let stand = try Stand()
    let (one, other) = (try stand.store(), try stand.store())
    try one.put("one", at: "a")
    stand.transport.reset { _, actions in actions.isAtCommit ? .lostAnswer : .unreachable }
    #expect(throws: StoreError.self) { try one.put("two", at: "a") }
    stand.transport.reset()
    #expect(one.closedBecause != nil)
    let error = #expect(throws: StoreError.self) { try one.put("three", at: "a") }
    guard case .closed? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(try other.get("a") == "two")
    // Without doubt it stays open
    stand.transport.reset { _, _ in .unreachable }
    #expect(throws: StoreError.self) { try other.put("four", at: "a") }
    stand.transport.reset()
    #expect(other.closedBecause == nil)
    try other.put("five", at: "a")
  }

  /// Commits that wait for one another in an outage do not wait for AWS in turn.
  @Test func outageFailsAllThatWait() throws {
    let stand = try Stand()
    let store = try stand.store()
    try store.put("1", at: "a")
    stand.transport.reset { _, _ in .unreachable }
    let many = (0..<30).map { Transaction([.put("b\($0)", "1")]) }
    let outcomes = store.commit(each: many)
    #expect(outcomes.allSatisfy { (try? $0.get()) == nil })
    #expect(stand.transport.actions.count == 4)
    stand.transport.reset()
    #expect(store.commit(each: many).allSatisfy { (try? $0.get()) == true })
    #expect(try store.records(prefix: "b").count == 30)
    // What is wrong with one of them is wrong with that one only
    let long = Transaction([.put("c", "1"), .put("d\n", "1")])
    let mixed = store.commit(each: [many[0], long, many[1]])
    #expect(mixed.map { try? $0.get() } == [true, nil, true])
  }

  // MARK: - Death

  /// A process dies at each request of a long commit: another one finds all of its changes or none, can
  /// write the same records, and a scan of that moment agrees.
  @Test func deathInALongCommitLeavesAllOrNothing() throws {
    let changes = (0..<Self.long).map { Change.put("m/\($0)", "new") }
    var outcomes: Set<String> = []
    for dying in 0..<40 {
      let stand = try Stand()
      let dead = FaultyTransport()
      let (one, other) = (try stand.store(through: dead), try stand.store())
      _ = try other.commit((0..<50).map { .put("m/\($0)", "old") })
      try one.put("1", at: "first")
      dead.reset { number, _ in
        number < dying ? nil : number == dying ? .lostAnswer : .unreachable
      }
      let happened = try? one.commit(changes, if: [.equals("first", "1")])
      if happened == true {
        #expect(dying > 3)
        break
      }
      let found = try other.records(prefix: "m/")
      let isNew = found.allSatisfy { $0.value == "new" }
      #expect(found.count == (isNew ? Self.long : 50))
      #expect(isNew || found.allSatisfy { $0.value == "old" })
      #expect(try other.get("m/7") == (isNew ? "new" : "old"))
      #expect(try other.commit([.put("m/7", "mine"), .put("m/90", "mine")]))
      let later = try other.records(prefix: "m/").filter { $0.value != "mine" }
      #expect(later.allSatisfy { $0.value == (isNew ? "new" : "old") })
      #expect(later.count == (isNew ? Self.long - 2 : 49))
      outcomes.insert(isNew ? "all" : "none")
    }
    #expect(outcomes.contains("none"))
  }
}

extension [String] {
  /// Whether the last action is a transaction.
  fileprivate var isAtCommit: Bool { last == "TransactWriteItems" }
}
