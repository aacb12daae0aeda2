import Glibc
import Kernel

/// The event loop of a server: it waits for sockets, reads requests, calls the handler and writes.
///
/// All requests that are complete in one turn go to the handler together, so that it can store them
/// with one fsync. Nothing blocks except the handler.
final class EventLoop {
  private let limits: ServerLimits
  private let epoll: Epoll
  private let mailbox: Mailbox
  private var listener: Listener?
  private var connections: ConnectionTable
  private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)

  private var now = MonotonicClock.now
  /// A lower bound of all connections' deadlines.
  private var earliestDeadline = Double.infinity
  private var isAccepting = true
  private var acceptsAgainAt = 0.0
  private var bufferedBytes = 0
  private var resumable: [Int32: ServerConnection] = [:]
  private var drainDeadline: Double?
  private var tickets: [Int: Ticket] = [:]
  private var lastTicket = 0
  private var pressure = ServerPressure()
  private var reported = ServerPressure()
  private var nextReport = 0.0
  private let report: (ServerPressure, String) -> Void

  /// Seconds between two reports of the pressure.
  private static let reportTime = 60.0

  init(
    listener: Listener, epoll: Epoll, mailbox: Mailbox, limits: ServerLimits,
    report: @escaping (ServerPressure, String) -> Void
  ) {
    (self.listener, self.epoll, self.mailbox, self.limits) = (listener, epoll, mailbox, limits)
    self.report = report
    // The other files remain for the store, programs and requests.
    let files = max((DescriptorLimit.current - 32) / 2, 8)
    connections = ConnectionTable(limits: limits, most: min(limits.connections, files))
  }

  deinit { scratch.deallocate() }

  /// Who answers requests.
  enum Handler {
    /// All requests of a turn are answered before the next turn.
    case atOnce(([Request]) -> [Response])
    /// Each is answered through its responder.
    case later((Request, Responder) -> Void)
  }

  func run(_ handler: Handler) {
    while drainDeadline == nil || (connections.count > 0 && now < (drainDeadline ?? 0)) {
      turn(handler)
    }
    connections.removeAll()
    mailbox.close()
  }

  /// A request that is answered later; its connection may be gone by then.
  private struct Ticket {
    weak var connection: ServerConnection?
  }

  /// The work of one turn of the loop.
  private struct Turn {
    var requests: [Request] = []
    var senders: [ServerConnection] = []
    var touched: [ServerConnection] = []
    var hasNewConnections = false
    var stopRequested = false
    var hasMail = false
  }

  private func turn(_ handler: Handler) {
    let events = epoll.wait(seconds: timeout)
    now = MonotonicClock.now
    var turn = Turn()
    for connection in resumable.values {
      take(connection.parse(now: now), of: connection, in: &turn)
    }
    resumable = [:]
    for event in events { take(event, in: &turn) }
    if turn.hasNewConnections { acceptConnections(in: &turn) }
    answer(turn, handler)
    deliver(into: &turn)
    for connection in turn.touched { update(connection) }
    if now >= earliestDeadline { expireConnections() }
    if turn.stopRequested { drain() }
    reportPressure()
    watchListener()
  }

  private var timeout: Double {
    guard resumable.isEmpty else { return 0 }
    let accepts = isAccepting || listener == nil ? .infinity : max(acceptsAgainAt, now + 0.05)
    return min(earliestDeadline, accepts, drainDeadline ?? .infinity) - now
  }

  private func take(_ event: Epoll.Event, in turn: inout Turn) {
    switch event.number {
    case mailbox.wake.number:
      turn.hasMail = true
      turn.stopRequested = mailbox.open()
    case listener?.descriptor.number: turn.hasNewConnections = true
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
    turn.senders += requests.map { _ in connection }
    turn.touched.append(connection)
    count(connection)
    if bufferedBytes > limits.memory && connection.bufferedBytes > limits.head {
      connection.fail(RequestError(503, "too many request bodies at once"), now: now)
    }
  }

  private func answer(_ turn: Turn, _ handler: Handler) {
    guard !turn.requests.isEmpty else { return }
    switch handler {
    case .atOnce(let handle): answer(turn, at: handle)
    case .later(let handle):
      for (request, connection) in zip(turn.requests, turn.senders) {
        lastTicket += 1
        connection.reserve(lastTicket)
        tickets[lastTicket] = Ticket(connection: connection)
        handle(request, Responder(to: mailbox, ticket: lastTicket))
      }
    }
  }

  /// Gives what came from other threads to the connections that still wait for it.
  private func deliver(into turn: inout Turn) {
    guard turn.hasMail else { return }
    for letter in mailbox.take() {
      let connection = tickets[letter.ticket]?.connection
      if letter.isLast { tickets[letter.ticket] = nil }
      guard let connection else {
        letter.body?.abandon()
        continue
      }
      turn.touched.append(connection)
      guard let response = letter.response else { continue }
      connection.respond(response, body: letter.body, ticket: letter.ticket, now: now)
    }
  }

  private func answer(_ turn: Turn, at handle: ([Request]) -> [Response]) {
    let responses = handle(turn.requests)
    now = MonotonicClock.now
    for (index, connection) in turn.senders.enumerated() {
      let response =
        index < responses.count ? responses[index] : .problem(500, "the server has no response")
      connection.respond(response, now: now)
      if response.isAuthenticated { connections.trust(connection.peer) }
    }
  }

  /// Sends responses and updates the watch on the connection.
  private func update(_ connection: ServerConnection) {
    connection.flush(now: now)
    count(connection)
    guard !connection.isClosed else {
      connections.remove(connection)
      return
    }
    if connection.interest != connection.wantedInterest {
      connection.interest = connection.wantedInterest
      epoll.change(connection.descriptor.number, connection.interest)
    }
    earliestDeadline = min(earliestDeadline, connection.deadline)
    if connection.canResumeParsing { resumable[connection.descriptor.number] = connection }
  }

  private func count(_ connection: ServerConnection) {
    bufferedBytes += connection.bufferedBytes - connection.countedBytes
    connection.countedBytes = connection.bufferedBytes
  }

  private func expireConnections() {
    earliestDeadline = .infinity
    for connection in Array(connections.all.values) {
      if connection.deadline <= now { connection.expire(now: now) }
      update(connection)
    }
  }
}

extension EventLoop {
  /// The connections beyond the limit that are answered 503; more wait in the kernel's queue.
  private static let spare = 64

  private func acceptConnections(in turn: inout Turn) {
    for _ in 0..<64 where connections.count < connections.most + Self.spare {
      guard let (descriptor, peer) = listener?.accept() else {
        guard errno == EMFILE || errno == ENFILE else {
          // Out of memory: the listener stays readable, so pause.
          if errno != EAGAIN && errno != EINTR && errno != ECONNABORTED { pauseAccepting() }
          return
        }
        // Who waits in the kernel's queue is not known.
        guard let idlest = connections.replaceable(byTrusted: true, at: now) else {
          return pauseAccepting()
        }
        close(idlest)
        continue
      }
      let connection = ServerConnection(descriptor, peer: peer, limits: limits, now: now)
      connection.interest = connection.wantedInterest
      guard epoll.add(descriptor.number, connection.interest) else { continue }
      switch connections.admission(of: peer, at: now) {
      case .admit: break
      case .replace(let other): close(other)
      case .refuse:
        pressure.refused += 1
        connection.fail(RequestError(503, "too many connections"), now: now)
      case .refuseAddress:
        pressure.refusedOfAddress += 1
        connection.fail(RequestError(503, "too many connections of this address"), now: now)
      }
      connections.add(connection)
      turn.touched.append(connection)
    }
  }

  private func pauseAccepting() { acceptsAgainAt = now + 0.1 }

  /// Closes a connection for a new one.
  private func close(_ connection: ServerConnection) {
    if connection.isIdle { pressure.closedIdle += 1 } else { pressure.refused += 1 }
    connection.close()
    resumable[connection.descriptor.number] = nil
    update(connection)
  }

  /// Reports what was refused or closed, once a minute.
  private func reportPressure() {
    guard pressure != reported, now >= nextReport else { return }
    report(pressure, pressure.text(since: reported))
    (reported, nextReport) = (pressure, now + Self.reportTime)
  }

  private func watchListener() {
    guard let listener else { return }
    let accepts = now >= acceptsAgainAt && connections.count < connections.most + Self.spare
    guard accepts != isAccepting else { return }
    isAccepting = accepts
    epoll.change(listener.descriptor.number, .init(read: accepts))
  }

  private func drain() {
    guard drainDeadline == nil else { return }
    drainDeadline = now + limits.drainTime
    listener = nil
    for connection in Array(connections.all.values) {
      connection.drain()
      update(connection)
    }
  }
}
