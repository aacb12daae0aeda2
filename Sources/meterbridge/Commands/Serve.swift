import Dispatcher
import Foundation
import HTTPServer
import Operations
import Service
import Setup
import Values

extension Command {
  /// `serve`: webhooks in, flows run, until it is told to end.
  static let serve = Command(
    name: "serve", summary: "Take webhooks and run the flows that they start",
    options: [
      Option(name: "listen", value: "ADDRESS", help: "127.0.0.1:8787 if nothing is said"),
      Option(
        name: "metrics-listen", value: "ADDRESS",
        help: "Where /metrics is shown; if nothing is said, to this machine where it listens"),
      Option(name: "threads", value: "N", help: "How many runs are carried at a time; 16"),
      Option(
        name: "keep-days", value: "N", help: "How long events and finished runs are kept; 30"),
      Option(
        name: "function-memory", value: "MIB", help: "How much memory a function may take; 512"),
      .cold,
    ],
    details: """
      A webhook is sent to /hooks/CONNECTION (`meterbridge webhook url` shows the whole URL). It is
      answered 200 when it is on disk, with the runs that it starts. SIGTERM and SIGINT end it: what
      is being carried is brought to a stop, and goes on at the next start. It ends by itself, with
      status 74, where the disk fails to flush what was written.

      GET /metrics gives numbers for Prometheus, to who asks from this machine and by no proxy; behind
      one, let it pass /hooks/ only. --metrics-listen shows them at an address of their own, to
      whoever can reach it.
      """
  ) { (context) throws(Problem) in
    let registry = try context.registry()
    var options = DispatcherService.Options()
    options.listen = try context.arguments.address("listen") ?? options.listen
    options.metricsListen = try context.arguments.address("metrics-listen")
    options.version = Version.text
    options.threads = try context.arguments.count("threads") ?? options.threads
    options.keepDays = try context.arguments.count("keep-days") ?? options.keepDays
    let discretion = try Redactor(home: registry.home)
    options.report = { Terminal.complain(discretion.shown($0)) }
    let service = try DispatcherService(
      registry: registry, functions: try context.functions(), options: options)
    let signals = Signals.whenEnding { service.stop() }
    Terminal.tell("meterbridge listens on \(service.address); its home is \(context.homePath)")
    if options.metricsListen != nil {
      Terminal.tell("its metrics are shown on port \(service.metricsPort)")
    }
    service.run()
    for signal in signals { signal.cancel() }
    if let failure = service.failure { throw failure }
  }
}

extension Arguments {
  /// The value of an option as an address to listen on.
  func address(_ name: String) throws(Problem) -> String? {
    guard let value = value(name) else { return nil }
    guard Server.canListen(on: value) else {
      throw wrong("--\(name) \"\(value)\" is no address such as 127.0.0.1:8787")
    }
    return value
  }
}

/// The signals by which a person or a system asks a process to end.
enum Signals {
  /// Does something when one comes, instead of dying of it.
  static func whenEnding(_ body: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
    // Blocked, in this thread and those that it starts, until the source listens: a signal that was
    // ignored meanwhile would be lost.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGTERM, SIGINT] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    return [SIGTERM, SIGINT].map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler(handler: body)
      source.resume()
      return source
    }
  }
}
