import Dispatch
import Synchronization

/// A part of a body on its way from the thread that writes it to the loop that sends it.
final class BodyPipe: Sendable {
  /// How far the body is written.
  enum End: Sendable {
    /// More comes.
    case open
    /// It is whole.
    case ended
    /// It is not whole, and nothing more comes.
    case cut
  }

  private struct State {
    var bytes: [UInt8] = []
    var end = End.open
    var isAbandoned = false
    var isWaiting = false
  }

  /// The bytes that may wait; more make the writer wait.
  static let room = 128 * 1024

  private let state = Mutex(State())
  private let hasRoom = DispatchSemaphore(value: 0)

  // MARK: The thread that writes

  /// Adds bytes; true if the loop must be told.
  func append(_ bytes: [UInt8]) -> Bool {
    state.withLock { state in
      guard !bytes.isEmpty, !state.isAbandoned, state.end == .open else { return false }
      defer { state.bytes += bytes }
      return state.bytes.isEmpty
    }
  }

  /// Waits while there are too many bytes; false if nobody reads them.
  func waitForRoom() -> Bool {
    while true {
      let (mustWait, isAbandoned) = state.withLock { state in
        state.isWaiting = state.bytes.count > Self.room && !state.isAbandoned
        return (state.isWaiting, state.isAbandoned)
      }
      guard mustWait else { return !isAbandoned }
      hasRoom.wait()
    }
  }

  /// Ends the body, if it has not ended; true if the loop must be told.
  func end(_ end: End) -> Bool {
    state.withLock { state in
      guard state.end == .open else { return false }
      state.end = end
      return true
    }
  }

  // MARK: The loop that sends

  /// Takes the bytes, and how far the body is with them.
  func take() -> (bytes: [UInt8], end: End) {
    let (taken, mustSignal) = state.withLock { state in
      defer {
        state.bytes = []
        state.isWaiting = false
      }
      return ((state.bytes, state.end), state.isWaiting)
    }
    if mustSignal { hasRoom.signal() }
    return taken
  }

  /// Takes no more bytes.
  func abandon() {
    let mustSignal = state.withLock { state in
      defer {
        state.bytes = []
        state.isWaiting = false
        state.isAbandoned = true
      }
      return state.isWaiting
    }
    if mustSignal { hasRoom.signal() }
  }
}
