/// A moment of a store: how many commits of each writer belong to it.
///
/// It holds with a commit all commits that this one saw, so it is a state that the store could have had,
/// with everything that was acknowledged before it was taken.
struct Cut: Equatable, Sendable {
  /// The last commit of each writer; all commits of an earlier writer that is missing belong to it.
  var heads: [Int: Int]
  /// The least number that no writer had yet.
  let nextWriter: Int

  func contains(_ stamp: Stamp) -> Bool {
    if let head = heads[stamp.writer] { return stamp.sequence <= head }
    return stamp.writer < nextWriter
  }
}
