import Foundation
import Synchronization

/// A door before the APIs: all goes through it, until it begins to slam, and is then shut for a while.
///
/// When it slams, the request that was about to go through is lost, every connection is reset, and new
/// ones are refused, as when the other side's machine is started anew.
final class Door: Sendable {
  /// The port before the door.
  let port: Int

  private let inner: Int
  /// Without it the port could be given to another stage while the door is shut.
  private let keeper: Line
  private let isOpen = Atomic(true)
  private let slamsNow = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  /// The requests at which it slams.
  private static let slams: Set<Int> = [2, 5, 9]
  /// Microseconds for which it is then shut.
  private static let shut: UInt32 = 150_000

  /// Stands before the port `inner`, on one of its own.
  init(before inner: Int) throws {
    self.inner = inner
    keeper = try Line.keeper(port: 0)
    port = keeper.port
    let listener = try Line.listener(port: port)
    Thread { [self] in
      var guests = Guests(listener: listener)
      while isOpen.load(ordering: .relaxed), look(after: &guests) {}
      guests.leave()
      keeper.close()
      ended.signal()
    }.start()
  }

  /// Begins to count requests and to slam.
  func beginToSlam() { slamsNow.store(true, ordering: .relaxed) }

  /// Takes the door away, and waits until it is gone.
  func remove() {
    isOpen.store(false, ordering: .relaxed)
    ended.wait()
  }

  /// Who stands in the door.
  private struct Guests {
    var listener: Line
    var pairs: [(outer: Line, inner: Line)] = []
    var requests = 0

    mutating func leave() {
      for pair in pairs {
        pair.outer.reset()
        pair.inner.reset()
      }
      pairs = []
      listener.reset()
    }
  }

  /// Lets through what is there; false where the door cannot be opened again.
  private func look(after guests: inout Guests) -> Bool {
    let lines = [guests.listener] + guests.pairs.flatMap { [$0.outer, $0.inner] }
    let ready = Line.ready(lines)
    if ready.contains(guests.listener.number), let outer = guests.listener.accept() {
      if let inner = Line.connection(port: inner) {
        guests.pairs.append((outer, inner))
      } else {
        outer.reset()
      }
    }
    for (index, pair) in guests.pairs.enumerated().reversed() {
      var goesOn = true
      if ready.contains(pair.outer.number) {
        if slamsNow.load(ordering: .relaxed) { guests.requests += 1 }
        if Self.slams.contains(guests.requests) { return slam(&guests) }
        goesOn = pair.outer.pass(to: pair.inner)
      }
      if goesOn, ready.contains(pair.inner.number) { goesOn = pair.inner.pass(to: pair.outer) }
      guard !goesOn else { continue }
      pair.outer.close()
      pair.inner.close()
      guests.pairs.remove(at: index)
    }
    return true
  }

  private func slam(_ guests: inout Guests) -> Bool {
    guests.leave()
    usleep(Self.shut)
    for _ in 0..<100 {
      if let listener = try? Line.listener(port: port) {
        guests.listener = listener
        return true
      }
      usleep(Self.shut / 10)
    }
    return false
  }
}
