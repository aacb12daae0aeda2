public import Records
import Setup
public import Values

/// The oldest items that need a person, and how many there are.
public struct AttentionPortion: Sendable {
  /// The items, by cause, the oldest of each cause first.
  public let items: [AttentionItem]
  /// The number of items of each cause that there are, read or not.
  public let counts: [AttentionCause: Int]
  /// Whether there may be more than were read.
  public let isPartial: Bool

  /// The id of the item after which the next portion begins; nil if there is none, or if it has several causes.
  public let next: String?
}

extension Attention {
  /// The oldest items of a cause, or of each, as far as there is time; `most` of a cause are read.
  ///
  /// With thousands of failed runs, a page need not read them all.
  public func oldest(
    of cause: AttentionCause? = nil, most: Int, seconds: Double, at now: Timestamp
  ) throws(Problem) -> AttentionPortion {
    var (counts, read): ([AttentionCause: Int], [AttentionCause: Int]) = ([:], [:])
    var chosen: [AttentionCandidate] = []
    for candidate in try present(at: now) where cause ?? candidate.cause == candidate.cause {
      counts[candidate.cause, default: 0] += 1
      guard read[candidate.cause, default: 0] < most else { continue }
      read[candidate.cause, default: 0] += 1
      chosen.append(candidate)
    }
    // Finding out what there is does not count: something is shown however much there is
    let deadline = WallClock.monotonic() + seconds
    var items: [AttentionItem] = []
    var rest = chosen[...]
    while !rest.isEmpty, items.isEmpty || WallClock.monotonic() < deadline {
      let next = rest.prefix(20)
      let found = try self.read(Array(next))
      items += found
      // What is acknowledged, or was settled meanwhile
      for candidate in next { counts[candidate.cause, default: 0] -= 1 }
      for item in found { counts[item.cause, default: 0] += 1 }
      rest = rest.dropFirst(20)
    }
    return AttentionPortion(
      items: items.sorted { ($0.cause, $0.since, $0.subject) < ($1.cause, $1.since, $1.subject) },
      counts: counts, isPartial: items.count < counts.values.reduce(0, +), next: nil)
  }

  /// The items that satisfy a condition, of a cause or of all, in the order of causes and subjects, after an
  /// item.
  ///
  /// The subjects of runs are in the order of time. Looking ends after `seconds`: few may satisfy it.
  public func portion(
    of cause: AttentionCause? = nil, after place: String? = nil, limit: Int, seconds: Double,
    at now: Timestamp, where isWanted: (AttentionItem) -> Bool = { _ in true }
  ) throws(Problem) -> AttentionPortion {
    let all = try present(at: now).filter { cause ?? $0.cause == $0.cause }
      .sorted { ($0.cause, $0.subject) < ($1.cause, $1.subject) }
    let counts = Dictionary(grouping: all, by: \.cause).mapValues(\.count)
    var rest = all[...]
    if let place, let start = Self.place(place) {
      rest = rest.drop { ($0.cause, $0.subject) <= start }
    }
    let deadline = WallClock.monotonic() + seconds
    var items: [AttentionItem] = []
    while let candidate = rest.popFirst() {
      items += try read([candidate]).filter(isWanted)
      let isLate = WallClock.monotonic() > deadline
      if items.count == limit || isLate, !rest.isEmpty {
        return AttentionPortion(
          items: items, counts: counts, isPartial: isLate && items.count < limit,
          next: candidate.id)
      }
    }
    return AttentionPortion(items: items, counts: counts, isPartial: false, next: nil)
  }

  /// The cause and subject of an id; nil if it is none.
  private static func place(_ id: String) -> (AttentionCause, String)? {
    let parts = id.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, let cause = AttentionCause(rawValue: parts[0]) else { return nil }
    return (cause, parts[1])
  }

  /// The items with these ids, as far as they still need a person.
  public func items(_ ids: Set<String>, at now: Timestamp) throws(Problem) -> [AttentionItem] {
    try read(present(at: now).filter { ids.contains($0.id) })
  }
}
