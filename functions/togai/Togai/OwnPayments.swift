public import StepKit
public import Values

/// The payments of a Togai invoice that were made in Togai, and not only recorded there.
public struct OwnPayments: Sendable {
  private let invoice: String
  private let answers: [String: Answer]

  /// The payments of an invoice.
  public init(of invoice: String, _ answers: [String: Answer]) {
    self.invoice = invoice
    self.answers = answers
  }

  /// The payments of the first page that has any, the oldest first.
  public func all() throws(Halt) -> [JSON] {
    var found: [JSON] = []
    try Pages.payments("payments", answers).read { items in
      found = items.filter(isOwn)
      return found.isEmpty
    }
    return found.reversed()
  }

  private func isOwn(_ json: JSON) -> Bool {
    let origin = json[path: "externalPaymentReferences.metadata.origin"].string
    return json["id"].nonBlank != nil && origin != InvoicePayment.origin
      && json["lineItemRecords"].items.contains { $0["togaiId"].nonBlank == invoice }
  }
}
