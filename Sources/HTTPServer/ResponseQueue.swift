import HTTPTypes

/// The answers of one connection, in the order of its requests, and the bytes on their way out.
///
/// A slot is taken when a request is read and filled when it is answered; answers leave from the
/// front. With all slots taken nothing more is to be read, so a client that does not read its
/// answers cannot make us hold many.
struct ResponseQueue {
  /// What follows an answer.
  enum Then {
    case goOn
    case end
    case drop
  }

  private enum Slot {
    case asked(isHead: Bool, keepsAlive: Bool)
    case answered([UInt8], at: Double, then: Then)
  }

  private var slots: [Slot] = []
  /// What is to be sent now.
  private(set) var output: ArraySlice<UInt8> = []

  var isEmpty: Bool { slots.isEmpty && output.isEmpty }
  var hasSlots: Bool { !slots.isEmpty }
  var hasRoom: Bool { slots.count < 16 && output.count < 256 * 1024 }

  /// When the first answer is to leave; nil while it is not there.
  var due: Double? { if case .answered(_, let at, _)? = slots.first { at } else { nil } }

  mutating func ask(isHead: Bool, keepsAlive: Bool) {
    slots.append(.asked(isHead: isHead, keepsAlive: keepsAlive))
  }

  /// Adds what no handler is asked for.
  mutating func add(_ bytes: [UInt8], at now: Double, then: Then) {
    slots.append(.answered(bytes, at: now, then: then))
  }

  /// Fills the first slot that waits.
  mutating func fill(_ response: Response, now: Double) {
    for (index, slot) in slots.enumerated() {
      guard case .asked(let isHead, let keepsAlive) = slot else { continue }
      let ends = response.headers["Connection"]?.isSameToken(as: "close") ?? false
      let stays = keepsAlive && !ends
      slots[index] = .answered(
        response.wire(toHead: isHead, keepsAlive: stays), at: now + response.delay,
        then: response.dropsConnection ? .drop : stays ? .goOn : .end)
      return
    }
  }

  /// Moves what is due into the output; what stands before a drop goes out first.
  mutating func moveDue(now: Double) -> Then {
    while case .answered(let bytes, let at, let then)? = slots.first, at <= now {
      guard then != .drop else { return output.isEmpty ? .drop : .goOn }
      slots.removeFirst()
      output += bytes
      guard then == .goOn else {
        slots = []
        return .end
      }
    }
    return .goOn
  }

  mutating func sent(_ count: Int) {
    output.removeFirst(count)
    if output.isEmpty { output = [] }
  }

  /// Lets delayed answers leave at once.
  mutating func hurry() {
    slots = slots.map { slot in
      guard case .answered(let bytes, _, let then) = slot else { return slot }
      return .answered(bytes, at: 0, then: then)
    }
  }
}
