import HTTPTypes
import StepKit
import Values

/// Togai's API of 2024, as far as the integration calls it.
struct Togai: Emulation {
  static let name = "togai"
  static let root: [String] = []

  let settings: TogaiSettings
  var customers = Shelf()
  var accounts = Shelf()
  /// The aliases of all accounts: none may be used twice.
  var aliases: Set<String> = []
  var entitySettings = Shelf()
  var pricePlans = Shelf()
  /// The schedules of each account, by its id.
  var schedules: [String: [Schedule]] = [:]
  var purchases = Shelf()
  var invoices = Shelf()
  var payments = Shelf()
  var credits: [Credit] = []
  var meter = Meter()

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
      "payments": payments.json,
      "schedules": .object(schedules.mapValues { .array($0.map { json(of: $0) }) }),
      "credits": .array(credits.map(\.json)),
    ])
  }

  mutating func answer(_ call: Call, in scene: inout Scene) -> Reply {
    do throws(TogaiError) {
      guard call.headers["Authorization"] == "Bearer \(settings.key)" else {
        throw TogaiError(401, "Unauthorized")
      }
      if meter.count(limit: settings.callsPerSecond, per: 1, at: scene.now) != nil {
        return Self.error(429)
      }
      let found = TogaiOperation.routes.filter { $0.route.ids(in: call.path) != nil }
      guard !found.isEmpty else { throw TogaiError(404, "there is no such path") }
      guard let (operation, route) = found.first(where: { $0.route.method == call.method }) else {
        throw TogaiError(405, "\(call.method) is not allowed here")
      }
      let ids = route.ids(in: call.path) ?? []
      return try perform(operation, Demand(call, operation, ids: ids), &scene)
    } catch {
      return error.reply
    }
  }

  // MARK: Private

  private mutating func perform(
    _ operation: TogaiOperation, _ demand: Demand, _ scene: inout Scene
  ) throws(TogaiError) -> Reply {
    switch operation {
    case .createCustomer: try createCustomer(demand, &scene)
    case .getCustomer: Reply(200, .object(try customer(demand.id)))
    case .listCustomers: try list(customers.all, demand)
    case .updateCustomer: try updateCustomer(demand, &scene)
    case .createAccount: try createAccount(demand, &scene)
    case .getAccount: Reply(200, json(ofAccount: try account(demand.id)))
    case .listAccounts: try list(accounts.all, demand) { json(ofAccount: $0) }
    case .updateAccount: try updateAccount(demand)
    case .upsertSetting: try upsertSetting(demand)
    case .getSetting: try getSetting(demand)
    case .listSettings: try list(entitySettings.all, demand)
    case .getPricePlan: Reply(200, details(of: try pricePlan(demand.id)))
    case .listPricePlans: try list(pricePlans.all, demand) { summary(of: $0) }
    case .editSchedules: try editSchedules(demand, &scene)
    case .listSchedules: try listSchedules(demand)
    case .createPurchase: try createPurchase(demand, &scene)
    case .listPurchases: try listPurchases(demand)
    case .getPurchase: try getPurchase(demand, &scene)
    case .getFeature: try getFeature(demand)
    case .getInvoice: Reply(200, .object(try invoice(demand.id)))
    case .listInvoices: try listInvoices(demand)
    case .updateInvoice: try updateInvoice(demand, &scene)
    case .createPayment: try createPayment(demand, &scene)
    case .listPayments: try list(payments.all, demand, largest: 50)
    }
  }
}
