import CLinux
import Dispatch
import Synchronization

/// Memory of this process that nobody uses: the allocator keeps it, where it is not told otherwise.
enum FreeMemory {
  private static let asked = Atomic(0)
  private static let calm = 5.0

  /// Gives it back to the system, once nobody has asked for that again for five seconds: under load it
  /// would be wanted again at once.
  static func giveBackWhenCalm() {
    let mine = asked.add(1, ordering: .relaxed).newValue
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + calm) {
      if asked.load(ordering: .relaxed) == mine { malloc_trim(0) }
    }
  }
}
