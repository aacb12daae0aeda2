import FoundationEssentials
import StepKit
import Values

/// The payments of a Togai invoice, of all pages.
struct InvoicePayments {
  /// The invoice's id.
  let invoice: String
  /// The account whose payments are read; nil for those of the whole organisation, since one of a group's
  /// invoice may be any member's.
  let account: String?
  let answers: [String: Answer]

  /// The payments with a record of the invoice, the newest first, from answers whose names begin with this
  /// one.
  func all(_ name: String) throws(Halt) -> [JSON] {
    var found: [JSON] = []
    let filter = account.map { ["account_id": JSON.string($0)] } ?? [:]
    let pages = Pages(
      name: name, path: "/payments", size: 50, thing: "the payments", filter: filter,
      answers: answers)
    try pages.read { items in
      found += items.filter { !$0.records(of: invoice).isEmpty }
      return !items.isEmpty  // The last page may name another one, which is empty
    }
    return found
  }
}

extension JSON {
  /// The origin in the metadata of a payment that was made elsewhere and only recorded in Togai.
  static let recordedOrigin = "meterbridge"

  /// The records of an invoice in a Togai payment.
  fileprivate func records(of invoice: String) -> [JSON] {
    self["lineItemRecords"].items.filter { $0["togaiId"].verbatim.hasBytes(of: invoice) }
  }

  /// The amount that a Togai payment paid of an invoice, in major units.
  ///
  /// - Throws: A permanent failure if it cannot be read.
  func paidAmount(of invoice: String) throws(Halt) -> Decimal {
    let records = records(of: invoice)
    let amounts = records.contains { $0["amount"].isNull } ? [self] : records
    var sum = Decimal(0)
    for json in amounts {
      guard let amount = (json["amount"].isNull ? json["totalAmount"] : json["amount"]).amount
      else {
        throw .permanent(
          "the amount of Togai payment \(self["id"].verbatim ?? "?") cannot be read: correct it in"
            + " Togai, and retry the run"
        )
      }
      sum += amount
    }
    return sum
  }

  /// Whether a Togai payment was made elsewhere and only recorded in Togai.
  var isRecorded: Bool {
    self[path: "externalPaymentReferences.metadata.origin"].string == Self.recordedOrigin
  }

  /// The transaction number of a Togai payment.
  var transactionNumber: String? {
    self[path: "externalPaymentReferences.transactionNumber"].verbatim
  }
}
