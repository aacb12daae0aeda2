import StepKit
import Values

/// Writes one setting on something in Togai, for people to see.
///
/// The ID mapping is what counts, so a refusal stops nothing.
///
/// | what Togai says | what comes of it |
/// |---|---|
/// | 201, 204 | set |
/// | 404 | once more by Togai's own id of the thing: its examples name things by both |
/// | 401 | failed, as it is for every other request |
/// | 408, 429, 5xx | later again |
/// | any other refusal | done, with a note |
/// | nothing, and the setting is there then | set |
/// | nothing, and it is not | later again: the same setting written twice is one setting |
struct SettingNote {
  let setting: Setting
  let entity: Setting.Entity
  /// The thing's id.
  let id: String
  /// How the names of the effects end.
  let name: String
  let answers: [String: Answer]

  private var thing: String { entity.rawValue.lowercased() }
  private var what: String { "setting \(setting.id) of \(thing) \(id)" }
  private var done: Part<String> { .has("set \(setting.id) on \(thing) \(id)") }

  /// What the note says, or what must be asked first.
  func written() throws(Failure) -> Part<String> {
    guard let written = answers["setting-\(name)"] else {
      return .needs([setting.write("setting-\(name)", on: entity, id)])
    }
    if written.status == 404, let path = entity.path {
      return try writtenAgain(path, after: written)
    }
    return try ending(of: written, id, look: "look-\(name)")
  }

  /// What the notes of several settings say, or all that must be asked first.
  static func written(_ notes: [SettingNote]) throws(Failure) -> Part<String> {
    var effects: [Effect] = []
    var words: [String] = []
    for note in notes {
      let written = try note.written()
      effects += written.effects
      words += [written.value].compactMap(\.self)
    }
    return effects.isEmpty ? .has(words.joined(separator: "; ")) : .needs(effects)
  }

  /// By the id that Togai itself gave the thing.
  private func writtenAgain(_ path: String, after refusal: Answer) throws(Failure) -> Part<String> {
    guard let read = answers["read-\(name)"] else {
      return .needs([.get("read-\(name)", "\(path)/\(id.percentEncoded)")])
    }
    try check(read)
    guard let own = read.value[entity.ownID].nonBlank else { return refused(refusal) }
    guard let written = answers["again-\(name)"] else {
      return .needs([setting.write("again-\(name)", on: entity, own)])
    }
    return try ending(of: written, own, look: "look-again-\(name)")
  }

  private func ending(
    of written: Answer, _ id: String, look name: String
  ) throws(Failure) -> Part<String> {
    if written.isSuccess { return done }
    guard written.isUnknown else {
      try check(written)
      return refused(written)
    }
    guard let look = answers[name] else {
      return .needs([setting.look(name, on: entity, id)])
    }
    try check(look)
    guard look.isSuccess else {
      return .has("\(setting.id) is in doubt: \(Togai.failure(look, what).reason)")
    }
    guard setting.isIn(look) else {
      throw .temporary("\(what) is in doubt and not there yet", after: 30)
    }
    return done
  }

  private func refused(_ answer: Answer) -> Part<String> {
    .has("\(setting.id) was not set: \(Togai.failure(answer, what).reason)")
  }

  /// The only answers that are a reason to fail, or to try again.
  private func check(_ answer: Answer) throws(Failure) {
    if answer.isUnknown || answer.isTemporary || answer.status == 401 {
      throw Togai.failure(answer, what)
    }
  }
}

extension Setting.Entity {
  /// Where things of the kind are read, if their settings may be by another id.
  fileprivate var path: String? {
    switch self {
    case .customer: "/customers"
    case .account: "/accounts"
    case .invoice: nil
    }
  }

  /// The member that holds Togai's own id.
  fileprivate var ownID: String { "togai\(rawValue.lowercased().titled)Id" }
}
