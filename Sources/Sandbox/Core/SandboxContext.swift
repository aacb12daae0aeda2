import Values

/// The parts that the simulated APIs share: the time, the IDs and the outbox of webhooks.
///
/// The state lends it to an app for the time of a call.
struct SandboxContext: Sendable {
  var clock: SandboxClock
  var ids: Identifiers
  var outbox = Outbox()

  /// The context of an app between calls.
  static let idle = SandboxContext(
    clock: SandboxClock(at: Timestamp(seconds: 0), speed: 0) { 0 }, ids: Identifiers(seed: 0))

  var now: Timestamp { clock.now }

  mutating func version() -> JSON { .number(Numeral(ids.version(at: now.milliseconds))) }
}
