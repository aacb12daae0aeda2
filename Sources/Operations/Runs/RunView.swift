public import Records
public import Setup
public import Values

/// A run as it is shown: with its effects, and without personal data if the home redacts it.
public struct RunView: Sendable {
  /// The run.
  public let run: Run
  /// Its effects, ordered by step and call.
  public let effects: [RunEffect]
  /// The id of the earlier run of its lane that it waits behind, if any.
  public let behind: String?

  /// The view of the run of an id.
  /// - Throws: A `noInput` problem if there is none.
  public init(_ id: String, in home: Home) throws(Problem) {
    let book = RunStore(home: home)
    let known = try book.run(id)
    (run, effects) = try Redactor(home: home).shown(known, book.effects(of: known))
    behind = run.status == .pending ? RunStore.blockingRuns(among: try book.open())[run.id] : nil
  }

  /// What `run show --json` prints.
  public var json: JSON {
    let documents = effects.map { effect -> JSON in
      [
        "step": .int(effect.step + 1) ?? .null, "name": .string(effect.name),
        "record": effect.record,
      ]
    }
    return ["run": run.json(behind: behind), "effects": .array(documents)]
  }
}
