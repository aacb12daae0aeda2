import StepKit
import Values

/// Writes one setting on an entity in Togai, for people to see.
///
/// The ID mapping does not depend on it, so a refusal fails nothing.
///
/// | answer of Togai | result |
/// |---|---|
/// | 201, 204 | set |
/// | 404 | retried with Togai's own id of the entity: its examples use both |
/// | 401 | failed, as for every other request |
/// | 408, 429, 5xx | retried later |
/// | any other refusal | done, with a warning |
/// | unknown, and the setting is there then | set |
/// | unknown, and it is not | retried later: the request is idempotent |
struct SettingWriter {
  let setting: Setting
  let entity: Setting.Entity
  /// The entity's id.
  let id: String
  /// The end of the effect names.
  let suffix: String
  let answers: [String: Answer]

  private var target: String { "\(entity.rawValue.lowercased()) \(id)" }
  private var thing: String { "setting \(setting.id) of \(target)" }
  private var done: Remark { .note("set \(setting.id) on \(target)") }

  /// Writes several settings, and returns what there is to say of it.
  static func write(_ writers: [SettingWriter]) throws(Halt) -> Remark {
    .joined(try writers.batchMap { (writer) throws(Halt) in try writer.write() })
  }

  private func write() throws(Halt) -> Remark {
    let written = try answers.answer(to: setting.write("setting-\(suffix)", on: entity, id))
    guard written.status == 404, let path = entity.path else {
      return try result(of: written, id, look: "look-\(suffix)")
    }
    let read = try answers.answer(to: .get("read-\(suffix)", "\(path)/\(id.percentEncoded)"))
    try checkReachable(read)
    guard let own = read.value[entity.ownID].nonBlank else { return refused(written) }
    let again = try answers.answer(to: setting.write("again-\(suffix)", on: entity, own))
    return try result(of: again, own, look: "look-again-\(suffix)")
  }

  private func result(
    of written: Answer, _ id: String, look name: String
  ) throws(Halt) -> Remark {
    if written.isSuccess { return done }
    guard written.isUnknown else {
      try checkReachable(written)
      return refused(written)
    }
    let look = try answers.answer(to: Setting.read(name, of: entity, id, setting: setting.id))
    try checkReachable(look)
    guard look.isSuccess else {
      return .warning("\(setting.id) is in doubt: \(TogaiAPI.failure(look, thing).reason)")
    }
    guard setting.isIn(look) else {
      throw .unanswered("Togai", "\(thing)", isMissing: true)
    }
    return done
  }

  private func refused(_ answer: Answer) -> Remark {
    .warning("\(setting.id) was not set: \(TogaiAPI.failure(answer, thing).reason)")
  }

  /// Throws the failure of an answer that must not be ignored: in doubt, temporary, or a refused token.
  private func checkReachable(_ answer: Answer) throws(Halt) {
    if answer.isUnknown || answer.isTemporary || answer.status == 401 {
      throw TogaiAPI.halt(answer, thing)
    }
  }
}

extension Setting.Entity {
  /// The path of the entities, if their settings may have another id.
  fileprivate var path: String? {
    switch self {
    case .customer: "/customers"
    case .account: "/accounts"
    case .invoice: nil
    }
  }

  /// The member with Togai's own id.
  fileprivate var ownID: String { "togai\(rawValue.lowercased().titled)Id" }
}
