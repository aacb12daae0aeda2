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

  /// Those of its items that satisfy a condition; the others are not counted.
  public func filtered(_ isWanted: (AttentionItem) -> Bool) -> AttentionPortion {
    let items = items.filter(isWanted)
    return AttentionPortion(
      items: items, counts: Dictionary(grouping: items, by: \.cause).mapValues(\.count),
      isPartial: isPartial)
  }
}

extension Attention {
  /// The oldest items of a cause, or of each, as far as there is time; `most` of a cause are read.
  ///
  /// With thousands of failed runs, a page need not read them all.
  public func oldest(
    of cause: AttentionCause? = nil, most: Int, seconds: Double, at now: Timestamp
  ) throws(Problem) -> AttentionPortion {
    let deadline = WallClock.monotonic() + seconds
    var (counts, read): ([AttentionCause: Int], [AttentionCause: Int]) = ([:], [:])
    var chosen: [AttentionCandidate] = []
    for candidate in try present(at: now) where cause ?? candidate.cause == candidate.cause {
      counts[candidate.cause, default: 0] += 1
      guard read[candidate.cause, default: 0] < most else { continue }
      read[candidate.cause, default: 0] += 1
      chosen.append(candidate)
    }
    var items: [AttentionItem] = []
    var rest = chosen[...]
    while !rest.isEmpty, WallClock.monotonic() < deadline {
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
      counts: counts, isPartial: items.count < counts.values.reduce(0, +))
  }
}
