public import StepKit
import Values

/// Shows the foreign ids of a customer as settings of its account and itself in Togai; see
/// ``SettingWriter``.
///
/// If a customer has several accounts, each a customer in the other app, its own setting names the one
/// that the ID mapping does.
public struct CustomerSettings: Sendable {
  private let customer: Customer
  private let answers: [String: Answer]

  /// The settings of a customer.
  public init(of customer: Customer, _ answers: [String: Answer]) {
    self.customer = customer
    self.answers = answers
  }

  /// Writes the settings, and returns what there is to say of it.
  public func remark() throws(Halt) -> Remark {
    let foreign = customer.ids.excluding(TogaiAPI.name)
    guard let id = customer.ids[TogaiAPI.name] else {
      return .note("nothing to set: the customer has no id in Togai")
    }
    guard !foreign.isEmpty else {
      return .note("nothing to set: customer \(id) has no id in another app")
    }
    try answers.require([
      .find(name: "account", kind: .account, ids: foreign, in: TogaiAPI.name),
      .find(name: "row", kind: .customer, ids: [TogaiAPI.name: id]),
    ])
    let account = answers["account"]?.value.verbatim ?? customer.account
    let row = answers["row"]?.value ?? .null
    var writers: [SettingWriter] = []
    for (app, value) in foreign.byApp {
      let setting = Setting(app: app, value: value)
      if let account { writers.append(writer(setting, .account, account, app)) }
      if row[app].verbatim.hasBytes(of: value) {
        writers.append(writer(setting, .customer, id, app))
      }
    }
    guard !writers.isEmpty else {
      return .note("nothing to set: customer \(id) is not in the ID mapping")
    }
    return try SettingWriter.write(writers)
  }

  private func writer(
    _ setting: Setting, _ entity: Setting.Entity, _ id: String, _ app: String
  ) -> SettingWriter {
    SettingWriter(
      setting: setting, entity: entity, id: id, suffix: "\(entity.rawValue.lowercased())-\(app)",
      answers: answers)
  }
}
