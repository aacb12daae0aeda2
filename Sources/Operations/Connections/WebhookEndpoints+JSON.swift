public import Values

extension WebhookEndpoints.Endpoint {
  /// The endpoint as `webhook status --json` prints it, with the events that no endpoint sends here.
  public func json(missing: [String]) -> JSON {
    [
      "id": .string(id), "url": .string(url), "disabled": .bool(isDisabled), "ours": .bool(isOurs),
      "mayLeadHere": .bool(mayLeadHere), "events": .texts(events), "missing": .texts(missing),
    ]
  }
}
