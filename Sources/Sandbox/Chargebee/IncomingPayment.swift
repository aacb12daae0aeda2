/// A payment to book on an invoice.
struct IncomingPayment {
  var amount: Int
  var method: String
  var reference: String?
  var gatewayID: String?
  var status = "success"
  var date: Int
  var errorText: String?
}
