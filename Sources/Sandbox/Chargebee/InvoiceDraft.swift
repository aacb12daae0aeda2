import Values

/// The data of a new invoice.
struct InvoiceDraft {
  var customer: Members
  var subscription: String?
  var currency: String
  var sum: InvoiceSum
  var date: Int
  var netTermDays = 0
  var poNumber: String?
  var note: String?
  var status = "payment_due"
  /// The values of custom fields, by name.
  var customFields: [String: String] = [:]
}
