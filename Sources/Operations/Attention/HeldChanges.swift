import Policies
import Records
import Setup
import Store
import Values

/// The changes that do not leave yet, and the switch that stops all.
struct HeldChanges: AttentionSource {
  let home: Home
  let isQuick = true

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    let holds = try HoldStore(home: home).all().map { hold in
      AttentionCandidate(cause: .held, subject: hold.run) { () throws(Problem) in
        try item(hold)
      }
    }
    guard let notice = try EffectStop(home: home).notice() else { return holds }
    return holds + [
      AttentionCandidate(cause: .held, subject: "effects") {
        AttentionItem(
          .held, "effects", since: notice.at, reason: notice.words,
          command: "meterbridge start-effects")
      }
    ]
  }

  private func item(_ hold: Hold) throws(Problem) -> AttentionItem? {
    guard let document = try home.document(at: StoreKey.run.key(hold.run)) else { return nil }
    let run = try Redactor(home: home).shown(Run(json: document)).run
    var item = AttentionItem(
      .held, hold.run, since: hold.since, reason: hold.reason,
      command: "meterbridge approval show \(hold.run)")
    item.run = hold.run
    item.flowConnection = hold.flowConnection
    let subject = RunSubject(of: run)
    item.customer = subject.customer
    item.amount = hold.money?.text ?? subject.amount
    item.nextTry = hold.until
    return item
  }
}
