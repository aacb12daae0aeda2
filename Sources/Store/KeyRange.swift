/// The keys that a scan wants, and which way it goes.
struct KeyRange: Sendable {
  /// The first key wanted, or where it would be.
  let from: Key
  /// The first key no longer wanted; nil to go on to the end.
  let upTo: Key?
  let isReversed: Bool

  /// Where to begin: nil for after the last key.
  var start: Key? { isReversed ? upTo : from }

  func contains(_ key: Key) -> Bool {
    guard key >= from else { return false }
    guard let upTo else { return true }
    return key < upTo
  }
}
