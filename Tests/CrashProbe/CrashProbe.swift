import Catalog
import Dispatcher
import Foundation
import Processes
import Service
import Setup
import StepKit
import Store
import Synchronization
import Values

/// A dispatcher that kills itself at the k-th thing it does to the disk or the network.
///
/// Arguments: the home, the folder of the apps, the folder of the steps, the port, k (0 for never), the
/// seconds by which its clock is ahead, and when its clock began to run (milliseconds) and how fast.
@main
enum CrashProbe {
  static func main() {
    do {
      try serve()
    } catch {
      // Not by a signal, as it would be if the error went on: that is how it dies when it is killed.
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func serve() throws {
    let words = CommandLine.arguments
    guard words.count == 9, let blow = Int(words[5]), let ahead = Int(words[6]),
      let start = Int(words[7]), let speed = Double(words[8])
    else { exit(64) }
    let fuse = Fuse(at: blow)
    // It compacts a few times in a run of each flow, to die in that, too.
    let home = try Home(at: words[1], disk: FusedDisk(fuse: fuse), compactAt: 32 << 10)
    let registry = Registry(home: home, catalog: try AppCatalog(functions: words[2]))
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:\(words[4])"
    options.backoff = Backoff(first: 0.05, longest: 0.5)
    options.clock = WallClock(speed: speed) {
      let real = WallClock.system.now().milliseconds - start
      return Timestamp(milliseconds: start + Int(Double(real) * speed)).adding(seconds: ahead)
    }
    options.observe = { _ in fuse.burn() }
    let service = try DispatcherService(
      registry: registry, caller: StepExecutables(folder: words[3], pool: PoolOptions()),
      options: options
    )
    // Blocked until the source listens: an ignored one would be lost in between.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let end = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    end.setEventHandler { service.stop() }
    end.resume()
    withExtendedLifetime(end) { service.run() }
    print(fuse.count)
  }
}

/// Counts what is done, and kills the process at the k-th.
final class Fuse: Sendable {
  private let counted = Atomic(0)
  private let blow: Int

  init(at blow: Int) { self.blow = blow }

  /// How much was done.
  var count: Int { counted.load(ordering: .relaxed) }

  func burn() {
    if counted.add(1, ordering: .relaxed).newValue == blow { kill(getpid(), SIGKILL) }
  }
}

/// The real disk, with a fuse before each call that changes something.
struct FusedDisk: Disk {
  let fuse: Fuse
  private let disk = LocalDisk()

  init(fuse: Fuse) { self.fuse = fuse }

  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    fuse.burn()
    // Half of it first, so that a death before the rest leaves a torn record.
    guard bytes.count > 1 else { return try disk.write(bytes, to: file, at: offset) }
    let half = UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count / 2))
    return try disk.write(half, to: file, at: offset)
  }

  func sync(_ file: File) throws(StoreError) {
    fuse.burn()
    try disk.sync(file)
  }

  func truncate(_ file: File, to size: Int) throws(StoreError) {
    fuse.burn()
    try disk.truncate(file, to: size)
  }

  func rename(_ path: String, to target: String) throws(StoreError) {
    fuse.burn()
    try disk.rename(path, to: target)
  }

  func syncDirectory(_ path: String) throws(StoreError) {
    fuse.burn()
    try disk.syncDirectory(path)
  }

  func remove(_ path: String) throws(StoreError) {
    fuse.burn()
    try disk.remove(path)
  }
}
