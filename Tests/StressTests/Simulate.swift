import Foundation
import Simulation

/// Plays seeds of the simulation.
///
///     StressTests simulate [--seeds N] [--from N] [--with TEXT] [--short]
///     StressTests simulate --seed N [--kinds books,endings,hardships]
///
/// A world in which something goes wrong is made smaller, and what happens in it is printed; `--short`
/// prints only what goes wrong. `--with` plays only the worlds whose scenario contains the text.
/// `--seed` plays one world and prints all that happens. `--kinds` are those of the worlds, else all.
enum Simulate {
  static func run(_ words: [String]) throws -> Int32 {
    var options: [String: UInt64] = ["--seeds": 1000, "--from": 1]
    for (name, value) in zip(words, words.dropFirst()) where name.hasPrefix("--") {
      options[name] = UInt64(value)
    }
    let campaign = try Campaign()
    func value(of name: String) -> String? {
      zip(words, words.dropFirst()).first { $0.0 == name }?.1
    }
    let named = value(of: "--kinds").map { $0.split(separator: ",") }
    let kinds = named.map { Set($0.compactMap { Scenario.Kind(rawValue: String($0)) }) }
    let scenario = { Scenario(seed: $0, with: kinds ?? Set(Scenario.Kind.allCases)) }
    if let seed = options["--seed"] { return try show(scenario(seed), campaign) }
    return try play(
      from: options["--from"] ?? 1, count: options["--seeds"] ?? 1000, campaign,
      isShort: words.contains("--short"), wanted: value(of: "--with") ?? "", scenario)
  }

  private static func show(_ scenario: Scenario, _ campaign: Campaign) throws -> Int32 {
    let outcome = try campaign.play(scenario, keepsTrace: true)
    print(scenario)
    for line in outcome.trace { print(line) }
    for wrong in outcome.wrongs { print("=> \(wrong)") }
    guard !outcome.wrongs.isEmpty else { return 0 }
    print(try campaign.minimized(scenario, outcome.wrongs))
    return 1
  }

  private static func play(
    from first: UInt64, count: UInt64, _ campaign: Campaign, isShort: Bool, wanted: String,
    _ world: (UInt64) -> Scenario
  ) throws -> Int32 {
    let start = Date()
    var sum = Counts()
    var wrong = 0
    var digest: UInt64 = 0
    for seed in first..<first + count {
      let scenario = world(seed)
      guard wanted.isEmpty || scenario.description.contains(wanted) else { continue }
      let outcome = try campaign.play(scenario)
      sum.add(outcome.counts)
      digest = digest &* 31 &+ outcome.digest
      guard !outcome.wrongs.isEmpty else { continue }
      wrong += 1
      defer { fflush(nil) }
      if isShort {
        print("seed \(seed): \(outcome.wrongs.map(\.description).joined(separator: "; "))")
      } else {
        print(try campaign.minimized(scenario, outcome.wrongs))
      }
    }
    let seconds = Date().timeIntervalSince(start)
    let runs = sum.runs.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    print(
      """
      \(sum.worlds) worlds, \(wrong) went wrong, in \(Int(seconds)) s: \
      \(Int(Double(sum.worlds) / max(seconds, 0.001))) a second
      \(sum.events) webhooks, \(sum.deeds) deeds, \(sum.faults) faults, \(sum.kills) kills, \
      \(sum.jumps) outages and clock settings
      runs: \(runs.joined(separator: ", "))
      digest \(String(digest, radix: 16))
      """)
    return wrong == 0 ? 0 : 1
  }
}
