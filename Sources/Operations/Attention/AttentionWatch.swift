public import Records
public import Values

/// Finds out what newly needs attention, look by look.
public struct AttentionWatch {
  /// What a look found.
  public struct News: Sendable {
    /// What was not there at the last look; at the first look, everything that is there.
    public let items: [AttentionItem]
    /// The ids of what was there at the last look and is no longer.
    public let ended: Set<String>
    /// Whether it was the first look.
    public let isFirst: Bool
  }

  private let attention: Attention
  /// The ids of what was there at the last look, from the quick sources and the others.
  private var known: (quick: Set<String>, slow: Set<String>)?
  private var nextSlowLook = Timestamp(milliseconds: 0)

  /// Creates a watch that has not looked yet.
  public init(_ attention: Attention) { self.attention = attention }

  /// Looks at the home; sources that are slow to ask are asked once a minute.
  public mutating func look(at now: Timestamp) throws(Problem) -> News {
    let isFirst = known == nil
    let before = known ?? ([], [])
    let isSlow = now >= nextSlowLook
    let quick = try attention.present(at: now, ofQuick: true)
    let slow = isSlow ? try attention.present(at: now, ofQuick: false) : []
    let (ids, slowIDs) = (Set(quick.map(\.id)), isSlow ? Set(slow.map(\.id)) : before.slow)
    let old = before.quick.union(before.slow)
    let items = try attention.read((quick + slow).filter { !old.contains($0.id) })
    known = (ids, slowIDs)
    if isSlow {
      try attention.forgetAcknowledged(except: ids.union(slowIDs))
      nextSlowLook = now.adding(seconds: 60)
    }
    return News(items: items, ended: old.subtracting(ids).subtracting(slowIDs), isFirst: isFirst)
  }
}
