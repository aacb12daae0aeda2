/// The requests of the last window of a rate limit, counted in slots, and a token bucket that spreads them.
///
/// In any window there are no more requests than the limit allows, also as the server sees them: the
/// window is a little longer than the limit's, for requests that take different times to arrive. After a
/// pause, a fifth of the limit may be sent at once.
struct RateWindow: Equatable {
  /// Slots in the window; a part of a slot at each end is counted whole.
  static let slots = 304
  /// Slots in the time of the limit: the difference allows for the way to the server.
  private static let slotsOfLimit = 300

  /// The numbers of the slots, counted since the epoch, by their place.
  private(set) var numbers: [Int]
  /// The requests in each slot.
  private(set) var counts: [Int]
  /// The time at which the bucket will be full, in milliseconds since the epoch.
  private(set) var fullAt: Double

  /// An empty window.
  init() {
    numbers = Array(repeating: 0, count: Self.slots)
    counts = numbers
    fullAt = 0
  }

  /// A window of stored numbers; what cannot be true counts as nothing.
  init(numbers: [Int], counts: [Int], fullAt: Double) {
    self.numbers = numbers.map { min(max($0, 0), 1 << 50) }
    self.counts = counts.map { min(max($0, 0), 1_000_000) }
    self.fullAt = fullAt.isFinite ? fullAt : 0
  }

  /// Permits one request at a time, in milliseconds, and counts it; otherwise the time at which one will
  /// be permitted.
  mutating func permit(at now: Double, requests: Int, seconds: Int) -> Result {
    let slot = Double(seconds) * 1000 / Double(Self.slotsOfLimit)
    let number = Int(now / slot)
    // A clock that was set back must not stop everything.
    if fullAt > now + Double(seconds) * 1000 { fullAt = now }
    let interval = Double(seconds) * 1000 / Double(requests)
    let burst = Double(max(requests / 5, 1))
    let next = max(now, fullAt) + interval
    let bucketOpens = next - burst * interval
    guard bucketOpens <= now else { return .wait(until: bucketOpens) }
    if let free = slotThatMustPass(number, requests) {
      return .wait(until: Double(free + Self.slots) * slot)
    }
    fullAt = next
    let place = number % Self.slots
    if numbers[place] != number { (numbers[place], counts[place]) = (number, 0) }
    counts[place] += 1
    return .permitted(place: place)
  }

  /// The number of requests in the window that ends at a time, in milliseconds.
  func used(at now: Double, seconds: Int) -> Int {
    held(Int(now * Double(Self.slotsOfLimit) / (Double(seconds) * 1000)))
      .reduce(0) { $0 + $1.count }
  }

  /// What becomes of a request.
  enum Result: Equatable {
    /// It may be sent; its slot has changed.
    case permitted(place: Int)
    /// It may not be sent before a time, in milliseconds.
    case wait(until: Double)
  }

  /// The oldest slot that must leave the window before one more request fits; nil if it fits.
  private func slotThatMustPass(_ number: Int, _ requests: Int) -> Int? {
    let held = held(number)
    var left = held.reduce(0) { $0 + $1.count }
    guard left >= requests else { return nil }
    for slot in held.sorted(by: { $0.number < $1.number }) {
      left -= slot.count
      if left < requests { return slot.number }
    }
    return number
  }

  /// The slots with requests in the window that ends with a slot.
  private func held(_ number: Int) -> [(number: Int, count: Int)] {
    numbers.indices.filter { place in
      counts[place] > 0 && number - numbers[place] < Self.slots && numbers[place] <= number
    }.map { (numbers[$0], counts[$0]) }
  }
}
