import Foundation
import Sandbox
import Stage

/// Kills the dispatcher or one of its functions at random, under load, until it was done often enough.
enum Kills {
  static func run(_ count: Int?) throws -> Tally {
    let tally = Tally()
    var left = count ?? 2000
    while left > 0 {
      let round = min(left, 100)
      let stage = try Stage(seed: UInt64(left))
      defer { stage.close() }
      let actor = try Mortal(stage: stage, crash: Crash(deed: 0, fault: nil, gap: 0))
      defer { actor.end() }
      var wrongs: [String] = []
      do {
        for number in 0..<round {
          try act(number, stage)
          try actor.deliverOnce()
          Thread.sleep(forTimeInterval: Double.random(in: 0...0.1))
          try actor.killSomething()
        }
        try actor.finish()
        wrongs = try Verdict.wrongs(on: stage)
      } catch {
        wrongs = ["\(error)"]
      }
      for _ in 0..<round - 1 { tally.add([], "") }
      tally.add(wrongs, "\(round) kills")
      left -= round
      if left.isMultiple(of: 500) { tally.tell("kills") }
    }
    return tally
  }

  /// Something new happens with every kill.
  private static func act(_ number: Int, _ stage: Stage) throws {
    switch number % 4 {
    case 0: try stage.addCustomer("c\(number / 4)")
    case 1: try stage.pay("c\(number / 4)")
    case 2 where stage.hasAccount("c\(number / 4)"):
      try stage.invoice("c\(number / 4)", cents: 5000 + number)
    default: break
    }
  }
}
