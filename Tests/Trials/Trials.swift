import Foundation
import Stage

/// Tries for long what the tests try in part: whether anything can be lost or doubled.
///
///     swift run -c release Trials [crashes|together|kills|shuffles|hostile|slow|all] [HOW-MANY]
///
/// The name of a scene plays this one of the crashes, and `SCENE 2 1` and `SCENE 2 2` its two halves.
/// `again SCENE DEED FAULT SECONDS [TIMES]` plays one crash so many times; FAULT is the place of the
/// fault in `Crash.faults`, from 0, and with METERBRIDGE_TESTS_LEAVE_ALL its home stays to be looked at.
///
/// Each says what it tried, how often, and what went wrong. The exit status is 0 if nothing did.
@main
enum Trials {
  static func main() throws {
    let words = Array(CommandLine.arguments.dropFirst())
    let count = words.count > 1 ? Int(words[1]) : nil
    if words.first == "crowd", let port = count { Crowd.play(port: port) }
    if words.first == "simulate" { exit(try Simulate.run(Array(words.dropFirst()))) }
    if words.first == "again" { exit(try Crashes.again(Array(words.dropFirst()))) }
    let trials: [(name: String, run: (Int?) throws -> Tally)] = [
      ("crashes", { try Crashes.run(Scene.each, $0) }),
      ("together", { try Crashes.run([.together], $0) }), ("kills", Kills.run),
      ("shuffles", Shuffles.run),
      ("hostile", Hostile.run), ("slow", SlowClients.run),
    ]
    let wanted =
      trials.filter { words.isEmpty || words[0] == "all" || words[0] == $0.name }
      + Scene.each.filter { words.first == $0.name }.map { scene in
        let first = words.count > 2 ? Int(words[2]) : nil
        return (scene.name, { try Crashes.run([scene], $0, from: first ?? 1) })
      }
    guard !wanted.isEmpty else {
      print("usage: Trials [crashes|together|kills|shuffles|hostile|slow|all] [HOW-MANY]")
      exit(64)
    }
    var wrong = 0
    for trial in wanted {
      let start = Date()
      let tally = try trial.run(count)
      let seconds = Int(Date().timeIntervalSince(start))
      print("\(trial.name): \(tally.tried) tried, \(tally.wrong) went wrong, in \(seconds) s")
      wrong += tally.wrong
    }
    exit(wrong == 0 ? 0 : 1)
  }
}
