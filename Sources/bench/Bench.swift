import Foundation

/// Measures how fast the whole is, beside yardsticks that are measured in the same run, in turn.
///
///     swift run -c release bench [all|call|intake|event|store|replay|lanes|limits|stall|console|growth]
///                                [--json] [--rounds N]
///                                [--steps DIR] [--at DIR]
///
/// Nothing else need be installed. `console` and `growth`, which fill a store with millions of records, are
/// not part of `all`. The exit status is 0 where everything could be measured, whatever the figures.
@main
enum Bench {
  static func main() {
    _ = signal(SIGPIPE, SIG_IGN)
    let words = Array(CommandLine.arguments.dropFirst())
    do {
      if words.first == "load" { return try Load.main(Array(words.dropFirst())) }
      let options = try Options(words)
      try run(options)
    } catch let error as BenchError {
      complain(error.reason)
      exit(error.status)
    } catch {
      complain("\(error)")
      exit(69)
    }
  }

  /// The parts, in the order in which they are measured.
  private static let parts: [(name: String, measure: @Sendable (BenchContext) throws -> Void)] = [
    ("call", Calls.measure), ("intake", Intakes.measure), ("event", Events.measure),
    ("store", Stores.measure), ("replay", Replays.measure), ("lanes", LaneCosts.measure),
    ("limits", Limits.measure), ("stall", Stalls.measure), ("console", ConsolePages.measure),
    ("growth", Growth.measure),
  ]

  private static func run(_ options: Options) throws {
    let wanted = parts.filter {
      options.part == $0.name
        || (options.part == "all" && !["console", "growth"].contains($0.name))
    }
    guard !wanted.isEmpty else { throw BenchError(64, "there is no part \"\(options.part)\"") }
    let context = try BenchContext(options)
    defer { context.clear() }
    let start = Date()
    var isWhole = true
    for part in wanted {
      context.progress("\(part.name) …")
      do {
        try part.measure(context)
      } catch {
        // What was measured is worth saying all the same.
        isWhole = false
        context.note("\(part.name) could not be measured: \(reason(error))")
      }
    }
    let seconds = Int(Date().timeIntervalSince(start))
    print(try context.report(seconds: seconds, asJSON: options.wantsJSON))
    guard isWhole else { throw BenchError(70, "not all could be measured") }
  }

  private static func reason(_ error: any Error) -> String {
    (error as? BenchError)?.reason ?? "\(error)"
  }

  static func complain(_ text: String) {
    FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
  }
}
