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

  private enum Slot {
    case pending(isHead: Bool, keepsAlive: Bool)
    case ready([UInt8], at: Double, then: Followup)
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
  mutating func add(isHead: Bool, keepsAlive: Bool) {
    slots.append(.pending(isHead: isHead, keepsAlive: keepsAlive))
  }

  /// Adds bytes of the server itself.
  mutating func add(_ bytes: [UInt8], at now: Double, then: Followup) {
    slots.append(.ready(bytes, at: now, then: then))
  }

  /// Fills the first slot that has no response.
  mutating func fill(_ response: Response, now: Double) {
    for (index, slot) in slots.enumerated() {
      guard case .pending(let isHead, let keepsAlive) = slot else { continue }
      let ends = response.headers["Connection"]?.isSameToken(as: "close") ?? false
      let stays = keepsAlive && !ends
      slots[index] = .ready(
        response.serialized(forHEAD: isHead, keepsAlive: stays), at: now + response.delay,
        then: response.dropsConnection ? .drop : stays ? .keepOpen : .close)
      return
    }
  }

  /// Moves the responses that are due into the output; bytes before a drop are sent first.
  mutating func moveDue(now: Double) -> Followup {
    while case .ready(let bytes, let at, let then)? = slots.first, at <= now {
      guard then != .drop else { return output.isEmpty ? .drop : .keepOpen }
      slots.removeFirst()
      output += bytes
      guard then == .keepOpen else {
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
