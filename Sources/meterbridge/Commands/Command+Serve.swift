import Console
import Dispatcher
import Foundation
import HTTPClient
import HTTPTypes
import Lanes
import Operations
import Processes
import Records
import Service
import Setup
import Values

extension Command {
  static let serve = Command(
    name: "serve", summary: "Receive webhooks and run flows",
    options: [
      "--listen ADDRESS: The address to listen on; default: 127.0.0.1:8787",
      "--metrics-listen ADDRESS: The address of /metrics, for everyone who can reach it",
      "--metrics-token FILE: Serve /metrics at the address of --listen, with the bearer token in FILE",
      "--threads N: The number of runs processed at a time; default: 16",
      "--keep-days N: The days for which events and finished runs are kept; default: 30",
      "--client-address-header NAME: The header in which the proxy states a client's address",
      "--longest-wait MINUTES: The longest wait between two attempts at a step; default: 60",
      "--give-up-after DAYS: The days without progress after which a run fails; default: 3",
      "--function-memory MIB: The memory limit of a step, in MiB; default: 512",
      .cold,
    ] + consoleOptions,
    details: """
      `serve` runs until it receives SIGTERM or SIGINT. Runs that are under way continue at the next start.
      It exits with 74 if the disk fails to flush written data.

      POST /hooks/CONNECTION receives a webhook (`meterbridge webhook url` shows the whole URL), and answers
      200 once the event and the runs that it starts are on disk. Let a proxy forward
      only /hooks/. --metrics-listen serves metrics for Prometheus to everyone who can reach that address, and
      --metrics-token serves them at the address of --listen to whoever sends the token.

      --console serves the console, on which operators sign in: `meterbridge operator add` adds one, and
      `meterbridge console` prints a sign-in link. It does not leave this machine but through a proxy that
      encrypts, which --console-url and --console-proxy name.

      Changes of connections, flow connections and links apply immediately. SIGHUP applies changes of
      `setting set` and restarts the processes of steps; for a change of the folder of the apps and flows,
      restart `serve`.

      The log goes to standard error. Each line begins with the time in UTC, in ISO 8601. With --json the log
      is written to standard output as JSON Lines with `time`, `level` (info, warning or error) and `message`,
      and where they apply `run`, `flowConnection` and `reason`.
      """, printsLines: true
  ) { (context) throws(Problem) in
    try context.requireFiles()
    let registry = try context.registry(.create)
    let log = try ServiceLog(home: registry.home, printsJSON: context.wantsJSON)
    var options = DispatcherService.Options()
    options.listen = try context.arguments.address("listen") ?? options.listen
    options.metricsListen = try context.arguments.address("metrics-listen")
    options.metricsToken = try context.arguments.value("metrics-token").map {
      (path) throws(Problem) in try secret("metrics-token", "@\(path)")
    }
    if options.metricsToken != nil, options.metricsListen != nil {
      throw context.arguments.wrong("--metrics-listen and --metrics-token cannot be combined")
    }
    options.clientAddressHeader = context.arguments.value("client-address-header")
    options.version = Version.text
    options.threads = try context.arguments.count("threads", upTo: 1024) ?? options.threads
    options.keepDays =
      try context.arguments.count("keep-days", upTo: Retention.mostDays) ?? options.keepDays
    let wait = try context.arguments.count("longest-wait", upTo: 1440) ?? 60
    let patience = try context.arguments.count("give-up-after", upTo: 30) ?? 3
    options.backoff = Backoff(longest: Double(60 * wait), patience: 86_400 * patience)
    options.report = { log.write($0) }
    let functions = try context.functions()
    let service = try DispatcherService(registry: registry, caller: functions, options: options)
    let signals =
      Signals.onEnd { service.stop() }
      + Signals.handle([SIGHUP]) {
        functions.endIdle()
        log.reload()
      }
    let console = try consoleServer(context, registry, functions, service.counts, log)
    let host = options.listen.prefix(
      upTo: options.listen.lastIndex(of: ":") ?? options.listen.endIndex)
    log.write(
      LogEntry(
        .info, "listening on \(host):\(service.port); home: \(context.homePath)"))
    if options.metricsListen != nil {
      log.write(LogEntry(.info, "serving metrics on port \(service.metricsPort)"))
    }
    Orphans.adopt()
    console?.start()
    service.run()
    console?.stop()
    Orphans.end()
    for signal in signals { signal.cancel() }
    if let failure = service.failure { throw failure }
  }

  private static func consoleServer(
    _ context: Context, _ registry: Registry, _ functions: StepExecutables, _ counts: Metrics,
    _ log: ServiceLog
  ) throws(Problem) -> ConsoleServer? {
    let arguments = context.arguments
    guard let listen = try arguments.address("console") else { return nil }
    var options = ConsoleOptions()
    options.listen = listen
    options.metrics = counts
    options.report = { log.write($0) }
    options.url = try arguments.value("console-url").map { (text) throws(Problem) in
      guard let url = Origin(strict: text), url.scheme == "https", url.text == text else {
        throw arguments.wrong("--console-url \"\(text)\" must be https and end with the host")
      }
      return url
    }
    options.proxy = try arguments.value("console-proxy").map { (address) throws(Problem) in
      guard IPAddress(address) != nil else {
        throw arguments.wrong("--console-proxy \"\(address)\" is not an IP address")
      }
      return ConsoleOptions.Proxy(
        address: address, userHeader: arguments.value("console-user-header"),
        secret: try arguments.value("console-proxy-secret").map { (source) throws(Problem) in
          try secret("console-proxy-secret", source)
        })
    }
    let server = try ConsoleServer(registry: registry, caller: functions, options: options)
    log.write(LogEntry(.info, "serving the console at \(server.url)"))
    return server
  }
}
