import Catalog
import Dispatcher
import Foundation
import Lanes
import Processes
import Requests
import Service
import Setup
import StepKit
import Store
import Synchronization
import Values

/// A dispatcher that kills itself at its k-th operation on the disk or the network.
///
/// Arguments: the home, the folder of the apps, the folder of the steps, the port, k (0 for never,
/// -1 for a fault at each call of a step, -2 for steps that are not confined, -3 to be killed at each
/// call of a step; then the file `kills` of the home has the kernel's count of those it killed), the
/// seconds by which its clock is ahead, the start of its clock in milliseconds, and its speed.
@main
enum Main {
  static func main() {
    do {
      try serve()
    } catch {
      // An error that leaves main ends the process by a signal, as a crash does.
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func serve() throws {
    let words = CommandLine.arguments
    guard words.count == 9, let crash = Int(words[5]), let ahead = Int(words[6]),
      let start = Int(words[7]), let speed = Double(words[8])
    else { exit(64) }
    let counter = OperationCounter(crashAt: crash)
    // Small, so that each flow compacts a few times and crashes include compactions.
    let home = try Home(at: words[1], disk: CrashingDisk(counter: counter), compactAt: 32 << 10)
    let registry = Registry(home: home, catalog: try AppCatalog(functions: words[2]))
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:\(words[4])"
    options.backoff = Backoff(first: 0.05, longest: 0.5)
    options.clock = WallClock(speed: speed) {
      let real = WallClock.system.now().milliseconds - start
      return Timestamp(milliseconds: start + Int(Double(real) * speed)).adding(seconds: ahead)
    }
    if crash == -3, let text = try? String(contentsOfFile: words[1] + "/kills", encoding: .utf8) {
      options.memoryKills = Int(text).map { MemoryKills(boot: "boot", count: $0) }
    }
    options.observe = { point in
      if crash == -3, case .calling = point { kill(getpid(), SIGKILL) }
      if crash == -1, case .calling = point { fatalError("a fault of the dispatcher's own") }
      counter.add()
    }
    var steps = StepExecutables(folder: words[3], pool: PoolOptions())
    if crash == -2 { steps.confinement = { _ in nil } }
    let service = try DispatcherService(registry: registry, caller: steps, options: options)
    // Blocked until the source listens: a signal in between is not lost.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let end = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    end.setEventHandler { service.stop() }
    end.resume()
    withExtendedLifetime(end) { service.run() }
    print(counter.count)
  }
}
