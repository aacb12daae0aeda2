import FoundationEssentials
import Glibc
import Store

/// A program of its own that uses a store while the tests do: `StoreProbe DIRECTORY VERB ARGUMENTS`.
///
/// It says `ready`, waits for a line of input, so that all begin at once, and then says what it did,
/// each as a line, after it is done.
func say(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = write(STDOUT_FILENO, bytes, bytes.count)  // Without a reader there is nobody to tell.
}

/// Kilobytes of memory of its own that this process has.
func resident() -> Int {
  let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status?.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
  return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
}

func run(_ arguments: [String]) throws {
  let store = try FileStore(
    at: arguments[1],
    compactAt: arguments[2] == "put" ? 4096 : arguments[2] == "swell" ? 8 << 20 : .max)
  say("ready")
  _ = readLine()
  switch arguments[2] {
  case "put":
    for index in 0..<(Int(arguments[4]) ?? .max) {
      let change = (1...3).map { Change.put("\(arguments[3])/\($0)/\(index)", "value \(index)") }
      _ = try store.commit(change + [.put("\(arguments[3])/last", "\(index)")])
      say("\(index)")
    }
  case "create":
    for index in 0..<(Int(arguments[3]) ?? 0)
    where try store.create("\(getpid())", at: "once/\(index)") {
      say("\(index)")
    }
  case "compact":
    for _ in 0..<(Int(arguments[3]) ?? 0) {
      try store.compact()
      say("\(try store.records(prefix: "").count)")
    }
  case "swell":
    // The last one keeps the allocator from giving the others back
    let blocks = (0..<(64 << 10)).map { _ in strdup(String(repeating: "x", count: 1000)) }
    for block in blocks.dropLast() { free(block) }
    say("\(resident())")
    let value = String(repeating: "x", count: 100_000)
    for index in 0..<100 { try store.put(value, at: "\(index)") }
    for _ in 0..<200 where resident() > 32 << 10 { usleep(100_000) }
    say("\(resident())")
  default: say("no such verb")
  }
}

do {
  try run(CommandLine.arguments)
} catch {
  say("error: \(error)")
  exit(1)
}
