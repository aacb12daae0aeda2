/// The bounds and the direction of a scan.
package struct KeyBounds: Sendable {
  /// The lower bound, included.
  package let from: Key
  /// The upper bound, excluded; nil for none.
  package let upTo: Key?
  package let isReversed: Bool

  package init(_ range: KeyRange, reversed: Bool) {
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

  package func contains(_ key: Key) -> Bool {
    key >= from && upTo.map { key < $0 } ?? true
  }
}
