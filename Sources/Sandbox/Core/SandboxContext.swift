import Values

/// The parts that the simulated APIs share: the time, the IDs and the outbox of webhooks.
struct SandboxContext: Sendable {
  var clock: SandboxClock
  var ids: Identifiers
  var outbox = Outbox()

  var now: Timestamp { clock.now }

  mutating func version() -> JSON { .number(Numeral(ids.version(at: now.milliseconds))) }
}
