import CCrash
import Store
import Values

/// The file `carried` of a home, which shows what work this process is doing: the names remain when the
/// process is killed.
///
/// It is text of lines of 64 bytes. The first line is the ``MemoryKills`` at the start of the process; each
/// other is free, and begins with a blank, or has the name of work after a plus. The lines are mapped
/// into memory, so that work costs no system call; nothing is flushed, since a loss of power is no kill.
struct WorkUnderWay {
  private let path: String
  private static let line = meterbridge_work_line
  private static let lines = meterbridge_work_lines

  init(home: Home) { path = "\(home.path)/carried" }

  /// Begins to show the work of this process; without a file, which a full disk prevents, none is shown.
  func begin(at kills: MemoryKills?) {
    let free = Array(repeating: Self.padded(""), count: Self.lines - 1)
    let text = Self.padded(kills?.text ?? "-") + free.joined()
    guard let file = try? LocalDisk().open(path, .truncate),
      (try? LocalDisk().write(all: text, to: file, at: 0)) != nil
    else { return }
    _ = meterbridge_show_work(file.descriptor)
  }

  /// Shows none, since the process ends by its own will.
  func end() { try? LocalDisk().remove(path) }

  /// The work that was under way when the process ended that wrote the file, if the kernel has killed
  /// for want of memory since that process began.
  func killed(by now: MemoryKills?) -> [String] {
    guard let now, let file = try? LocalDisk().open(path, .existing),
      let text = try? file.text(atMost: Self.line * Self.lines)
    else { return [] }
    let lines = text.split(separator: "\n")
    guard let former = lines.first.flatMap({ MemoryKills(text: $0) }), now.hasRisen(since: former)
    else { return [] }
    return lines.dropFirst().filter { $0.hasPrefix("+") }
      .compactMap { $0.dropFirst().split(separator: " ").first.map(String.init) }
  }

  private static func padded(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8.prefix(line - 1))
    return bytes + Array(repeating: UInt8(ascii: " "), count: line - 1 - bytes.count) + [10]
  }
}
