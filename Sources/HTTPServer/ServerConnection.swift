import Glibc
import Kernel

/// A connection of a client: its socket, request parser and response queue.
final class ServerConnection {
  /// The state of the connection; each leads to the next, or at once to `closed`.
  ///
  /// In `lingering` the last response is sent, the sending side is shut and input is discarded: closing
  /// with unread bytes would reset the connection, and the response would be lost.
  private enum State {
    case open
    case lingering
    case closed
  }

  let descriptor: Descriptor
  let peer: Peer
  /// Whether a request was authenticated.
  private(set) var isTrusted = false
  let limits: ServerLimits
  /// Kept by the loop: the watched directions, and the share in its count of buffered bytes.
  var interest = Epoll.Interest()
  var countedBytes = 0

  private var parser: RequestParser
  private var responses = ResponseQueue()
  private var state = State.open
  private var readsRequests = true
  private var inputEnded = false
  /// The start of the wait that ``deadline`` measures.
  private var since: Double

  /// Whether no request came yet: then silence counts as a slow head.
  private var isFresh = true
  /// Whether parsing stopped for lack of a slot, so that the parser may hold complete requests.
  private var wasFull = false

  init(_ descriptor: Descriptor, peer: Peer, limits: ServerLimits, now: Double) {
    self.descriptor = descriptor
    self.peer = peer
    self.limits = limits
    parser = RequestParser(limits: limits, peer: peer)
    since = now
  }

  var isClosed: Bool { state == .closed }
  /// Whether a request is being answered.
  var isBusy: Bool { state == .open && (responses.hasSlots || !responses.output.isEmpty) }
  /// Whether it is between requests, or only waits for the client to close it.
  var isIdle: Bool { state == .lingering || (!isBusy && parser.stage == .between) }
  /// The time at which the client last made progress.
  var lastProgress: Double { since }
  /// The number of buffered bytes of unfinished requests.
  var bufferedBytes: Int { state == .open ? parser.bufferedBytes : 0 }
  /// Whether there are slots again for complete requests in the parser.
  var canResumeParsing: Bool { state == .open && readsRequests && wasFull && responses.hasRoom }

  var wantedInterest: Epoll.Interest {
    switch state {
    case .open:
      .init(
        read: readsRequests && !inputEnded && responses.hasRoom, write: !responses.output.isEmpty)
    case .lingering: .init(read: true)
    case .closed: .init()
    }
  }

  // MARK: Input

  /// Reads once from the socket; returns the requests that are now complete.
  func read(into scratch: UnsafeMutableRawBufferPointer, now: Double) -> [Request] {
    let count = recv(descriptor.number, scratch.baseAddress, scratch.count, 0)
    guard count != 0 else {
      inputEnded = true
      closeIfDone()
      return []
    }
    guard count > 0 else {
      if errno != EAGAIN && errno != EINTR { close() }
      return []
    }
    guard state == .open, readsRequests else { return [] }
    if parser.stage == .between { since = now }
    parser.append(scratch.prefix(count))
    return parse(now: now)
  }

  /// Returns complete requests, as far as there are slots.
  func parse(now: Double) -> [Request] {
    var requests: [Request] = []
    wasFull = false
    while readsRequests {
      guard responses.hasRoom else {
        wasFull = true
        break
      }
      let stage = parser.stage
      guard let event = parser.next() else {
        if parser.stage != stage { since = now }
        break
      }
      switch event {
      case .request(let request, let keepsAlive):
        requests.append(request)
        responses.add(
          .init(
            isHead: request.method == "HEAD", keepsAlive: keepsAlive,
            takesChunks: request.takesChunks))
        readsRequests = keepsAlive
        isFresh = false
        since = now
      case .continueExpected:
        responses.add(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), at: now, then: .keepOpen)
        since = now
      case .failed(let error): queue(error, now: now)
      }
    }
    return requests
  }

  /// Answers with an error and reads no more requests.
  func fail(_ error: RequestError, now: Double) {
    guard state == .open, readsRequests else { return }
    _ = parser.fail(error)
    queue(error, now: now)
  }

  // MARK: Output

  /// Takes the response to the first unanswered request.
  func respond(_ response: Response, now: Double) {
    if response.isAuthenticated { isTrusted = true }
    responses.fill(response, now: now)
  }

  /// Reserves the slot of the first request that is neither answered nor reserved.
  func reserve(_ ticket: Int) { responses.reserve(ticket) }

  /// Takes the response to the request of a ticket; its body comes from the pipe, if there is one.
  func respond(_ response: Response, body pipe: BodyPipe? = nil, ticket: Int, now: Double) {
    responses.fill(response, body: pipe, ticket: ticket, now: now)
  }

  /// Sends the responses that are due, as far as the socket takes them.
  func flush(now: Double) {
    guard state == .open else { return }
    repeat {
      let before = responses.output.count
      switch responses.moveDue(now: now) {
      case .drop: return close()
      case .close: readsRequests = false
      case .keepOpen: break
      }
      guard responses.output.count > before || before > 0 else { break }
      if responses.output.count > before { since = now }
      send(now: now)
      // A body that is written while it is sent may have more
    } while state == .open && responses.output.isEmpty
    closeIfDone()
  }

  /// Reads no more requests; answers those already read without delay, then closes.
  func drain() {
    readsRequests = false
    responses.sendAllNow()
    if responses.isEmpty { close() }
  }

  func close() {
    state = .closed
    responses = ResponseQueue()
  }

  // MARK: Time

  /// The time at which ``expire(now:)`` is due if nothing else happens.
  var deadline: Double {
    guard state == .open else { return since + 2 }
    guard responses.output.isEmpty else { return since + limits.bodyTime }
    guard !responses.hasSlots else { return responses.due ?? .infinity }
    switch parser.stage {
    case .between: return since + (isFresh ? limits.headTime : limits.idleTime)
    case .head: return since + limits.headTime
    case .body: return since + limits.bodyTime
    case .failed: return since + limits.idleTime
    }
  }

  /// Handles the passing of the deadline.
  func expire(now: Double) {
    guard state == .open, responses.output.isEmpty else { return close() }
    guard !responses.hasSlots else { return flush(now: now) }
    switch parser.stage {
    case .between, .failed: close()
    case .head, .body:
      fail(RequestError(408, "the request took too long"), now: now)
      flush(now: now)
    }
  }

  private func queue(_ error: RequestError, now: Double) {
    readsRequests = false
    let bytes = error.response.serialized(forHEAD: false, keepsAlive: false)
    responses.add(bytes, at: now, then: .close)
  }

  private func send(now: Double) {
    while !responses.output.isEmpty {
      let count = responses.output.withUnsafeBytes {
        Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else {
        if errno != EAGAIN && errno != EINTR { close() }
        return
      }
      responses.sent(count)
      since = now
    }
  }

  /// Shuts the sending side once nothing is left to send and no request will follow.
  private func closeIfDone() {
    guard responses.isEmpty, inputEnded || !readsRequests, !canResumeParsing else { return }
    guard state == .open, !inputEnded, shutdown(descriptor.number, Int32(SHUT_WR)) == 0 else {
      return close()
    }
    state = .lingering
  }
}
