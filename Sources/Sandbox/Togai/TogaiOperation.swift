/// The operations of Togai's API that are played.
enum TogaiOperation: CaseIterable, Sendable {
  case createCustomer
  case getCustomer
  case listCustomers
  case updateCustomer
  case createAccount
  case getAccount
  case listAccounts
  case updateAccount
  case upsertSetting
  case getSetting
  case listSettings
  case getPricePlan
  case listPricePlans
  case editSchedules
  case listSchedules
  case createPurchase
  case listPurchases
  case getPurchase
  case getFeature
  case getInvoice
  case listInvoices
  case updateInvoice
  case createPayment
  case listPayments

  /// Each operation's route.
  static let routes = allCases.map { (operation: $0, route: Route($0.route)) }

  /// The schema of its body, if it takes one.
  var schema: String? {
    switch self {
    case .createCustomer: "CreateCustomerRequest"
    case .updateCustomer: "UpdateCustomerRequest"
    case .createAccount: "CreateAccountRequest"
    case .updateAccount: "UpdateAccountRequest"
    case .upsertSetting: "Setting"
    case .editSchedules: "EditPricingScheduleRequest"
    case .createPurchase: "CreatePurchaseRequest"
    case .updateInvoice: "UpdateInvoiceRequest"
    case .createPayment: "CreatePaymentRequest"
    default: nil
    }
  }

  /// The query parameters of the OpenAPI file, and the filters that the documentation adds to it.
  var query: Set<String> {
    switch self {
    case .listCustomers: ["nextToken", "pageSize", "id", "status"]
    case .listAccounts:
      ["nextToken", "pageSize", "account_id", "customer_id", "status", "invoice_currency"]
    case .getAccount: ["effectiveOn", "includeGroupDetails"]
    case .listSettings:
      ["nextToken", "pageSize", "entity_type", "entity_id", "setting_id", "namespace"]
    case .getPricePlan: ["version"]
    case .listPricePlans: ["nextToken", "pageSize", "type", "status"]
    case .editSchedules: ["dry_run"]
    case .listSchedules:
      ["nextToken", "pageSize", "start_date", "end_date", "include_price_plan_info", "compact"]
    case .listInvoices:
      [
        "nextToken", "pageSize", "status", "owner_id", "customer_id", "start_time", "end_time",
        "class", "invoice_date", "price_plan_id", "start_date", "end_date",
      ]
    case .listPayments: ["nextToken", "pageSize", "id", "account_id", "created_at"]
    default: []
    }
  }

  // MARK: Private

  private var route: String {
    switch self {
    case .createCustomer: "POST /customers"
    case .getCustomer: "GET /customers/{id}"
    case .listCustomers: "GET /customers"
    case .updateCustomer: "PATCH /customers/{id}"
    case .createAccount: "POST /accounts"
    case .getAccount: "GET /accounts/{id}"
    case .listAccounts: "GET /accounts"
    case .updateAccount: "PATCH /accounts/{id}"
    case .upsertSetting: "POST /settings"
    case .getSetting: "GET /settings/{id}"
    case .listSettings: "GET /settings"
    case .getPricePlan: "GET /price_plans/{id}"
    case .listPricePlans: "GET /price_plans"
    case .editSchedules: "POST /accounts/{id}/edit_schedules"
    case .listSchedules: "GET /accounts/{id}/pricing_schedules"
    case .createPurchase: "POST /accounts/{id}/purchases"
    case .listPurchases: "GET /accounts/{id}/purchases"
    case .getPurchase: "GET /purchases/{id}"
    case .getFeature: "GET /accounts/{id}/features/{feature}"
    case .getInvoice: "GET /invoices/{id}"
    case .listInvoices: "GET /invoices"
    case .updateInvoice: "PATCH /invoices/{id}"
    case .createPayment: "POST /payments"
    case .listPayments: "GET /payments"
    }
  }
}
