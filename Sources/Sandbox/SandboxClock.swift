import Values

/// The sandbox's own time, which decides all that depends on time in it.
///
/// It runs `speed` times as fast as the real one; at speed 0 it stands still and moves only when
/// somebody advances it.
struct SandboxClock: Sendable {
  private var base: Timestamp
  private var started: ContinuousClock.Instant
  private(set) var speed: Double

  init(at base: Timestamp, speed: Double) {
    self.base = base
    self.speed = speed
    started = .now
  }

  var now: Timestamp {
    let real = ContinuousClock.now - started
    let seconds = Double(real.components.seconds) + Double(real.components.attoseconds) / 1e18
    let passed = min(seconds * speed * 1000, 1e15)
    return Timestamp(milliseconds: base.milliseconds + Int(passed))
  }

  mutating func set(_ time: Timestamp) { self = SandboxClock(at: time, speed: speed) }

  mutating func setSpeed(_ speed: Double) { self = SandboxClock(at: now, speed: speed) }

  /// Real seconds until a moment comes by itself; infinite when it stands still before it.
  func realSeconds(until time: Timestamp) -> Double {
    let left = Double(time.milliseconds - now.milliseconds) / 1000
    if left <= 0 { return 0 }
    return speed > 0 ? left / speed : .infinity
  }
}
