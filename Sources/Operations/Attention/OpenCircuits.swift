import Records
import Setup
import Values

/// The connections and steps whose circuit breaker is open, so that their runs wait.
struct OpenCircuits: AttentionSource {
  let home: Home
  let isQuick = true

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    try Circuits(home: home).all().map { circuit in
      AttentionCandidate(cause: .tripped, subject: circuit.resource) {
        AttentionItem(
          .tripped, circuit.resource, since: circuit.since,
          reason: "it does not answer, and its runs wait while one at a time tries it:"
            + " \(circuit.reason)",
          command: "meterbridge doctor")
      }
    }
  }
}
