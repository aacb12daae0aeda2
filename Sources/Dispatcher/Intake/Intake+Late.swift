import Catalog
public import Records
import Setup
import StepKit
import Store
public import Values

extension Intake {
  /// Stores a run of a flow connection for a stored event, such as one from before it was enabled; nil
  /// if the event has a run of the flow connection.
  ///
  /// - Throws: a `refused` problem if the flow connection does not listen to such events; `noInput` if
  ///   the event is no longer stored; `io` or `temporary` if the store cannot be used now.
  public func start(
    _ name: String, for entry: EventStore.Entry
  ) throws(Problem) -> Run? {
    try registry.home.transact { (transaction) throws(Problem) in
      guard let text = try registry.home.text(at: entry.key) else {
        throw Problem(.noInput, "the event \(entry.id) is kept no longer")
      }
      let document = try Home.document(in: text, at: entry.key)
      guard try !hasRun(document, name) else { return nil }
      let run = try run(of: name, for: entry, document)
      let runs = (document["runs"].array ?? []) + [.string(run.id)]
      transaction.changes = [.put(entry.key, document.with("runs", .array(runs)))] + run.opening
      transaction.conditions = [.equals(entry.key, text)]
      return run
    }
  }

  private func hasRun(_ event: JSON, _ name: String) throws(Problem) -> Bool {
    for id in event["runs"].array?.compactMap(\.string) ?? [] {
      let run = try registry.home.document(at: StoreKey.run.key(id))
      if run?["flowConnection"].string == name { return true }
    }
    return false
  }

  private func run(
    of name: String, for entry: EventStore.Entry, _ document: JSON
  ) throws(Problem) -> Run {
    let connection = try registry.connections.get(entry.connection)
    guard let spec = connection.app.webhook else {
      throw Problem(.data, "\(connection.app.name) sends no webhooks")
    }
    let event = try Event(JSONBody(document["body"]), from: connection, spec, at: entry.at)
    let subscriptions = Subscriptions(registry: registry, isByPerson: person != nil)
    guard let listener = try subscriptions.listener(try registry.flows.connection(name), to: event)
    else {
      throw Problem(
        .refused,
        "\(name) does not listen to \(entry.type ?? "such events") of \(entry.account)")
    }
    return try newRun(of: listener, for: event, at: clock.now())
  }
}
