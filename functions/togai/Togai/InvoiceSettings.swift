public import StepKit
public import Values

/// Shows the foreign ids of an invoice as settings of the invoice in Togai: see ``SettingNote``.
public struct InvoiceSettings: Sendable {
  private let ids: [String: String]
  private let answers: [String: Answer]

  /// The settings of an invoice, as far as the answers go.
  public init(of invoice: Invoice, _ answers: [String: Answer]) {
    ids = invoice.ids
    self.answers = answers
  }

  /// What the note says, or what must be asked first.
  public func note() throws(Failure) -> Part<String> {
    guard let id = ids[Togai.name] else {
      return .has("nothing to set: the invoice has no id in Togai")
    }
    let foreign = ids.filter { $0.key != Togai.name }.sorted { $0.key < $1.key }
    guard !foreign.isEmpty else {
      return .has("nothing to set: invoice \(id) has no id in another app")
    }
    let notes = foreign.map { app, value in
      SettingNote(
        setting: Setting(app: app, value: value, of: .invoice), entity: .invoice, id: id, name: app,
        answers: answers)
    }
    return try SettingNote.written(notes)
  }
}
