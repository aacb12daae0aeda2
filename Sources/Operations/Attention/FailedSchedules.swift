import Records
import Setup
import Values

/// The scheduled work that failed, or found what a person must look at.
struct FailedSchedules: AttentionSource {
  let registry: Registry
  let isQuick = true

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    var candidates: [AttentionCandidate] = []
    for schedule in try registry.schedules() {
      guard let record = try ScheduleRecord.of(schedule, in: registry.home, at: now),
        let since = record.failing
      else { continue }
      let command = schedule.work == .catalogueCheck ? "doctor" : "schedule list"
      candidates.append(
        AttentionCandidate(cause: .schedule, subject: schedule.name) {
          AttentionItem(
            .schedule, schedule.name, since: since,
            reason: "\(schedule.name): \(record.said ?? "failed")",
            command: "meterbridge \(command)")
        })
    }
    return candidates
  }
}
