import FoundationEssentials
import Glibc
import Store

/// A program that uses a store at the same time as the tests: `StoreProbe DIRECTORY VERB ARGUMENTS`.
///
/// It prints `ready`, waits for a line of input so that all processes begin together, and then prints
/// a line for each commit after it is durable.
func printLine(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = write(STDOUT_FILENO, bytes, bytes.count)  // A failure means that nobody reads the output.
}

/// The anonymous memory of this process in kilobytes.
func residentKilobytes() -> Int {
  let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status?.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
  return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
}

func run(_ arguments: [String]) throws {
  let store = try FileStore(
    at: arguments[1],
    compactAt: arguments[2] == "put" ? 4096 : arguments[2] == "allocate" ? 8 << 20 : .max)
  printLine("ready")
  _ = readLine()
  switch arguments[2] {
  case "put":
    for index in 0..<(Int(arguments[4]) ?? .max) {
      let change = (1...3).map { Change.put("\(arguments[3])/\($0)/\(index)", "value \(index)") }
      _ = try store.commit(change + [.put("\(arguments[3])/last", "\(index)")])
      printLine("\(index)")
    }
  case "create":
    for index in 0..<(Int(arguments[3]) ?? 0)
    where try store.create("\(getpid())", at: "once/\(index)") {
      printLine("\(index)")
    }
  case "compact":
    for _ in 0..<(Int(arguments[3]) ?? 0) {
      try store.compact()
      printLine("\(try store.records(prefix: "").count)")
    }
  case "allocate":
    // The last block keeps the allocator from returning the others.
    let blocks = (0..<(64 << 10)).map { _ in strdup(String(repeating: "x", count: 1000)) }
    for block in blocks.dropLast() { free(block) }
    printLine("\(residentKilobytes())")
    let value = String(repeating: "x", count: 100_000)
    for index in 0..<100 { try store.put(value, at: "\(index)") }
    for _ in 0..<200 where residentKilobytes() > 32 << 10 { usleep(100_000) }
    printLine("\(residentKilobytes())")
  default: printLine("unknown verb")
  }
}

do {
  try run(CommandLine.arguments)
} catch {
  printLine("error: \(error)")
  exit(1)
}
