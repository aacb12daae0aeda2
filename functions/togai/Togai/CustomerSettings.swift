public import StepKit
public import Values

/// Shows the foreign ids of a customer as settings of the account and the customer in Togai: see
/// ``SettingNote``.
///
/// Of a customer with several accounts, each of which is a customer in the other app, the customer's
/// own setting names the one that the ID mapping does.
public struct CustomerSettings: Sendable {
  private let customer: Customer
  private let answers: [String: Answer]

  /// The settings of a customer, as far as the answers go.
  public init(of customer: Customer, _ answers: [String: Answer]) {
    self.customer = customer
    self.answers = answers
  }

  /// What the note says, or what must be asked first.
  public func note() throws(Failure) -> Part<String> {
    let foreign = customer.ids.filter { $0.key != Togai.name }
    guard let id = customer.ids[Togai.name] else {
      return .has("nothing to set: the customer has no id in Togai")
    }
    guard !foreign.isEmpty else {
      return .has("nothing to set: customer \(id) has no id in another app")
    }
    guard let account = answers["account"], let row = answers["row"] else {
      return .needs([
        .find(name: "account", kind: .account, ids: foreign, in: Togai.name),
        .find(name: "row", kind: .customer, ids: [Togai.name: id]),
      ])
    }
    let accountID = account.value.nonBlank ?? customer.account
    var notes: [SettingNote] = []
    for (app, value) in foreign.sorted(by: { $0.key < $1.key }) {
      let setting = Setting(app: app, value: value)
      if let accountID { notes.append(note(setting, .account, accountID, app)) }
      if row.value[app].nonBlank == value { notes.append(note(setting, .customer, id, app)) }
    }
    guard !notes.isEmpty else {
      return .has("nothing to set: customer \(id) is not in the ID mapping")
    }
    return try SettingNote.written(notes)
  }

  private func note(
    _ setting: Setting, _ entity: Setting.Entity, _ id: String, _ app: String
  ) -> SettingNote {
    SettingNote(
      setting: setting, entity: entity, id: id, name: "\(entity.rawValue.lowercased())-\(app)",
      answers: answers)
  }
}
