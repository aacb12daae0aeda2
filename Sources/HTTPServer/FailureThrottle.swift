import HTTPTypes
public import Kernel
import Synchronization

/// Slows down failed sign-ins by address: each failure doubles the delay of the next answer.
///
/// A proxy stands for many clients. So the address is taken from the header that the operator has named,
/// as the nearest proxy wrote it; without one, neither a private address nor a request that a proxy has
/// forwarded is slowed down.
public final class FailureThrottle: Sendable {
  private struct Failures {
    var count: Int
    var last: Double
  }

  private struct State {
    var failures: [String: Failures] = [:]
    var slowed = 0
  }

  private let header: String?
  private let limitsPrivateAddresses: Bool
  private let uptime: @Sendable () -> Double
  private let state = Mutex(State())

  /// The failures of an address that are not slowed down.
  private static let free = 3
  private static let firstDelay = 0.25
  private static let longestDelay = 8.0
  /// Seconds after which failures are forgotten.
  private static let memory = 600.0
  /// The most addresses that are remembered.
  private static let mostAddresses = 10_000

  /// Creates a throttle; `header` is the header with the client's address that a proxy sets.
  public init(
    header: String? = nil, limitsPrivateAddresses: Bool = false,
    uptime: @escaping @Sendable () -> Double = { MonotonicClock.now }
  ) {
    self.header = header
    self.limitsPrivateAddresses = limitsPrivateAddresses
    self.uptime = uptime
  }

  /// The number of answers that were delayed.
  public var slowed: Int { state.withLock { $0.slowed } }

  /// The delay of the answer to a request that failed to sign in, in seconds.
  public func delay(afterFailureOf request: Request) -> Double {
    guard let address = address(of: request) else { return 0 }
    let now = uptime()
    return state.withLock { state in
      var failures = state.failures[address] ?? Failures(count: 0, last: now)
      if now - failures.last > Self.memory { failures.count = 0 }
      failures.count = min(failures.count + 1, 100)
      failures.last = now
      state.failures[address] = failures
      if state.failures.count > Self.mostAddresses { forget(&state, now) }
      guard failures.count > Self.free else { return 0 }
      state.slowed += 1
      let doublings = min(failures.count - Self.free - 1, 10)
      return min(Self.firstDelay * Double(1 << doublings), Self.longestDelay)
    }
  }

  /// The address of the client that sent a request; nil if it is not known.
  func address(of request: Request) -> String? {
    if let header {
      // What a client wrote itself comes before what the proxy added.
      let last = request.headers.all(header).last?.split(separator: ",").last
      return last.flatMap { IPAddress(String($0.trimmed))?.unmapped.text }
    }
    let isForwarded = ["Forwarded", "X-Forwarded-For", "Via"].contains {
      request.headers[$0] != nil
    }
    guard !isForwarded, let address = IPAddress(request.peer.host)?.unmapped,
      limitsPrivateAddresses || address.isPublic
    else { return nil }
    return address.text
  }

  private func forget(_ state: inout State, _ now: Double) {
    let old = state.failures.filter { now - $0.value.last > Self.memory }
    for address in old.keys { state.failures[address] = nil }
    // Of as many addresses one cannot be told from another.
    if state.failures.count > Self.mostAddresses { state.failures = [:] }
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = drop { $0 == " " }
    while text.last == " " { text = text.dropLast() }
    return text
  }
}
