public import Values

extension StepSpec {
  /// The reason why these fields cannot be set together; nil if they can.
  public func exclusion(in payload: JSON) -> String? {
    let given = fields.filter { excludes.contains($0.name) && !payload[$0.name].isNull }
    guard given.count > 1 else { return nil }
    return "\(id) takes only one of \(given.map(\.name).joined(separator: ", "))"
  }

  /// Whether a trigger starts for the same documents as another of the same account.
  ///
  /// The settings are those of the two connections, the payloads what the two flows set.
  public func overlaps(
    _ other: StepSpec, payloads: (JSON, JSON), settings: (JSON, JSON)
  ) -> Bool {
    let events = events(payload: payloads.0)
    guard id == other.id || !Set(events).isDisjoint(with: other.events(payload: payloads.1)) else {
      return false
    }
    guard let mine = limitedBy.flatMap({ settings.0[$0].nonBlank }),
      let theirs = other.limitedBy.flatMap({ settings.1[$0].nonBlank })
    else { return true }
    return mine == theirs
  }

  /// Whether an action with one payload grants something else than with another.
  ///
  /// Tables are compared where they have a key in common: without one, they are for different things.
  public func grantsDiffer(_ one: JSON, _ other: JSON) -> Bool {
    var isDifferent = false
    for field in fields where grants.contains(field.name) {
      let (mine, theirs) = (one[field.name], other[field.name])
      if mine.object != nil, theirs.object != nil {
        let common = mine.allMembers.map(\.name).filter { !theirs[$0].isNull }
        guard !common.isEmpty else { return false }
        isDifferent = isDifferent || common.contains { mine[$0] != theirs[$0] }
      } else {
        isDifferent = isDifferent || field.effective(one) != field.effective(other)
      }
    }
    return isDifferent
  }
}

extension Setting {
  /// The value that counts in a payload.
  fileprivate func effective(_ payload: JSON) -> JSON {
    payload[name].isNull ? standard : payload[name]
  }
}
