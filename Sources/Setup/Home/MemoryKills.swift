import FoundationEssentials
import Values

/// How many processes the kernel has killed for want of memory since the machine started.
///
/// The count is of the whole machine, also when it is read in a container (`oom_kill` of `vmstat`,
/// Linux's `mm/oom_kill.c`): a kill in a memory cgroup counts as well.
public struct MemoryKills: Sendable, Equatable {
  /// The start of the machine, as the kernel names it.
  public let boot: String
  /// The number of processes.
  public let count: Int

  /// A count.
  public init(boot: String, count: Int) { (self.boot, self.count) = (boot, count) }

  /// The present count; nil if the kernel gives none.
  public static func now() -> MemoryKills? {
    guard let counts = try? String(contentsOfFile: "/proc/vmstat", encoding: .utf8),
      let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
      let line = counts.split(separator: "\n").first(where: { $0.hasPrefix("oom_kill ") })
    else { return nil }
    return MemoryKills(text: "\(boot.filter { !$0.isWhitespace }) \(line.dropFirst(9))")
  }

  /// The start and the count with a blank between, as they are stored.
  var text: String { "\(boot) \(count)" }

  init?(text: some StringProtocol) {
    let words = text.split(separator: " ")
    guard words.count == 2, let count = Int(words[1]) else { return nil }
    self.init(boot: String(words[0]), count: count)
  }

  /// Whether there was at least one kill between an earlier count of the same start and this one.
  func hasRisen(since earlier: MemoryKills) -> Bool {
    boot == earlier.boot && count > earlier.count
  }
}
