public import StepKit
import Values

/// Shows the foreign ids of an invoice as settings of the invoice in Togai; see ``SettingWriter``.
public struct InvoiceSettings: Sendable {
  private let ids: [String: String]
  private let answers: [String: Answer]

  /// The settings of an invoice.
  public init(of invoice: Invoice, _ answers: [String: Answer]) {
    ids = invoice.ids
    self.answers = answers
  }

  /// Writes the settings, and returns what there is to say of it.
  public func remark() throws(Halt) -> Remark {
    guard let id = ids[TogaiAPI.name] else {
      return .note("nothing to set: the invoice has no id in Togai")
    }
    let foreign = ids.excluding(TogaiAPI.name).byApp
    guard !foreign.isEmpty else {
      return .note("nothing to set: invoice \(id) has no id in another app")
    }
    return try SettingWriter.write(
      foreign.map { app, value in
        SettingWriter(
          setting: Setting(app: app, value: value, of: .invoice), entity: .invoice, id: id,
          suffix: app, answers: answers)
      })
  }
}
