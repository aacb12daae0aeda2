import Foundation
import Synchronization
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

struct DispatcherLockTests {
  /// A descriptor that is closed twice may be another file's by the second time.
  @Test func closesNoFileOfOthersWhereItIsRefused() throws {
    let house = try House()
    let home = house.home
    let lock = try DispatcherLock(home: home)
    defer { lock.release() }
    let isOver = Atomic(false)
    let ended = DispatchSemaphore(value: 0)
    Thread {
      for _ in 0..<5000 {
        #expect(throws: Problem.self) { try DispatcherLock(home: home) }
      }
      isOver.store(true, ordering: .relaxed)
      ended.signal()
    }.start()
    var lost = 0
    while !isOver.load(ordering: .relaxed) {
      let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
      sched_yield()
      if close(file) != 0 { lost += 1 }
    }
    ended.wait()
    #expect(lost == 0)
    #expect(lock.isHeld)
  }
}
