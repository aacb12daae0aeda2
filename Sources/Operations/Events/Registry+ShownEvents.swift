import Catalog
public import Records
public import Setup
public import Values

extension Registry {
  /// When an event happened, by what its app says; nil if it does not say it.
  public func time(of event: EventStore.Entry) -> Timestamp? {
    let app = String(event.account.prefix { $0 != ":" })
    guard let path = catalog.apps[app]?.webhook?.time else { return nil }
    return event.body[path: path].int.map { Timestamp(seconds: $0) }
  }

  /// The event as it is shown, without its body, with the time at which it happened.
  public func shown(_ event: EventStore.Entry) -> JSON {
    event.json.with("happened", time(of: event).map { .string($0.text) })
  }
}
