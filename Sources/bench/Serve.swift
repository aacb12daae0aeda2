import Foundation

/// `meterbridge serve` on a home, in a process of its own.
final class Serve {
  let port: Int
  private let child: Spawn

  init(_ steps: Steps, home: String) throws {
    child = try Spawn(
      [steps.path("meterbridge"), "serve", "--home", home, "--listen", "127.0.0.1:0"],
      environment: ["METERBRIDGE_FUNCTIONS=\(Steps.repository)/functions"], readsError: true)
    let said = String(decoding: child.line() ?? [], as: UTF8.self)
    guard
      let number = said.split(separator: ";").first?.split(separator: ":").last.flatMap({ Int($0) })
    else { throw BenchError(70, "`meterbridge serve` said: \(said)") }
    port = number
  }

  /// Ends it, and waits for it.
  func stop() {
    _ = kill(child.process, SIGTERM)
    _ = child.finish()
  }

  /// Megabytes that it has resident now.
  var resident: Double { child.resident("VmRSS") / 1024 }

  /// Seconds of CPU that it has used.
  var cpu: Double {
    let fields = Machine.text("/proc/\(child.process)/stat").split(separator: ")").last?
      .split(separator: " ").compactMap { Double($0) }
    guard let fields, fields.count > 12 else { return 0 }
    // State is a letter, so the fields begin with the fourth: utime and stime are 14 and 15.
    return (fields[10] + fields[11]) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// How often it has gone to sleep: an idle process that wakes up, counts.
  var naps: Int {
    let tasks = "/proc/\(child.process)/task"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    return names.reduce(0) { sum, task in
      let line = Machine.text("\(tasks)/\(task)/status").split(separator: "\n")
        .first { $0.hasPrefix("voluntary_ctxt_switches") }
      return sum + (line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0)
    }
  }
}
