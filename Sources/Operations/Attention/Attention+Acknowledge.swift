public import Records
import Setup
import Store
public import Values

extension Attention {
  /// Leaves an item out from now on: a person has seen it and will do no more, or has done it elsewhere.
  ///
  /// A run that failed or did not sync is no longer marked, and its activity log says who did it. Another
  /// item is left out for as long as it is the same.
  /// - Throws: A `refused` problem for an item that ends only when somebody does something about it.
  public func acknowledge(
    _ item: AttentionItem, by person: String?, now: Timestamp
  ) throws(Problem) {
    switch item.cause {
    case .failed, .notSynced:
      try acknowledge(run: item.subject, by: person, now: now)
    case .inDoubt, .held, .disk, .notServed:
      throw Problem(
        .refused, "\(item.id) cannot be acknowledged; `\(item.command)` is what helps")
    case .unreadable, .paused, .tripped, .waiting, .silent, .behind, .schedule, .clock:
      let document = JSON.members([
        "since": .string(item.since.text), "at": .string(now.text), "by": .text(person),
      ])
      _ = try registry.home.commit([
        .put(StoreKey.acknowledged.key(item.id.percentEncoded), document)
      ])
    }
  }

  private func acknowledge(run id: String, by person: String?, now: Timestamp) throws(Problem) {
    let home = registry.home
    try home.transact { (transaction) throws(Problem) in
      let key = StoreKey.run.key(id)
      guard let text = try home.text(at: key) else { return }
      var run = try Run(json: Home.document(in: text, at: key))
      guard run.needsAttention else { return }
      run.note("Acknowledged", run.status.title, at: now, by: person)
      transaction.changes = [run.update, .remove(run.attentionKey)]
      transaction.conditions = [.equals(key, text)]
    }
  }

  /// Forgets what was acknowledged or assigned and is no longer there.
  func forgetAcknowledged(except present: Set<String>) throws(Problem) {
    let home = registry.home
    for kind in [StoreKey.acknowledged, .assigned] {
      let gone = try home.documents(below: kind.prefix).filter { record in
        let name = kind.name(in: record.key)
        return !present.contains(name.percentDecoded ?? name)
      }
      if !gone.isEmpty { _ = try home.commit(gone.map { .remove($0.key) }) }
    }
  }
}
