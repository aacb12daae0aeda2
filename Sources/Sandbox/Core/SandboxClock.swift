import Values

/// The sandbox's time, on which all time-dependent behaviour is based.
///
/// It runs `speed` times as fast as `uptime`. At speed 0 it stands still until it is set.
struct SandboxClock: Sendable {
  private var base: Timestamp
  private var started: Double
  private var speed: Double
  /// Seconds since any fixed moment.
  private let uptime: @Sendable () -> Double

  init(at base: Timestamp, speed: Double, uptime: @escaping @Sendable () -> Double) {
    self.base = base
    self.speed = speed
    self.uptime = uptime
    started = uptime()
  }

  var now: Timestamp {
    let passed = min((uptime() - started) * speed * 1000, 1e15)
    return Timestamp(milliseconds: base.milliseconds + Int(passed))
  }

  mutating func set(_ time: Timestamp) {
    self = SandboxClock(at: time, speed: speed, uptime: uptime)
  }

  mutating func setSpeed(_ speed: Double) {
    self = SandboxClock(at: now, speed: speed, uptime: uptime)
  }

  /// Seconds of uptime until the clock reaches a time; infinite if it stands still before that.
  func uptimeSeconds(until time: Timestamp) -> Double {
    let left = Double(time.milliseconds - now.milliseconds) / 1000
    if left <= 0 { return 0 }
    return speed > 0 ? left / speed : .infinity
  }
}
