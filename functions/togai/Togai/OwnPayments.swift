import FoundationEssentials
public import StepKit
public import Values

/// The payments of a Togai invoice that were made in Togai.
///
/// What was paid in another app and is only written down in Togai says so, and is none of them.
public struct OwnPayments: Sendable {
  /// Pages of fifty, the newest first.
  private static let mostPages = 20

  private let invoice: String
  private let answers: [String: Answer]

  /// The payments of an invoice, as far as the answers go.
  public init(of invoice: String, _ answers: [String: Answer]) {
    self.invoice = invoice
    self.answers = answers
  }

  /// The payments of an invoice that was paid in part or in full; none of any other.
  public static func before(
    _ invoice: TogaiInvoice, _ answers: [String: Answer]
  ) throws(Failure) -> Part<[JSON]> {
    invoice.paid > 0 ? try OwnPayments(of: invoice.id, answers).all() : .has([])
  }

  /// The payments, the oldest first, or what must be asked first.
  public func all() throws(Failure) -> Part<[JSON]> {
    var token: String?
    var found: [JSON] = []
    for page in 0..<Self.mostPages {
      guard let answer = answers["payments-\(page)"] else {
        let query = JSON.members(["pageSize": 50, "nextToken": .text(token)])
        return .needs([.get("payments-\(page)", "/payments", query: query)])
      }
      let list = try Togai.value(of: answer, "the payments")
      found += (list["data"].array ?? []).filter(isOwn)
      token = list["nextToken"].nonBlank
      guard token != nil, found.isEmpty else { break }
    }
    return .has(found.reversed())
  }

  private func isOwn(_ json: JSON) -> Bool {
    let origin = json[path: "externalPaymentReferences.metadata.origin"].string
    return json["id"].nonBlank != nil && origin != InvoicePayment.origin
      && (json["lineItemRecords"].array ?? []).contains { $0["togaiId"].nonBlank == invoice }
  }
}
