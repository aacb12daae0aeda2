import HTTPTypes

/// The responses of one connection, in the order of its requests, and the bytes being sent.
///
/// A slot is taken when a request is read and filled by its response; responses leave from the front.
/// While all slots are taken the connection is not read, so a client that reads no responses cannot
/// pile them up.
struct ResponseQueue {
  /// The fate of the connection after a response.
  enum Followup {
    case keepOpen
    case close
    case drop
  }

  /// What the request says about its response.
  struct Form {
    let isHead: Bool
    let keepsAlive: Bool
    let takesChunks: Bool
  }

  private enum Slot {
    case pending(Form, ticket: Int?)
    case ready([UInt8], at: Double, then: Followup)
    case body(BodyOutlet, then: Followup)
  }

  private var slots: [Slot] = []
  /// The bytes to be sent now.
  private(set) var output: ArraySlice<UInt8> = []

  var isEmpty: Bool { slots.isEmpty && output.isEmpty }
  var hasSlots: Bool { !slots.isEmpty }
  var hasRoom: Bool { slots.count < 16 && output.count < 256 * 1024 }

  /// The time at which the first response is due; nil while there is none.
  var due: Double? { if case .ready(_, let at, _)? = slots.first { at } else { nil } }

  /// Takes a slot for a request.
  mutating func add(_ form: Form) { slots.append(.pending(form, ticket: nil)) }

  /// Marks the first slot that has neither response nor ticket.
  mutating func reserve(_ ticket: Int) {
    for (index, slot) in slots.enumerated() {
      guard case .pending(let form, nil) = slot else { continue }
      slots[index] = .pending(form, ticket: ticket)
      return
    }
  }

  /// Adds bytes of the server itself.
  mutating func add(_ bytes: [UInt8], at now: Double, then: Followup) {
    slots.append(.ready(bytes, at: now, then: then))
  }

  /// Fills the first slot that has this ticket, or none, and no response.
  mutating func fill(
    _ response: Response, body pipe: BodyPipe? = nil, ticket: Int? = nil, now: Double
  ) {
    let found = slots.firstIndex { slot in
      if case .pending(_, ticket) = slot { true } else { false }
    }
    guard let found, case .pending(let form, _) = slots[found] else {
      pipe?.abandon()
      return
    }
    let ends = response.headers["Connection"]?.isSameToken(as: "close") ?? false
    let hasPipe = pipe != nil && response.mayHaveBody
    // Without chunks only the end of the connection ends the body
    let stays = form.keepsAlive && !ends && (form.takesChunks || !hasPipe)
    let then = response.dropsConnection ? Followup.drop : stays ? .keepOpen : .close
    guard let pipe, hasPipe else {
      slots[found] = .ready(
        response.serialized(forHEAD: form.isHead, keepsAlive: stays), at: now + response.delay,
        then: then)
      return
    }
    let framing = form.takesChunks ? "Transfer-Encoding: chunked\r\n" : ""
    let head = response.head(framing, keepsAlive: stays)
    guard !form.isHead else {
      slots[found] = .ready(head, at: now, then: then)
      return pipe.abandon()
    }
    slots[found] = .ready(head, at: now, then: .keepOpen)
    slots.insert(.body(BodyOutlet(pipe, isChunked: form.takesChunks), then: then), at: found + 1)
  }

  /// Moves the responses that are due into the output; bytes before a drop are sent first.
  mutating func moveDue(now: Double) -> Followup {
    while let slot = slots.first {
      let followup: Followup
      switch slot {
      case .ready(let bytes, let at, let then) where at <= now:
        guard then != .drop else { return output.isEmpty ? .drop : .keepOpen }
        output += bytes
        followup = then
      case .body(let outlet, let then):
        guard output.count < BodyPipe.room else { return .keepOpen }
        let (bytes, state) = outlet.take()
        output += bytes
        switch state {
        case .open: return .keepOpen
        case .cut: return output.isEmpty ? .drop : .keepOpen
        case .ended: followup = then
        }
      case .ready, .pending: return .keepOpen
      }
      slots.removeFirst()
      guard followup == .keepOpen else {
        slots = []
        return .close
      }
    }
    return .keepOpen
  }

  mutating func sent(_ count: Int) {
    output.removeFirst(count)
    if output.isEmpty { output = [] }
  }

  /// Makes delayed responses due now.
  mutating func sendAllNow() {
    slots = slots.map { slot in
      guard case .ready(let bytes, _, let then) = slot else { return slot }
      return .ready(bytes, at: 0, then: then)
    }
  }
}
