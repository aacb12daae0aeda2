import Records

extension Exposition {
  /// Adds the counts and timings of a dispatcher since its start.
  mutating func add(_ state: Metrics.State) {
    addCounts(state.counts)
    add(
      "meterbridge_run_duration_seconds", "Time from the event of a run to its end.",
      state.timings.compactMap { $0 == .run ? ([], $1) : nil })
    add(
      "meterbridge_effect_duration_seconds", "Duration of requests to apps.",
      labelled(state.timings) { if case .request(let app) = $0 { ("app", app) } else { nil } })
    add(
      "meterbridge_function_call_duration_seconds", "Duration of calls of steps.",
      labelled(state.timings) { if case .call(let step) = $0 { ("step", step) } else { nil } })
  }

  private mutating func addCounts(_ counts: [Metrics.Count: Int]) {
    var events: [(labels: [(name: String, value: String)], value: Double)] = []
    var effects = events
    var runs: [Run.Status: Int] = [:]
    for (count, number) in counts {
      switch count {
      case .event(let outcome, let status):
        events.append(([("outcome", outcome), ("status", "\(status)")], Double(number)))
      case .request(let app, let result):
        effects.append(([("app", app), ("status", result)], Double(number)))
      case .run(let status): runs[status] = number
      case .retry: break
      }
    }
    // Present from the start, so that a rate has a first value
    for outcome in ["taken", "unheard", "duplicate", "unreadable"]
    where counts[.event(outcome: outcome, status: 200)] == nil {
      events.append(([("outcome", outcome), ("status", "200")], 0))
    }
    add(
      .counter, "meterbridge_events_total", "Webhooks, by outcome and status of the response.",
      sorted(events))
    add(
      .counter, "meterbridge_runs_total", "Runs that ended, by outcome.",
      Run.Status.allCases.filter { $0 != .pending }.map {
        ([("outcome", $0.rawValue)], Double(runs[$0] ?? 0))
      })
    add(
      .counter, "meterbridge_run_retries_total", "Retries of runs.",
      Double(counts[.retry] ?? 0))
    add(
      .counter, "meterbridge_effects_total",
      "Requests to apps, by class of the response status.", sorted(effects))
  }

  private func sorted(
    _ samples: [(labels: [(name: String, value: String)], value: Double)]
  ) -> [(labels: [(name: String, value: String)], value: Double)] {
    samples.sorted {
      $0.labels.map(\.value).joined(separator: " ")
        < $1.labels.map(\.value).joined(separator: " ")
    }
  }

  private func labelled(
    _ timings: [Metrics.Timing: Histogram],
    _ label: (Metrics.Timing) -> (name: String, value: String)?
  ) -> [(labels: [(name: String, value: String)], value: Histogram)] {
    timings.compactMap { timing, histogram in label(timing).map { ([$0], histogram) } }
      .sorted { ($0.labels.first?.value ?? "") < ($1.labels.first?.value ?? "") }
  }
}
