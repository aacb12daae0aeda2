import Foundation

/// Handlers of signals.
enum Signals {
  /// Calls a handler for each of these signals, in place of the default action.
  ///
  /// - Returns: the sources; they must be kept for as long as the signals are to be handled.
  static func handle(
    _ numbers: [Int32], _ handler: @escaping @Sendable () -> Void
  ) -> [any DispatchSourceSignal] {
    // Blocked in this thread and those it starts: an ignored signal would be lost before the source
    // listens
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    return numbers.map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler(handler: handler)
      source.resume()
      return source
    }
  }

  /// Calls a handler when the process is asked to end, by SIGTERM or SIGINT.
  static func onEnd(_ handler: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
    handle([SIGTERM, SIGINT], handler)
  }
}
