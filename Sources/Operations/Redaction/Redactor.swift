public import Records
public import Setup
import StepKit
public import Values

/// Removes personal data from runs before they are shown, if the home's setting says so.
///
/// Ids are kept, since they identify the subject of a run. Runs contain no secrets.
public struct Redactor: Sendable {
  private let home: Home
  /// Whether personal data is removed.
  public let cutsPersonalData: Bool

  /// Creates a redactor according to the setting of a home.
  public init(home: Home) throws(Problem) {
    self.home = home
    cutsPersonalData = try HomeSetting.personalData.value(in: home) == "cut"
  }

  /// A sentence to show; `run` is the id of the run that it is about, whose data it may quote.
  public func shown(_ text: String, of run: String? = nil) -> String {
    guard cutsPersonalData else { return text }
    let store = RunStore(home: home)
    // A run that cannot be read has told nothing that could be quoted
    guard let run, let known = try? store.run(run), let effects = try? store.effects(of: known),
      let words = try? words(of: known, effects)
    else { return PersonalData.cut(text) }
    return PersonalData.cut(text, words)
  }

  /// A document without personal data.
  public static func cut(_ document: JSON) -> JSON { PersonalData.cut(document) }

  /// A run and its effects to show.
  public func shown(
    _ run: Run, _ effects: [RunEffect]? = nil
  ) throws(Problem) -> (run: Run, effects: [RunEffect]) {
    guard cutsPersonalData else { return (run, effects ?? []) }
    // The same words whether or not the effects are shown
    let known: [RunEffect]
    if let effects { known = effects } else { known = try RunStore(home: home).effects(of: run) }
    let words = try words(of: run, known)
    var shown = run
    shown.outputs = run.outputs.map { PersonalData.cut($0, words) }
    shown.reason = run.reason.map { PersonalData.cut($0, words) }
    shown.log = run.log.map { row in
      Run.Entry(
        name: row.name, status: row.status, at: row.at,
        note: row.note.map { PersonalData.cut($0, words) }, by: row.by)
    }
    return (shown, (effects ?? []).map { $0.cut(words) })
  }

  /// The personal data of a run, its event and its effects, as far as they are no ids.
  private func words(of run: Run, _ effects: [RunEffect]) throws(Problem) -> Set<String> {
    var documents = [JSON.array(run.outputs)]
    if let event = try home.document(at: run.event) { documents.append(event["body"]) }
    for effect in effects { documents += [effect.body, effect.record["answer"]["value"]] }
    let ids = documents.reduce(into: Set()) { $0.formUnion(PersonalData.ids(in: $1)) }
    return documents.reduce(into: Set()) { $0.formUnion(PersonalData.words(in: $1)) }
      .filter { !ids.contains($0.byteKey) }
  }
}

extension RunEffect {
  /// The effect without personal data in its request and its answer.
  fileprivate func cut(_ words: Set<String>) -> RunEffect {
    var record = record
    let holder = Self.holder(of: record["effect"]["http"]["path"].string ?? "")
    record.change("effect") { effect in
      effect.change("mail") { $0 = PersonalData.cut($0, words) }
      effect.change("http") { http in
        for part in ["body", "query"] {
          http.change(part) { $0 = PersonalData.cut($0, words, in: holder) }
        }
        http.change("path") { $0 = .string(PersonalData.cut($0.string ?? "")) }
      }
    }
    record.change("answer") { answer in
      answer.change("value") { $0 = PersonalData.cut($0, words, in: holder) }
    }
    return RunEffect(step: step, name: name, record: record)
  }

  /// What a request is about, by its path: `customers` for `/customers/cus_1`.
  private static func holder(of path: String) -> String? {
    path.split(separator: "/").first.map(String.init)
  }
}

extension JSON {
  /// Changes a member if it exists.
  fileprivate mutating func change(_ name: String, _ body: (inout JSON) -> Void) {
    guard var value = allMembers.first(where: { $0.name.hasBytes(of: name) })?.value else { return }
    body(&value)
    self = with(name, value)
  }
}
