import Glibc

/// One client: what it sent that is not answered yet, and what it has not read yet.
///
/// Requests are answered in the order they came in. A slot is taken when a request is read and
/// filled when it is answered; answers leave from the front. With all slots taken nothing more is
/// read, so a client that does not read its answers cannot make us hold many.
final class Connection {
  private enum Slot {
    case asked(isHead: Bool, keepsAlive: Bool)
    case answered([UInt8], at: Double, then: Then)
  }

  /// What follows an answer.
  private enum Then {
    case goOn
    case end
    case drop
  }

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
  let limits: Limits
  /// The loop's notes: what it watches it for, and how much it counted for it.
  var interest = Poll.Interest()
  var counted = 0

  private var parser: RequestParser
  private var slots: [Slot] = []
  private var output: ArraySlice<UInt8> = []
  private var life = Life.open
  private var takesMore = true
  private var inputEnded = false
  /// When the wait that its deadline measures began.
  private var since: Double

  /// Whether no request was made yet: then even silence counts as a slow head.
  private var isFresh = true
  /// Whether reading stopped for want of a slot, so that whole requests may wait in the parser.
  private var wasFull = false

  init(_ descriptor: Descriptor, peer: Peer, limits: Limits, now: Double) {
    self.descriptor = descriptor
    self.limits = limits
    parser = RequestParser(limits: limits, peer: peer)
    since = now
  }

  var isClosed: Bool { life == .closed }
  /// How many bytes of unfinished requests it holds.
  var held: Int { life == .open ? parser.held : 0 }
  /// Whether there is room again for requests that were read and wait in the parser.
  var isHungry: Bool { life == .open && takesMore && wasFull && hasRoom }

  var wanted: Poll.Interest {
    switch life {
    case .open: .init(read: takesMore && !inputEnded && hasRoom, write: !output.isEmpty)
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
      guard hasRoom else {
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
        slots.append(.asked(isHead: request.method == "HEAD", keepsAlive: keepsAlive))
        takesMore = keepsAlive
        isFresh = false
        since = now
      case .goOn:
        slots.append(.answered(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), at: now, then: .goOn))
        since = now
      case .refused(let refusal): queue(refusal, now: now)
      }
    }
    return requests
  }

  /// Answers an error and reads no further.
  func refuse(_ refusal: Refusal, now: Double) {
    guard life == .open, takesMore else { return }
    _ = parser.refuse(refusal)
    queue(refusal, now: now)
  }

  // MARK: Out

  /// Fills the first slot that waits.
  func answer(_ response: Response, now: Double) {
    for (index, slot) in slots.enumerated() {
      guard case .asked(let isHead, let keepsAlive) = slot else { continue }
      let stays =
        keepsAlive && !(response.headers["Connection"]?.isSameToken(as: "close") ?? false)
      let bytes = response.wire(toHead: isHead, keepsAlive: stays)
      slots[index] = .answered(
        bytes, at: now + response.delay,
        then: response.dropsConnection ? .drop : stays ? .goOn : .end)
      return
    }
  }

  /// Sends what is due and what the socket takes.
  func flush(now: Double) {
    guard life == .open else { return }
    var ends = false
    while !ends, case .answered(let bytes, let at, let then)? = slots.first, at <= now {
      guard then != .drop || !output.isEmpty else { return close() }
      guard then != .drop else { break }  // what is before it goes out first
      slots.removeFirst()
      output += bytes
      since = now
      if then == .end {
        ends = true
        slots = []
        takesMore = false
      }
    }
    send(now: now)
    closeIfDone()
  }

  /// Reads no more; what was asked is answered, at once, and then the connection ends.
  func drain() {
    takesMore = false
    slots = slots.map { slot in
      guard case .answered(let bytes, _, let then) = slot else { return slot }
      return .answered(bytes, at: 0, then: then)
    }
    if slots.isEmpty && output.isEmpty { close() }
  }

  func close() {
    life = .closed
    slots = []
    output = []
  }

  // MARK: Time

  /// When something is to be done even if nothing happens.
  var deadline: Double {
    guard life == .open else { return since + 2 }
    guard output.isEmpty else { return since + limits.bodyTime }
    if case .answered(_, let at, _)? = slots.first { return at }
    guard slots.isEmpty else { return .infinity }
    switch parser.stage {
    case .between: return since + (isFresh ? limits.headTime : limits.idleTime)
    case .head: return since + limits.headTime
    case .body: return since + limits.bodyTime
    case .refused: return since + limits.idleTime
    }
  }

  /// Does what the deadline was for.
  func expire(now: Double) {
    guard life == .open, output.isEmpty else { return close() }
    guard slots.isEmpty else { return flush(now: now) }
    switch parser.stage {
    case .between, .refused: close()
    case .head, .body:
      refuse(Refusal(408, "the request took too long"), now: now)
      flush(now: now)
    }
  }

  // MARK: Private

  private var hasRoom: Bool { slots.count < 16 && output.count < 256 * 1024 }

  private func queue(_ refusal: Refusal, now: Double) {
    takesMore = false
    let bytes = refusal.response.wire(toHead: false, keepsAlive: false)
    slots.append(.answered(bytes, at: now, then: .end))
  }

  private func send(now: Double) {
    while !output.isEmpty {
      let count = output.withUnsafeBytes {
        Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else {
        if errno != EAGAIN && errno != EINTR { close() }
        return
      }
      output.removeFirst(count)
      since = now
    }
    output = []
  }

  /// Nothing is left to say and nothing will be asked: shut our side, and read out theirs.
  private func closeIfDone() {
    guard slots.isEmpty, output.isEmpty, inputEnded || !takesMore, !isHungry else { return }
    guard life == .open, !inputEnded, shutdown(descriptor.number, Int32(SHUT_WR)) == 0 else {
      return close()
    }
    life = .lingering
  }
}
