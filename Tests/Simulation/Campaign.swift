import Setup
import Values

/// Plays the worlds of seeds, and makes those smaller in which something goes wrong.
public struct Campaign: Sendable {
  /// A world in which something went wrong, as small as it can be made.
  public struct Finding: Sendable {
    /// The seed.
    public let seed: UInt64
    /// What went wrong in the world of the seed.
    public let wrongs: [Wrong]
    /// What is left of the world: the same kind of thing goes wrong in it.
    public let scenario: Scenario
    /// What happens in it, line by line.
    public let trace: [String]
    /// What goes wrong in it.
    public let rest: [Wrong]
  }

  /// What came of a world.
  public struct Outcome: Sendable, Equatable {
    /// What is wrong.
    public let wrongs: [Wrong]
    /// The digest of all that happened.
    public let digest: UInt64
    /// How much there was of everything.
    public let counts: Counts
    /// What happened, if that was asked for.
    public let trace: [String]
  }

  private let shared: SharedSetup

  /// A campaign with the steps of this build.
  public init() throws { shared = try SharedSetup() }

  /// Plays a world.
  public func play(_ scenario: Scenario, keepsTrace: Bool = false) throws -> Outcome {
    let world = try World(scenario, shared, keepsTrace: keepsTrace)
    let wrongs = try world.run()
    return Outcome(
      wrongs: wrongs, digest: world.trace.digest, counts: world.counts, trace: world.trace.lines)
  }

  /// Leaves out of a scenario whatever can be left out so that something of the same kind goes wrong.
  public func minimized(_ scenario: Scenario, _ wrongs: [Wrong]) throws -> Finding {
    let kinds = Set(wrongs.map(\.kind))
    var (smallest, budget) = (scenario, Self.mostTries)
    /// Makes it a smaller one, if the same goes wrong in that in any of a few orders.
    func take(_ smaller: Scenario) throws -> Bool {
      for order in [smallest.order] + (1...Self.otherOrders) where budget > 0 {
        budget -= 1
        let candidate = smaller.ordered(by: order)
        guard try fails(candidate, kinds) else { continue }
        smallest = candidate
        return true
      }
      return false
    }
    var size = max(scenario.partCount / 2, 1)
    while budget > 0 {
      var (first, isSmaller) = (0, false)
      while first < smallest.partCount, budget > 0 {
        if try take(smallest.without(first..<first + size)) {
          isSmaller = true
        } else {
          first += size
        }
      }
      for simpler in smallest.simpler where try take(simpler) { isSmaller = true }
      guard size > 1 || isSmaller else { break }
      size = max(size / 2, 1)
    }
    let outcome = try play(smallest, keepsTrace: true)
    return Finding(
      seed: scenario.seed, wrongs: wrongs, scenario: smallest, trace: outcome.trace,
      rest: outcome.wrongs)
  }

  private static let mostTries = 3000
  private static let otherOrders: UInt64 = 6

  private func fails(_ scenario: Scenario, _ kinds: Set<String>) throws -> Bool {
    try play(scenario).wrongs.contains { kinds.contains($0.kind) }
  }
}

extension Campaign.Finding: CustomStringConvertible {
  /// The finding for a person: what happens in the small world, and what goes wrong.
  public var description: String {
    "seed \(seed)\n" + wrongs.map { "  \($0)\n" }.joined()
      + "the smallest world in which this goes wrong:\n\(scenario)\n"
      + trace.filter { !$0.hasSuffix(" starts nothing") }.map { "  \($0)\n" }.joined()
      + rest.map { "=> \($0)\n" }.joined()
  }
}
