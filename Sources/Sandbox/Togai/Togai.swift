import HTTPTypes
import StepKit
import Values

/// The operations of Togai's API of 2024 that the integration calls:
/// https://docs.togai.com/api-reference.
struct Togai: Emulation {
  static let name = "togai"
  static let root: [String] = []

  let settings: TogaiSettings
  var context = SandboxContext.idle
  var customers = ObjectTable()
  var accounts = ObjectTable()
  /// The aliases of all accounts, which are unique.
  var aliases: Set<String> = []
  var entitySettings = ObjectTable()
  var pricePlans = ObjectTable()
  /// The pricing schedules by account ID.
  var schedules: [String: [PricingSchedule]] = [:]
  var purchases = ObjectTable()
  var invoices = ObjectTable()
  var invoiceGroups = ObjectTable()
  var payments = ObjectTable()
  var credits: [FeatureCredit] = []
  /// The ids of licenses, and the updates of their quantities with their keys.
  var licenses: Set<String> = []
  var licenseUpdates: [Members] = []
  var limiter = RateLimiter()

  init(settings: TogaiSettings) {
    self.settings = settings
  }

  static func error(_ status: Int) -> Reply {
    TogaiError(status, status == 429 ? "Too many requests" : "Something went wrong").reply
  }

  var state: JSON {
    .members([
      "customers": customers.json, "accounts": accounts.json, "settings": entitySettings.json,
      "pricePlans": pricePlans.json, "purchases": purchases.json, "invoices": invoices.json,
      "invoiceGroups": invoiceGroups.json,
      "payments": payments.json,
      "schedules": .object(schedules.mapValues { .array($0.map { json(of: $0) }) }),
      "credits": .array(credits.map(\.json)),
      "licenseUpdates": .array(licenseUpdates.map(JSON.object)),
    ])
  }

  mutating func answer(_ call: Call) -> Reply {
    do throws(TogaiError) {
      guard call.headers["Authorization"] == "Bearer \(settings.key)" else {
        throw TogaiError(401, "Unauthorized")
      }
      if limiter.count(limit: settings.callsPerSecond, per: 1, at: context.now) != nil {
        return Self.error(429)
      }
      switch Route.match(call.method, call.path, in: TogaiOperation.routes) {
      case .operation(let operation, let ids):
        return try perform(operation, TogaiRequest(call, operation, ids: ids))
      case .unknownPath: throw TogaiError(404, "there is no such path")
      case .unknownMethod: throw TogaiError(405, "\(call.method) is not allowed here")
      }
    } catch {
      return error.reply
    }
  }

  // MARK: Private

  private mutating func perform(
    _ operation: TogaiOperation, _ request: TogaiRequest
  ) throws(TogaiError) -> Reply {
    switch operation {
    case .createCustomer: try createCustomer(request)
    case .getCustomer: Reply(200, .object(try customer(request.id)))
    case .listCustomers: try list(customers.all, request)
    case .updateCustomer: try updateCustomer(request)
    case .createAccount: try createAccount(request)
    case .getAccount: try getAccount(request)
    case .listAccounts: try list(accounts.all, request) { json(ofAccount: $0) }
    case .updateAccount: try updateAccount(request)
    case .upsertSetting: try upsertSetting(request)
    case .getSetting: try getSetting(request)
    case .listSettings: try list(entitySettings.all, request)
    case .getPricePlan: Reply(200, details(of: try pricePlan(request.id)))
    case .listPricePlans: try list(pricePlans.all, request) { summary(of: $0) }
    case .editSchedules: try editSchedules(request)
    case .listSchedules: try listSchedules(request)
    case .createPurchase: try createPurchase(request)
    case .listPurchases: try listPurchases(request)
    case .getPurchase: try getPurchase(request)
    case .getFeature: try getFeature(request)
    case .listCredits: try listCredits(request)
    case .voidCredits: try voidCredits(request)
    case .updateLicense: try updateLicense(request)
    case .listLicenseUpdates: try listLicenseUpdates(request)
    case .getInvoice: Reply(200, .object(try invoice(request.id)))
    case .listInvoices: try listInvoices(request)
    case .updateInvoice: try updateInvoice(request)
    case .createInvoiceGroup: try createInvoiceGroup(request)
    case .listInvoiceGroups:
      try list(invoiceGroups.all, request) { .object($0.without("accounts")) }
    case .getInvoiceGroup: Reply(200, .object(try invoiceGroup(request.id)))
    case .createPayment: try createPayment(request)
    case .listPayments: try list(payments.all, request, largest: 50)
    }
  }
}
