import Sandbox
import Stage
import Synchronization

/// Kills a dispatcher at its k-th write, flush, rename, request, answer or call, for every k, combined
/// with every fault of the APIs and with two lengths of absence.
enum Crashes {
  /// Plays scenes; `every` tries each so-many-th death only, from the `first`.
  static func run(_ scenes: [Scene], _ every: Int?, from first: Int = 1) throws -> Tally {
    let total = Tally()
    for scene in scenes { total.add(try run(scene, every, from: first)) }
    return total
  }

  /// Plays one crash again and again; the exit status.
  static func again(_ words: [String]) throws -> Int32 {
    let numbers = words.dropFirst().compactMap(Int.init)
    guard let scene = (Scene.each + [.together]).first(where: { $0.name == words.first }),
      numbers.count >= 3, Crash.faults.indices.contains(numbers[1])
    else {
      print("usage: Trials again SCENE DEED FAULT SECONDS [TIMES]")
      return 64
    }
    let crash = Crash(
      deed: numbers[0], fault: Crash.faults[numbers[1]], gap: numbers[2], scene: scene)
    let tally = Tally.times(numbers.count > 3 ? numbers[3] : 1, "\(crash)") { _ in
      try crash.play().wrongs
    }
    print("\(tally.tried) tried, \(tally.wrong) went wrong")
    return tally.wrong == 0 ? 0 : 1
  }

  private static func run(_ scene: Scene, _ every: Int?, from start: Int) throws -> Tally {
    let first = try Crash(deed: 0, fault: nil, gap: 0, scene: scene).play()
    guard first.wrongs.isEmpty else {
      let tally = Tally()
      tally.add(first.wrongs, "nobody died")
      return tally
    }
    let deeds = first.deeds
    let every = every ?? 1
    var crashes: [Crash] = []
    for fault in Crash.faults {
      for gap in [0, 31 * 60] {
        crashes += stride(from: start, through: deeds + 20, by: every).map { deed in
          Crash(deed: deed, fault: fault, gap: gap, scene: scene)
        }
      }
    }
    print("\(scene): \(deeds) deeds, \(Crash.faults.count) ways of the APIs, 2 absences")
    // In an order in which the first thousand are of all kinds, too: the whole takes long.
    var dice = Dice(seed: 1)
    let all = crashes.map { (dice.next(), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    let died = Atomic(0)
    let tally = Tally.times(all.count, scene.name) { number in
      do {
        let outcome = try all[number].play()
        if outcome.hasDied { died.add(1, ordering: .relaxed) }
        return outcome.wrongs.map { "\(all[number]): \($0)" }
      } catch {
        return ["\(all[number]): \(error)"]
      }
    }
    print(
      "\(scene): \(tally.tried) tried, the dispatcher died in \(died.load(ordering: .relaxed)), "
        + "\(tally.wrong) went wrong")
    return tally
  }
}
