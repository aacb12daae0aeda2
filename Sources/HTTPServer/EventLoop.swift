import Glibc

/// The one loop of a server: it waits, reads what came, has it answered and writes.
///
/// All requests that are whole in one turn are handed over together, so that whoever stores them
/// can pay for one fsync. Nothing in it blocks but the handler.
final class EventLoop {
  private let limits: ServerLimits
  private let poll: Epoll
  private let wake: Descriptor
  private var listener: Listener?
  private var connections: [Int32: ServerConnection] = [:]
  private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)

  private var now = MonotonicClock.now
  /// No connection's deadline is before this; it may be too early, never too late.
  private var earliest = Double.infinity
  private var isAccepting = true
  private var acceptsAgainAt = 0.0
  private var held = 0
  private var hungry: [Int32: ServerConnection] = [:]
  private var drainsUntil: Double?

  init(listener: Listener, poll: Epoll, wake: Descriptor, limits: ServerLimits) {
    self.listener = listener
    self.poll = poll
    self.wake = wake
    self.limits = limits
  }

  deinit {
    scratch.deallocate()
  }

  func run(_ handle: ([Request]) -> [Response]) {
    while drainsUntil == nil || (!connections.isEmpty && now < (drainsUntil ?? 0)) {
      turn(handle)
    }
    connections = [:]
  }

  // MARK: Private

  /// What one turn of the loop met.
  private struct Turn {
    var requests: [Request] = []
    var askers: [ServerConnection] = []
    var touched: [ServerConnection] = []
    var hasGuests = false
    var stops = false
  }

  private func turn(_ handle: ([Request]) -> [Response]) {
    let events = poll.wait(seconds: patience)
    now = MonotonicClock.now
    var turn = Turn()
    for connection in hungry.values { take(connection.parse(now: now), of: connection, in: &turn) }
    hungry = [:]
    for event in events { take(event, in: &turn) }
    if turn.hasGuests { welcome(in: &turn) }
    answer(turn, handle)
    for connection in turn.touched { settle(connection) }
    if now >= earliest { sweep() }
    if turn.stops { drain() }
    watchListener()
  }

  private var patience: Double {
    guard hungry.isEmpty else { return 0 }
    let accepts = isAccepting || listener == nil ? .infinity : max(acceptsAgainAt, now + 0.05)
    return min(earliest, accepts, drainsUntil ?? .infinity) - now
  }

  private func take(_ event: Epoll.Event, in turn: inout Turn) {
    switch event.number {
    case wake.number: turn.stops = true
    case listener?.descriptor.number: turn.hasGuests = true
    default:
      guard let connection = connections[event.number] else { return }
      turn.touched.append(connection)
      guard !event.dead else { return connection.close() }
      guard event.readable else { return }
      take(connection.read(into: scratch, now: now), of: connection, in: &turn)
    }
  }

  private func take(_ requests: [Request], of connection: ServerConnection, in turn: inout Turn) {
    turn.requests += requests
    turn.askers += requests.map { _ in connection }
    turn.touched.append(connection)
    count(connection)
    if held > limits.memory && connection.held > limits.head {
      connection.refuse(RequestError(503, "too many bodies at once"), now: now)
    }
  }

  private func answer(_ turn: Turn, _ handle: ([Request]) -> [Response]) {
    guard !turn.requests.isEmpty else { return }
    let responses = handle(turn.requests)
    now = MonotonicClock.now
    for (index, connection) in turn.askers.enumerated() {
      let missing = Response(500, type: "text/plain; charset=utf-8", text: "not answered\n")
      connection.answer(index < responses.count ? responses[index] : missing, now: now)
    }
  }

  /// Writes what can be written, and notes what the connection waits for now.
  private func settle(_ connection: ServerConnection) {
    connection.flush(now: now)
    count(connection)
    guard !connection.isClosed else {
      connections[connection.descriptor.number] = nil
      return
    }
    if connection.interest != connection.wanted {
      connection.interest = connection.wanted
      poll.change(connection.descriptor.number, connection.interest)
    }
    earliest = min(earliest, connection.deadline)
    if connection.isHungry { hungry[connection.descriptor.number] = connection }
  }

  private func count(_ connection: ServerConnection) {
    held += connection.held - connection.counted
    connection.counted = connection.held
  }

  private func sweep() {
    earliest = .infinity
    for connection in Array(connections.values) {
      if connection.deadline <= now { connection.expire(now: now) }
      settle(connection)
    }
  }
}

// MARK: Coming and going

extension EventLoop {
  /// Connections beyond the limit that are told so; those after them wait in the kernel's queue.
  private static let spare = 64

  private func welcome(in turn: inout Turn) {
    for _ in 0..<64 where connections.count < limits.connections + Self.spare {
      guard let (descriptor, peer) = listener?.accept() else {
        // Out of descriptors or memory: the listener stays readable, so look away for a while.
        if errno != EAGAIN && errno != EINTR && errno != ECONNABORTED { acceptsAgainAt = now + 0.1 }
        return
      }
      let connection = ServerConnection(descriptor, peer: peer, limits: limits, now: now)
      connection.interest = connection.wanted
      guard poll.add(descriptor.number, connection.interest) else { continue }
      if connections.count >= limits.connections {
        connection.refuse(RequestError(503, "too many connections"), now: now)
      }
      connections[descriptor.number] = connection
      turn.touched.append(connection)
    }
  }

  private func watchListener() {
    guard let listener else { return }
    let accepts = now >= acceptsAgainAt && connections.count < limits.connections + Self.spare
    guard accepts != isAccepting else { return }
    isAccepting = accepts
    poll.change(listener.descriptor.number, .init(read: accepts))
  }

  private func drain() {
    guard drainsUntil == nil else { return }
    drainsUntil = now + limits.drainTime
    wake.readCount()
    listener = nil
    for connection in Array(connections.values) {
      connection.drain()
      settle(connection)
    }
  }
}
