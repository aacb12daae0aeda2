import Records
import Setup
import Values

/// The clock, when it is so far ahead of the last sweep that nothing old is removed: see ``Retention``.
struct ClockJump: AttentionSource {
  let home: Home
  let isQuick = false

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    guard let jump = try Retention(home: home).clockJump(at: now) else { return [] }
    return [
      AttentionCandidate(cause: .clock, subject: "home") {
        AttentionItem(.clock, "home", since: jump.since, reason: jump.reason, command: "date")
      }
    ]
  }
}
