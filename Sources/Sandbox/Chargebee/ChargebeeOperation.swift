/// The simulated operations of Chargebee's API: https://apidocs.chargebee.com/docs/api.
enum ChargebeeOperation: String, CaseIterable, Sendable {
  case createCustomer = "POST /customers"
  case retrieveCustomer = "GET /customers/{id}"
  case updateCustomer = "POST /customers/{id}"
  case listCustomers = "GET /customers"
  case retrieveItemPrice = "GET /item_prices/{id}"
  case listItemPrices = "GET /item_prices"
  case createInvoice = "POST /invoices/create_for_charge_items_and_charges"
  case retrieveInvoice = "GET /invoices/{id}"
  case listInvoices = "GET /invoices"
  case recordPayment = "POST /invoices/{id}/record_payment"
  case collectPayment = "POST /invoices/{id}/collect_payment"
  case voidInvoice = "POST /invoices/{id}/void"
  case writeOff = "POST /invoices/{id}/write_off"
  case recordTaxWithheld = "POST /invoices/{id}/record_tax_withheld"
  case removeTaxWithheld = "POST /invoices/{id}/remove_tax_withheld"
  case removePayment = "POST /invoices/{id}/remove_payment"
  case refund = "POST /invoices/{id}/refund"
  case recordRefund = "POST /invoices/{id}/record_refund"
  case retrieveCreditNote = "GET /credit_notes/{id}"
  case listCreditNotes = "GET /credit_notes"
  case listInvoicePayments = "GET /invoices/{id}/payments"
  case addPromotionalCredit = "POST /promotional_credits/add"
  case listPromotionalCredits = "GET /promotional_credits"
  case createComment = "POST /comments"
  case retrieveComment = "GET /comments/{id}"
  case listComments = "GET /comments"
  case retrieveEvent = "GET /events/{id}"
  case listEvents = "GET /events"
  case retrieveTransaction = "GET /transactions/{id}"
  case retrieveSubscription = "GET /subscriptions/{id}"
  case listSubscriptions = "GET /subscriptions"
  case createWebhookEndpoint = "POST /webhook_endpoints"
  case retrieveWebhookEndpoint = "GET /webhook_endpoints/{id}"
  case updateWebhookEndpoint = "POST /webhook_endpoints/{id}"
  case deleteWebhookEndpoint = "POST /webhook_endpoints/{id}/delete"
  case listWebhookEndpoints = "GET /webhook_endpoints"

  /// The routes; fixed segments precede placeholders.
  static let routes = routeTable

  /// The parameters by operation.
  static let tables = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0, ParameterTable($0.table)) })

  var parameters: ParameterTable { Self.tables[self] ?? ParameterTable("") }

  // MARK: Private

  private var table: String {
    switch self {
    case .createCustomer: CustomerTables.create
    case .updateCustomer: CustomerTables.update
    case .listCustomers: CustomerTables.list
    case .createInvoice: InvoiceTables.create
    case .retrieveInvoice: InvoiceTables.retrieve
    case .listInvoices: InvoiceTables.list
    case .recordPayment: InvoiceTables.recordPayment
    case .collectPayment: InvoiceTables.collectPayment
    case .voidInvoice: InvoiceTables.void
    case .writeOff: InvoiceTables.writeOff
    case .recordTaxWithheld: InvoiceTables.recordTaxWithheld
    case .removeTaxWithheld: InvoiceTables.removeTaxWithheld
    case .removePayment: InvoiceTables.removePayment
    case .refund: InvoiceTables.refund
    case .recordRefund: InvoiceTables.recordRefund
    case .listCreditNotes: CreditNoteTables.list
    case .listSubscriptions: SubscriptionTables.list
    case .addPromotionalCredit: PromotionalCreditTables.add
    case .listPromotionalCredits: PromotionalCreditTables.list
    case .createComment: OtherTables.createComment
    case .listComments: OtherTables.listComments
    case .listEvents: OtherTables.listEvents
    case .createWebhookEndpoint: OtherTables.createWebhookEndpoint
    case .updateWebhookEndpoint: OtherTables.updateWebhookEndpoint
    case .listInvoicePayments, .listWebhookEndpoints, .listItemPrices: SharedParameters.page
    default: ""
    }
  }
}
