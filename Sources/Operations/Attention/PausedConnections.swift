import Records
import Setup
import Values

/// The connections that are paused.
struct PausedConnections: AttentionSource {
  let home: Home
  let isQuick = true

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    try home.documents(below: StoreKey.paused.prefix).map { (key, document) in
      let name = StoreKey.paused.name(in: key)
      let deed = document["by"].isNull ? "test" : "resume"
      return AttentionCandidate(cause: .paused, subject: name) {
        AttentionItem(
          .paused, name, since: document["since"].time ?? now,
          reason: document["reason"].string ?? "its app refused the key",
          command: "meterbridge connection \(deed) \(name)")
      }
    }
  }
}
