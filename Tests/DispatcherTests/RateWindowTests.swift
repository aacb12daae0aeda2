import Testing

@testable import Requests

/// A rate limit as the server sees it.
struct RateWindowTests {
  /// The times of all permitted requests, in milliseconds, of a client that always wants one.
  private func times(
    requests: Int, seconds: Int = 60, for length: Double, after pause: Double = 0
  ) -> [Double] {
    var window = RateWindow()
    let start = 1_800_000_000_000.0 + pause
    var (now, times) = (start, [Double]())
    while now < start + length {
      switch window.permit(at: now, requests: requests, seconds: seconds) {
      case .permitted: times.append(now)
      case .wait(let time): now = max(time.rounded(.up), now + 1)
      }
    }
    return times
  }

  private func most(_ times: [Double], in window: Double) -> Int {
    var (most, first) = (0, 0)
    for (index, time) in times.enumerated() {
      while times[first] <= time - window { first += 1 }
      most = max(most, index - first + 1)
    }
    return most
  }

  @Test(arguments: [1, 7, 60, 150, 600, 3000])
  func noMinuteHasMoreThanTheLimitAndAlmostAllIsUsed(requests: Int) {
    let hour = 3_600_000.0
    let times = times(requests: requests, for: hour)
    // Requests may come up to half a second later than others.
    #expect(most(times, in: 60_500) <= requests)
    let used = Double(times.count) / (Double(requests) * 60)
    #expect(used >= (requests == 1 ? 0.96 : 0.98), "\(used)")
  }

  @Test func requestsArriveWithinTheLimitAlsoIfTheyAreDelayed() {
    var random = SystemRandomNumberGenerator()
    let arrivals = times(requests: 150, for: 1_800_000).map {
      $0 + Double.random(in: 0...500, using: &random)
    }
    #expect(most(arrivals.sorted(), in: 60_000) <= 150)
  }

  @Test func burstIsAFifthAndTheRestIsSpread() {
    let times = times(requests: 150, for: 20_000)
    let start = times[0]
    #expect(times.count { $0 == start } == 30)
    #expect(times.count { $0 <= start + 10_000 } <= 30 + 26)
  }

  @Test func clockThatIsSetBackDoesNotStopRequests() {
    var window = RateWindow()
    let now = 1_800_000_000_000.0
    for _ in 1...200 { _ = window.permit(at: now, requests: 150, seconds: 60) }
    guard case .permitted = window.permit(at: now - 7_200_000, requests: 150, seconds: 60) else {
      Issue.record("stopped")
      return
    }
  }

  @Test func absurdStoredNumbersCountAsNothing() {
    let absurd = [Int.max, .min, -1, 1 << 62]
    let numbers = (0..<RateWindow.slots).map { absurd[$0 % 4] }
    for fullAt in [Double.infinity, .nan, 1e300, -1e300] {
      var window = RateWindow(numbers: numbers, counts: numbers, fullAt: fullAt)
      guard case .permitted = window.permit(at: 1_800_000_000_000, requests: 1, seconds: 60) else {
        Issue.record("stopped by \(fullAt)")
        return
      }
    }
  }

  @Test func usedRequestsAreThoseOfTheWindow() {
    var window = RateWindow()
    let start = 1_800_000_000_000.0
    for number in 0..<10 {
      #expect(
        window.permit(at: start + Double(number) * 1000, requests: 600, seconds: 60)
          != .wait(until: 0))
    }
    #expect(window.used(at: start + 10_000, seconds: 60) == 10)
    #expect(window.used(at: start + 65_500, seconds: 60) == 5)
    #expect(window.used(at: start + 90_000, seconds: 60) == 0)
  }
}
