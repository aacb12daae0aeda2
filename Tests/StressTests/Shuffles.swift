import EndToEndSupport

/// Sends every webhook three times and in random order, for many customers.
enum Shuffles {
  static func run(_ count: Int?) throws -> Tally {
    Tally.times(count ?? 300, "shuffle") { number in
      try EndToEnd.shuffled(seed: UInt64(number + 1), customers: 4)
    }
  }
}
