import Store
import Values

/// What a commit changed, and what was there before: the proof that it happened.
///
/// A writer puts the entry in the same transaction as the records, on condition that there is none of that
/// number. So whoever lost the answer to a commit reads the entry: if it is there, the commit happened; if
/// not, an entry that says so (`void`) is put in its place, and the commit can no longer happen.
///
/// The former versions let a scan read a record as it was before the commit.
struct LogEntry: Sendable {
  /// A change, in the order in which the commit made them.
  struct LoggedChange: Sendable {
    let key: Key
    let isRemoval: Bool
    /// The value, unless it is the one that the commit left in the record.
    let value: String?
  }

  let stamp: Stamp
  var changes: [LoggedChange] = []
  /// The version before the commit of each record that it wrote; nil for one that never was.
  var former: [Key: ContentVersion?] = [:]
  /// The last commits of other writers that the commit saw.
  var seen: [Int: Int] = [:]
  /// Whether its records were announced first, since they are more than a transaction takes.
  var isLong = false
  /// Whether change streams leave it out: records that a compaction dropped.
  var isQuiet = false
  /// Whether it says that the commit did not happen.
  var isVoid = false
  /// The time in seconds since 1970 by the clock of the writer's machine, for cleaning up only.
  var time = 0

  init(_ stamp: Stamp) { self.stamp = stamp }

  /// The version that a record had before the commit.
  /// - Throws: `rejected` if the commit did not write the record.
  func formerVersion(of key: Key) throws(AWSError) -> ContentVersion? {
    guard let version = former[key] else {
      throw .rejected("the commit \(stamp) does not name the record \(key.text)")
    }
    return version
  }
}

// MARK: - The text of an entry

extension LogEntry {
  /// The document that its item, or the chunks of its item, hold.
  var body: String {
    let changes = changes.map { change -> JSON in
      [.string(change.isRemoval ? "r" : "p"), .string(change.key.text)].adding(change.value)
    }
    let former = former.map { key, version -> JSON in
      guard let version else { return [.string(key.text)] }
      let head: [JSON] = [.string(key.text), .string("\(version.stamp)")]
      switch version.content {
      case .removed: return .array(head)
      case .text(let value): return head.adding(value)
      case .chunks(let reference): return .array(head + [.null, .string("\(reference)")])
      }
    }
    return JSON.members([
      "c": .array(changes), "f": .array(former),
      "s": .object(
        Dictionary(
          uniqueKeysWithValues: seen.map { ("\($0.key)", JSON.number(Numeral($0.value))) })),
      "l": isLong ? true : nil, "q": isQuiet ? true : nil,
    ]).text
  }

  /// Reads an entry.
  /// - Throws: `rejected` if the document is not one that a store writes.
  init(_ stamp: Stamp, body: String, time: Int) throws(AWSError) {
    guard let json = try? JSON(parsing: body) else {
      throw .rejected("the log entry \(stamp) is not JSON")
    }
    self.init(stamp)
    self.time = time
    changes = json["c"].items.map { change in
      let words = change.items.map { $0.string ?? "" }
      return LoggedChange(
        key: Key((words.dropFirst().first ?? "").utf8), isRemoval: words.first == "r",
        value: words.count > 2 ? words[2] : nil)
    }
    for line in json["f"].items {
      let words = line.items.map { $0.string ?? "" }
      guard let key = words.first.map({ Key($0.utf8) }) else { continue }
      former.updateValue(Self.version(words), forKey: key)
    }
    for member in json["s"].allMembers {
      if let writer = Int(member.name), let sequence = member.value.int { seen[writer] = sequence }
    }
    isLong = json["l"].bool ?? false
    isQuiet = json["q"].bool ?? false
  }

  private static func version(_ words: [String]) -> ContentVersion? {
    guard words.count > 1, let stamp = Stamp(words[1]) else { return nil }
    if words.count > 3, let reference = ChunkReference(words[3]) {
      return ContentVersion(stamp: stamp, content: .chunks(reference))
    }
    return ContentVersion(stamp: stamp, content: words.count > 2 ? .text(words[2]) : .removed)
  }
}

extension [JSON] {
  /// An array with a text at its end, if there is one.
  fileprivate func adding(_ text: String?) -> JSON {
    .array(self + (text.map { [.string($0)] } ?? []))
  }
}
