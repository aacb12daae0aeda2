import EndToEndSupport
import Sandbox
import Synchronization

/// Kills a dispatcher at its k-th operation, for every k, combined with every fault of the APIs and with
/// two downtimes.
enum Crashes {
  /// Runs scenarios; with a stride `every`, only every so-many-th crash, from the `first`, and with one fault of
  /// `CrashCase.faults` if an index is given.
  static func run(
    _ scenarios: [Scenario], _ every: Int?, from first: Int = 1, fault: Int? = nil
  ) throws -> Tally {
    let total = Tally()
    for scenario in scenarios { total.add(try run(scenario, every, from: first, fault)) }
    return total
  }

  /// Runs one crash several times, and returns the exit status.
  static func again(_ words: [String]) throws -> Int32 {
    let numbers = words.dropFirst().compactMap(Int.init)
    guard let scenario = (Scenario.each + [.together]).first(where: { $0.name == words.first }),
      numbers.count == words.count - 1, (3...4).contains(numbers.count),
      CrashCase.faults.indices.contains(numbers[1])
    else {
      print("usage: StressTests again SCENARIO OPERATION FAULT SECONDS [TIMES]")
      for (index, fault) in CrashCase.faults.enumerated() {
        print("  FAULT \(index): \(fault.map { "\($0)" } ?? "none")")
      }
      return 64
    }
    let crash = CrashCase(
      operation: numbers[0], fault: CrashCase.faults[numbers[1]], downtime: numbers[2],
      scenario: scenario)
    let tally = Tally.times(numbers.count > 3 ? numbers[3] : 1, "\(crash)") { _ in
      try crash.run().violations
    }
    print("\(tally.tried) tried, \(tally.wrong) went wrong")
    return tally.wrong == 0 ? 0 : 1
  }

  private static func run(
    _ scenario: Scenario, _ every: Int?, from start: Int, _ only: Int?
  ) throws -> Tally {
    let first = try CrashCase(operation: 0, fault: nil, downtime: 0, scenario: scenario).run()
    guard first.violations.isEmpty else {
      let tally = Tally()
      tally.add(first.violations, "without a crash")
      return tally
    }
    let operations = first.operations
    let every = every ?? 1
    var crashes: [CrashCase] = []
    for (index, fault) in CrashCase.faults.enumerated() where only ?? index == index {
      for downtime in [0, 31 * 60] {
        crashes += stride(from: start, through: operations + 20, by: every).map { operation in
          CrashCase(operation: operation, fault: fault, downtime: downtime, scenario: scenario)
        }
      }
    }
    print(
      "\(scenario): \(operations) operations, \(CrashCase.faults.count) API faults, 2 downtimes")
    // Shuffled, so that the first thousand are of all kinds: all of them take long.
    var fuzzer = Fuzzer(seed: 1)
    let all = crashes.map { (fuzzer.next(), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    let crashed = Atomic(0)
    let tally = Tally.times(all.count, scenario.name) { number in
      do {
        let outcome = try all[number].run()
        if outcome.hasCrashed { crashed.add(1, ordering: .relaxed) }
        return outcome.violations.map { "\(all[number]): \($0)" }
      } catch {
        return ["\(all[number]): \(error)"]
      }
    }
    print(
      "\(scenario): \(tally.tried) tried, the dispatcher crashed in \(crashed.load(ordering: .relaxed)), "
        + "\(tally.wrong) went wrong")
    return tally
  }
}
