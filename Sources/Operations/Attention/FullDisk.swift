import Records
import Setup
import Values

/// The disk of the home, when it is nearly full.
struct FullDisk: AttentionSource {
  let home: Home
  let isQuick = false

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    guard let room = DiskRoom(at: home.path), room.isNearlyFull else { return [] }
    return [
      AttentionCandidate(cause: .disk, subject: "home") {
        AttentionItem(
          .disk, "home", since: now,
          reason: "\(room.words); where there is no room, webhooks are answered 503",
          command: "meterbridge store compact")
      }
    ]
  }
}
