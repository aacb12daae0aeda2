import CLinux
import Dispatch
import Synchronization

/// Returns the free memory of this process to the system, which the allocator otherwise keeps.
enum HeapTrimmer {
  private static let requests = Atomic(0)
  private static let delay = 5.0

  /// Trims the heap five seconds after the last request: a busy process would need the memory again.
  static func trimWhenIdle() {
    let request = requests.add(1, ordering: .relaxed).newValue
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + delay) {
      if requests.load(ordering: .relaxed) == request { malloc_trim(0) }
    }
  }
}
