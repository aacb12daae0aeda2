import Step

/// The invoice in the app that asks for it.
struct SourceInvoice: Sendable {
  /// The app's name.
  let app: String
  /// The invoice's id there.
  let id: String

  /// The id that is not of Zoho Books; the first by the app's name.
  init(_ invoice: Invoice) throws(Failure) {
    let others = invoice.ids.filter { $0.key != Zohobooks.name }
    guard let first = others.min(by: { $0.key < $1.key }) else {
      throw .permanent("the invoice has no id in another app")
    }
    app = first.key
    id = first.value
  }

  /// What Zoho Books keeps as the reference number.
  var reference: String { id.shortened(to: 100) }

  /// `Togai invoice`.
  var title: String { "\(app.titled) invoice" }
}
