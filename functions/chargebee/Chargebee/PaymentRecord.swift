import StepKit
import Values

/// A payment made in another app, as a transaction on a Chargebee invoice.
///
/// The reference number identifies the payment: Chargebee keeps idempotency keys for 30 minutes only.
struct PaymentRecord {
  /// The invoice's id in Chargebee.
  let invoice: String
  /// The reference number, at most 100 characters.
  let reference: String
  /// The app in which the payment was made.
  let app: String
  let answers: [String: Answer]

  var thing: String { "the payment of invoice \(invoice)" }

  var inDoubt: Halt { .temporary("\(thing) is in doubt and not there yet", after: 30) }

  private var path: String { "/invoices/\(invoice.percentEncoded)" }

  /// The request for the invoice.
  func readInvoice(_ effect: String) -> Effect { .get(effect, path) }

  /// The transaction with the reference number that did not fail; nil if there is none.
  func transaction(_ effect: String) throws(Halt) -> JSON? {
    let answer = try answers.answer(to: .get(effect, "\(path)/payments"))
    let list = try Chargebee.value(of: answer, "the payments of invoice \(invoice)")["list"]
    return list.items.map { $0["transaction"] }.first {
      $0["reference_number"].nonBlank == reference && $0["status"].string != "failure"
    }
  }

  /// Records the payment, of an amount in minor units.
  func write(_ effect: String, amount: Int, method: String = "other") throws(Halt) -> Answer {
    let body: JSON = [
      "transaction": [
        "payment_method": .string(method), "amount": .number(Numeral(amount)),
        "reference_number": .string(reference),
      ],
      "comment": .string("Paid in \(app.titled)"),
    ]
    return try answers.answer(to: .post(effect, "\(path)/record_payment", body: body))
  }
}
