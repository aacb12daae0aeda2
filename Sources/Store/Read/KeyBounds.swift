/// The bounds and the direction of a scan.
struct KeyBounds: Sendable {
  /// The lower bound, included.
  let from: Key
  /// The upper bound, excluded; nil for none.
  let upTo: Key?
  let isReversed: Bool

  init(_ range: KeyRange, reversed: Bool) {
    isReversed = reversed
    switch range {
    case .prefix(let prefix):
      from = Key(bound: prefix.utf8)
      upTo = Key(prefix.utf8).afterPrefix.map { Key(bound: $0.bytes) }
    case .bounds(let lower, let upper):
      from = Key(bound: lower.utf8)
      upTo = upper.map { Key(bound: $0.utf8) }
    }
  }

  /// The bound at which the scan begins; nil for the last key.
  var start: Key? { isReversed ? upTo : from }

  func contains(_ key: Key) -> Bool {
    key >= from && upTo.map { key < $0 } ?? true
  }
}
