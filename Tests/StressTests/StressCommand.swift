import EndToEndSupport
import Foundation

/// Runs in full what the tests sample: whether anything can be lost or duplicated.
///
///     swift run -c release StressTests [crashes|together|kills|shuffles|hostile|slow|all] [HOW-MANY]
///
/// The name of a scenario runs the crashes of this scenario only; `SCENARIO 2 1` and `SCENARIO 2 2` are
/// its two halves, and `SCENARIO 1 1 6` is with fault 6 of `CrashCase.faults` only. `again SCENARIO OPERATION FAULT SECONDS [TIMES]` repeats one crash; FAULT is an index
/// of `CrashCase.faults`. `simulate` plays seeds of the simulation, see ``Simulate``. With METERBRIDGE_TESTS_LEAVE_ALL the homes are kept.
///
/// Each prints its trials and violations. The exit status is 0 if there were no violations.
@main
enum StressCommand {
  static func main() throws {
    let words = Array(CommandLine.arguments.dropFirst())
    let count = words.count > 1 ? Int(words[1]) : nil
    if words.first == "crowd", let port = count { SlowClientCrowd.run(port: port) }
    if words.first == "simulate" { exit(try Simulate.run(Array(words.dropFirst()))) }
    if words.first == "again" { exit(try Crashes.again(Array(words.dropFirst()))) }
    let tests: [(name: String, run: (Int?) throws -> Tally)] = [
      ("crashes", { try Crashes.run(Scenario.each, $0) }),
      ("together", { try Crashes.run([.together], $0) }), ("kills", RandomKills.run),
      ("shuffles", Shuffles.run),
      ("hostile", HostileInputs.run), ("slow", SlowClients.run),
    ]
    let wanted =
      tests.filter { words.isEmpty || words[0] == "all" || words[0] == $0.name }
      + Scenario.each.filter { words.first == $0.name }.map { scenario in
        let first = words.count > 2 ? Int(words[2]) : nil
        let fault = words.count > 3 ? Int(words[3]) : nil
        return (
          scenario.name, { try Crashes.run([scenario], $0, from: first ?? 1, fault: fault) }
        )
      }
    guard !wanted.isEmpty else {
      print("usage: StressTests [crashes|together|kills|shuffles|hostile|slow|all] [HOW-MANY]")
      exit(64)
    }
    var wrong = 0
    for test in wanted {
      let start = Date()
      let tally = try test.run(count)
      let seconds = Int(Date().timeIntervalSince(start))
      print("\(test.name): \(tally.tried) tried, \(tally.wrong) went wrong, in \(seconds) s")
      wrong += tally.wrong
    }
    exit(wrong == 0 ? 0 : 1)
  }
}
