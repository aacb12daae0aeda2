public import Step

/// The invoice in the app that asks for it.
public struct SourceInvoice: Sendable {
  /// The app's name.
  public let app: String
  /// The invoice's id there.
  public let id: String

  /// The id that is not Chargebee's; the first by the app's name.
  public init(_ invoice: Invoice) throws(Failure) {
    let others = invoice.ids.filter { $0.key != Chargebee.name }
    guard let first = others.min(by: { $0.key < $1.key }) else {
      throw .permanent("the invoice has no id in another app")
    }
    app = first.key
    id = first.value
  }

  /// What Chargebee keeps as the PO number.
  public var reference: String { id.shortened(to: 100) }

  /// `Togai invoice`.
  public var title: String { "\(app.titled) invoice" }
}
