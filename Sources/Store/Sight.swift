import Synchronization

/// How far the view was when it was last looked at for its version: who asks again while nothing was
/// written need not wait for those who read or write.
final class Sight: Sendable {
  private let end = Atomic<Int>(-1)
  private let table = Atomic<Int>(-1)
  private let current = Atomic<Int>(0)

  /// The version at that time, or a later one.
  var version: Int { current.load(ordering: .acquiring) }

  /// Whether it was where the mark is, or further.
  func isUp(to markedEnd: Int, _ markedTable: Int) -> Bool {
    end.load(ordering: .acquiring) >= markedEnd && table.load(ordering: .acquiring) == markedTable
  }

  /// Notes where a view is; wants the view's lock.
  func note(_ view: View) {
    // The version first: who sees the end must see the version that belongs to it.
    current.store(view.version, ordering: .releasing)
    table.store(view.base, ordering: .releasing)
    end.store(view.end, ordering: .releasing)
  }
}
