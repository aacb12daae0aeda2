import Kernel
import Synchronization

/// What other threads send to an event loop, which it wakes.
final class Mailbox: Sendable {
  /// A part of an answer.
  struct Letter: Sendable {
    /// The number of the request that it answers.
    let ticket: Int
    /// The response; nil if more of its body has come.
    var response: Response?
    /// What the body of the response comes from, unless the response has it.
    var body: BodyPipe?
    /// Whether nothing more comes for the request.
    var isLast = true
  }

  private struct State {
    var letters: [Letter] = []
    var isStopping = false
    var isClosed = false
  }

  /// The eventfd that becomes readable.
  let wake: Descriptor
  private let state = Mutex(State())

  init(wake: Descriptor) { self.wake = wake }

  /// Sends a letter.
  func send(_ letter: Letter) {
    let isClosed = state.withLock { state in
      if !state.isClosed { state.letters.append(letter) }
      return state.isClosed
    }
    if isClosed { letter.body?.abandon() } else { wake.signalEvent() }
  }

  /// Takes no more letters: the loop has ended.
  func close() {
    state.withLock { $0.isClosed = true }
    for letter in take() { letter.body?.abandon() }
  }

  /// Asks the loop to stop.
  func stop() {
    state.withLock { $0.isStopping = true }
    wake.signalEvent()
  }

  /// Notes that the loop is awake; true if it is to stop.
  func open() -> Bool {
    wake.resetEvent()
    return state.withLock { $0.isStopping }
  }

  /// Takes the letters.
  func take() -> [Letter] {
    state.withLock { state in
      defer { state.letters = [] }
      return state.letters
    }
  }
}
