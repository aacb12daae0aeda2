/// A histogram of durations in seconds.
struct Histogram: Sendable {
  /// Bounds for calls of steps, from 0.1 ms.
  static let calls = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  /// Bounds for requests and runs, up to an hour.
  static let requests = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600,
  ]

  let bounds: [Double]
  /// The number of durations up to each bound and above the one before; the last are above all.
  private var counts: [Int]
  private(set) var sum = 0.0

  init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  mutating func add(_ seconds: Double) {
    counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
    sum += seconds
  }

  var count: Int { counts.reduce(0, +) }

  /// The number of durations up to each bound.
  var cumulative: [(bound: Double, count: Int)] {
    var total = 0
    return zip(bounds, counts).map { bound, count in
      total += count
      return (bound, total)
    }
  }
}
