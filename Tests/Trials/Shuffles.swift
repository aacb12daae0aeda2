import Stage

/// Sends every webhook three times and shuffled, over many customers.
enum Shuffles {
  static func run(_ count: Int?) throws -> Tally {
    Tally.times(count ?? 300, "shuffle") { number in
      try Stage.shuffled(seed: UInt64(number + 1), customers: 4)
    }
  }
}
