/// The simulated operations of Togai's API: https://docs.togai.com/api-reference.
enum TogaiOperation: String, CaseIterable, Sendable {
  case createCustomer = "POST /customers"
  case getCustomer = "GET /customers/{id}"
  case listCustomers = "GET /customers"
  case updateCustomer = "PATCH /customers/{id}"
  case createAccount = "POST /accounts"
  case getAccount = "GET /accounts/{id}"
  case listAccounts = "GET /accounts"
  case updateAccount = "PATCH /accounts/{id}"
  case upsertSetting = "POST /settings"
  case getSetting = "GET /settings/{id}"
  case listSettings = "GET /settings"
  case getPricePlan = "GET /price_plans/{id}"
  case listPricePlans = "GET /price_plans"
  case editSchedules = "POST /accounts/{id}/edit_schedules"
  case listSchedules = "GET /accounts/{id}/pricing_schedules"
  case createPurchase = "POST /accounts/{id}/purchases"
  case listPurchases = "GET /accounts/{id}/purchases"
  case getPurchase = "GET /purchases/{id}"
  case getFeature = "GET /accounts/{id}/features/{feature}"
  case listCredits = "GET /accounts/{id}/features/{feature}/entries"
  case voidCredits = "POST /accounts/{id}/features/{feature}/entries/{entry}/void"
  case updateLicense = "POST /license_updates"
  case listLicenseUpdates = "GET /license_updates"
  case getInvoice = "GET /invoices/{id}"
  case listInvoices = "GET /invoices"
  case updateInvoice = "PATCH /invoices/{id}"
  case createInvoiceGroup = "POST /invoice_groups"
  case listInvoiceGroups = "GET /invoice_groups"
  case getInvoiceGroup = "GET /invoice_groups/{id}"
  case createPayment = "POST /payments"
  case listPayments = "GET /payments"

  static let routes = routeTable

  /// The schema of the body; nil if the operation takes none.
  var schema: String? {
    switch self {
    case .createCustomer: "CreateCustomerRequest"
    case .updateCustomer: "UpdateCustomerRequest"
    case .createAccount: "CreateAccountRequest"
    case .updateAccount: "UpdateAccountRequest"
    case .upsertSetting: "Setting"
    case .editSchedules: "EditPricingScheduleRequest"
    case .createPurchase: "CreatePurchaseRequest"
    case .updateLicense: "LicenseUpdateRequest"
    case .updateInvoice: "UpdateInvoiceRequest"
    case .createInvoiceGroup: "CreateInvoiceGroupRequest"
    case .createPayment: "CreatePaymentRequest"
    default: nil
    }
  }

  /// The query parameters of Togai's OpenAPI file, and the filters that its documentation adds.
  var query: Set<String> {
    let page: Set = ["nextToken", "pageSize"]
    return switch self {
    case .listCustomers: page.union(["id", "status"])
    case .listAccounts:
      page.union(["account_id", "customer_id", "status", "invoice_currency"])
    case .getAccount: ["effectiveOn", "includeGroupDetails"]
    case .listSettings:
      page.union(["entity_type", "entity_id", "setting_id", "namespace"])
    case .getPricePlan: ["version"]
    case .listPricePlans: page.union(["type", "status"])
    case .editSchedules: ["dry_run"]
    case .listSchedules:
      page.union(["start_date", "end_date", "include_price_plan_info", "compact"])
    case .listInvoices:
      page.union([
        "status", "owner_id", "customer_id", "start_time", "end_time", "class", "invoice_date",
        "price_plan_id", "start_date", "end_date",
      ])
    case .listInvoiceGroups, .listCredits: page
    case .listLicenseUpdates: page.union(["account_id", "licenseId", "effectiveFrom"])
    case .getInvoiceGroup: ["nextToken"]
    case .listPayments: page.union(["id", "account_id", "created_at"])
    default: []
    }
  }
}
