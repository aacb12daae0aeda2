import Foundation
import Synchronization
import TestSupport

/// A TCP proxy before the APIs that fails a few times, as when the other side's machine restarts.
///
/// When it fails, the request on its way is lost, every connection is reset, and new connections are
/// refused for a while.
final class FlakyProxy: Sendable {
  /// The port on which it listens.
  let port: Int

  private let destination: Int
  /// Keeps the port while the proxy does not listen.
  private let reservation: TCPSocket
  private let isRunning = Atomic(true)
  private let canFail = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  /// The numbers of the requests at which it fails.
  private static let failures: Set<Int> = [2, 5, 9]
  /// Microseconds for which it then refuses connections.
  private static let downtime: UInt32 = 150_000

  /// Starts a proxy, on a free port, to the port `destination`.
  init(to destination: Int) throws {
    self.destination = destination
    reservation = try TCPSocket.reserved()
    port = reservation.port
    let listener = try TCPSocket.listener(port: port)
    Thread { [self] in
      var connections = Connections(listener: listener)
      while isRunning.load(ordering: .relaxed), serve(&connections) {}
      connections.reset()
      reservation.close()
      ended.signal()
    }.start()
  }

  /// Begins to count requests and to fail.
  func startFailures() { canFail.store(true, ordering: .relaxed) }

  /// Stops the proxy and waits until it has ended.
  func stop() {
    isRunning.store(false, ordering: .relaxed)
    ended.wait()
  }

  private struct Connections {
    var listener: TCPSocket
    var pairs: [(client: TCPSocket, server: TCPSocket)] = []
    var requests = 0

    mutating func reset() {
      for pair in pairs {
        pair.client.reset()
        pair.server.reset()
      }
      pairs = []
      listener.reset()
    }
  }

  /// Relays available input; false if it cannot listen again after a failure.
  private func serve(_ connections: inout Connections) -> Bool {
    let sockets =
      [connections.listener] + connections.pairs.flatMap { [$0.client, $0.server] }
    let ready = TCPSocket.ready(sockets)
    for (index, pair) in connections.pairs.enumerated().reversed() {
      var isOpen = true
      if ready.contains(2 * index + 1) {
        if canFail.load(ordering: .relaxed) { connections.requests += 1 }
        if Self.failures.contains(connections.requests) { return fail(&connections) }
        isOpen = pair.client.relay(to: pair.server)
      }
      if isOpen, ready.contains(2 * index + 2) { isOpen = pair.server.relay(to: pair.client) }
      guard !isOpen else { continue }
      pair.client.close()
      pair.server.close()
      connections.pairs.remove(at: index)
    }
    if ready.contains(0), let client = connections.listener.accept() {
      if let server = TCPSocket.connected(to: destination) {
        connections.pairs.append((client, server))
      } else {
        client.reset()
      }
    }
    return true
  }

  private func fail(_ connections: inout Connections) -> Bool {
    connections.reset()
    usleep(Self.downtime)
    for _ in 0..<100 {
      if let listener = try? TCPSocket.listener(port: port) {
        connections.listener = listener
        return true
      }
      usleep(Self.downtime / 10)
    }
    return false
  }
}
