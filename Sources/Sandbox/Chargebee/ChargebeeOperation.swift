/// The operations of Chargebee's API that are played.
enum ChargebeeOperation: CaseIterable, Sendable {
  case createCustomer
  case retrieveCustomer
  case updateCustomer
  case listCustomers
  case retrieveItemPrice
  case listItemPrices
  case createInvoice
  case retrieveInvoice
  case listInvoices
  case recordPayment
  case collectPayment
  case voidInvoice
  case listInvoicePayments
  case createComment
  case retrieveComment
  case listComments
  case retrieveEvent
  case listEvents
  case retrieveTransaction
  case retrieveSubscription
  case createWebhookEndpoint
  case retrieveWebhookEndpoint
  case updateWebhookEndpoint
  case deleteWebhookEndpoint
  case listWebhookEndpoints

  /// Each operation's route; a fixed segment comes before a gap at the same place.
  static let routes = allCases.map { (operation: $0, route: Route($0.route)) }

  /// Each operation's parameters.
  static let tables = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0, ParameterTable($0.table)) })

  var parameters: ParameterTable { Self.tables[self] ?? ParameterTable("") }

  // MARK: Private

  private var route: String {
    switch self {
    case .createCustomer: "POST /customers"
    case .retrieveCustomer: "GET /customers/{id}"
    case .updateCustomer: "POST /customers/{id}"
    case .listCustomers: "GET /customers"
    case .retrieveItemPrice: "GET /item_prices/{id}"
    case .createInvoice: "POST /invoices/create_for_charge_items_and_charges"
    case .retrieveInvoice: "GET /invoices/{id}"
    case .listInvoices: "GET /invoices"
    case .recordPayment: "POST /invoices/{id}/record_payment"
    case .collectPayment: "POST /invoices/{id}/collect_payment"
    case .voidInvoice: "POST /invoices/{id}/void"
    case .listInvoicePayments: "GET /invoices/{id}/payments"
    case .createComment: "POST /comments"
    case .retrieveComment: "GET /comments/{id}"
    case .listComments: "GET /comments"
    case .retrieveEvent: "GET /events/{id}"
    case .listEvents: "GET /events"
    case .retrieveTransaction: "GET /transactions/{id}"
    case .retrieveSubscription: "GET /subscriptions/{id}"
    case .createWebhookEndpoint: "POST /webhook_endpoints"
    case .retrieveWebhookEndpoint: "GET /webhook_endpoints/{id}"
    case .updateWebhookEndpoint: "POST /webhook_endpoints/{id}"
    case .deleteWebhookEndpoint: "POST /webhook_endpoints/{id}/delete"
    case .listWebhookEndpoints: "GET /webhook_endpoints"
    case .listItemPrices: "GET /item_prices"
    }
  }

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
    case .listInvoicePayments: InvoiceTables.payments
    case .createComment: OtherTables.createComment
    case .listComments: OtherTables.listComments
    case .listEvents: OtherTables.listEvents
    case .createWebhookEndpoint: OtherTables.createWebhookEndpoint
    case .updateWebhookEndpoint: OtherTables.updateWebhookEndpoint
    case .listWebhookEndpoints, .listItemPrices: OtherTables.page
    case .retrieveCustomer, .retrieveItemPrice, .retrieveComment, .retrieveEvent,
      .retrieveTransaction, .retrieveSubscription, .retrieveWebhookEndpoint,
      .deleteWebhookEndpoint:
      ""
    }
  }
}
