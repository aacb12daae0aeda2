import Catalog
import Dispatcher
import Foundation
import Operations
import Records
import Service
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Setup

struct DispatcherLockTests {
  /// If a descriptor is closed twice, the second time it may be that of another file.
  @Test func refusedLockClosesNoOtherFile() throws {
    let fixture = try TestHome()
    let home = fixture.home
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
