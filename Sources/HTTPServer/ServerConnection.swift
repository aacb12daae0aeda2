import Glibc

/// One client: a socket, the reader of what it sends, and the answers it has not read yet.
final class ServerConnection {
  /// Where the connection is in its life; each goes to the next, or at once to `closed`.
  ///
  /// In `lingering` the last answer is out and our side shut, and what still comes is thrown away:
  /// to close on unread bytes would reset the connection and take the answer with it.
  private enum Life {
    case open
    case lingering
    case closed
  }

  let descriptor: Descriptor
  let limits: ServerLimits
  /// The loop's notes: what it watches it for, and how much it counted for it.
  var interest = Epoll.Interest()
  var counted = 0

  private var parser: RequestParser
  private var answers = ResponseQueue()
  private var life = Life.open
  private var takesMore = true
  private var inputEnded = false
  /// When the wait that its deadline measures began.
  private var since: Double

  /// Whether no request was made yet: then even silence counts as a slow head.
  private var isFresh = true
  /// Whether reading stopped for want of a slot, so that whole requests may wait in the parser.
  private var wasFull = false

  init(_ descriptor: Descriptor, peer: Peer, limits: ServerLimits, now: Double) {
    self.descriptor = descriptor
    self.limits = limits
    parser = RequestParser(limits: limits, peer: peer)
    since = now
  }

  var isClosed: Bool { life == .closed }
  /// How many bytes of unfinished requests it holds.
  var held: Int { life == .open ? parser.held : 0 }
  /// Whether there is room again for requests that were read and wait in the parser.
  var isHungry: Bool { life == .open && takesMore && wasFull && answers.hasRoom }

  var wanted: Epoll.Interest {
    switch life {
    case .open:
      .init(read: takesMore && !inputEnded && answers.hasRoom, write: !answers.output.isEmpty)
    case .lingering: .init(read: true)
    case .closed: .init()
    }
  }

  // MARK: In

  /// Reads what is there, once, and gives the requests that are now whole.
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
    guard life == .open, takesMore else { return [] }
    if parser.stage == .between { since = now }
    parser.append(scratch.prefix(count))
    return parse(now: now)
  }

  /// Gives the requests that are whole, as far as there are slots.
  func parse(now: Double) -> [Request] {
    var requests: [Request] = []
    wasFull = false
    while takesMore {
      guard answers.hasRoom else {
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
        answers.ask(isHead: request.method == "HEAD", keepsAlive: keepsAlive)
        takesMore = keepsAlive
        isFresh = false
        since = now
      case .goOn:
        answers.add(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), at: now, then: .goOn)
        since = now
      case .refused(let refusal): queue(refusal, now: now)
      }
    }
    return requests
  }

  /// Answers an error and reads no further.
  func refuse(_ refusal: RequestError, now: Double) {
    guard life == .open, takesMore else { return }
    _ = parser.refuse(refusal)
    queue(refusal, now: now)
  }

  // MARK: Out

  /// Answers the first request that waits.
  func answer(_ response: Response, now: Double) {
    answers.fill(response, now: now)
  }

  /// Sends what is due and what the socket takes.
  func flush(now: Double) {
    guard life == .open else { return }
    let before = answers.output.count
    switch answers.moveDue(now: now) {
    case .drop: return close()
    case .end: takesMore = false
    case .goOn: break
    }
    if answers.output.count > before { since = now }
    send(now: now)
    closeIfDone()
  }

  /// Reads no more; what was asked is answered, at once, and then the connection ends.
  func drain() {
    takesMore = false
    answers.hurry()
    if answers.isEmpty { close() }
  }

  func close() {
    life = .closed
    answers = ResponseQueue()
  }

  // MARK: Time

  /// When something is to be done even if nothing happens.
  var deadline: Double {
    guard life == .open else { return since + 2 }
    guard answers.output.isEmpty else { return since + limits.bodyTime }
    guard !answers.hasSlots else { return answers.due ?? .infinity }
    switch parser.stage {
    case .between: return since + (isFresh ? limits.headTime : limits.idleTime)
    case .head: return since + limits.headTime
    case .body: return since + limits.bodyTime
    case .refused: return since + limits.idleTime
    }
  }

  /// Does what the deadline was for.
  func expire(now: Double) {
    guard life == .open, answers.output.isEmpty else { return close() }
    guard !answers.hasSlots else { return flush(now: now) }
    switch parser.stage {
    case .between, .refused: close()
    case .head, .body:
      refuse(RequestError(408, "the request took too long"), now: now)
      flush(now: now)
    }
  }

  // MARK: Private

  private func queue(_ refusal: RequestError, now: Double) {
    takesMore = false
    let bytes = refusal.response.wire(toHead: false, keepsAlive: false)
    answers.add(bytes, at: now, then: .end)
  }

  private func send(now: Double) {
    while !answers.output.isEmpty {
      let count = answers.output.withUnsafeBytes {
        Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else {
        if errno != EAGAIN && errno != EINTR { close() }
        return
      }
      answers.sent(count)
      since = now
    }
  }

  /// Nothing is left to say and nothing will be asked: shut our side, and read out theirs.
  private func closeIfDone() {
    guard answers.isEmpty, inputEnded || !takesMore, !isHungry else { return }
    guard life == .open, !inputEnded, shutdown(descriptor.number, Int32(SHUT_WR)) == 0 else {
      return close()
    }
    life = .lingering
  }
}
