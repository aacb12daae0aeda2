import Catalog
public import Dispatcher
import Foundation
import HTTPClient
import HTTPTypes
import Operations
import Processes
import Records
public import Sandbox
public import Setup
import StepKit
import Store
public import Values

/// The systems, played on this machine, and a home that is connected to them: where flows are tried.
///
/// The dispatcher's clock is the sandbox's, so a test can let time pass for all of them.
public final class Stage: Sendable {
  /// The systems.
  public let sandbox: SandboxServer
  /// The directory of the home.
  public let path: String
  /// What the home knows.
  public let registry: Registry
  /// The steps' executables.
  public let functions: StepExecutables

  /// When it began, for the sandbox and for the machine.
  public let start = WallClock.system.now()

  /// The item price that is sold in Chargebee.
  public static let itemPrice = "growth-USD-Monthly"
  /// The prepaid plan that goes with it in Togai: 490 dollars, 1,000 credits.
  public static let plan = "pp.20txw0FrqjQ.byM8V"
  /// The feature of that plan.
  public static let feature = "feature.20txvOAhiIS.m3X3d"
  /// The root of the repository.
  public static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized.path
  /// Where this build's executables are.
  public static let products = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().path

  private let door: Door?

  /// Builds it up; `seed` is what the sandbox's ids come from, `itemType` what the item price is of,
  /// and `behindDoor` puts all systems behind a door that can slam.
  public init(seed: UInt64 = 1, itemType: String = "plan", behindDoor: Bool = false) throws {
    var options = SandboxOptions()
    options.start = start
    options.speed = Self.speed
    options.seed = seed
    options.chargebee.key = Canary.chargebeeKey
    options.togai.key = Canary.togaiToken
    options.zohobooks.clientSecret = Canary.zohoSecret
    options.zohobooks.refreshToken = Canary.zohoSecret + "-refresh"
    options.zohobooks.tokenPrefix = Canary.zohoSecret
    sandbox = try SandboxServer(listen: "127.0.0.1:0", options: options)
    sandbox.start()
    door = behindDoor ? try Door(before: sandbox.port) : nil
    path = NSTemporaryDirectory() + "meterbridge-stage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    registry = Registry(
      home: try Home(at: path), catalog: try AppCatalog(functions: Self.repository + "/functions"))
    functions = StepExecutables(folder: Self.products, pool: PoolOptions())
    try connect()
    _ = try sandbox.defineItemPrice([
      "id": .string(Self.itemPrice), "item_type": .string(itemType), "price": 49_000,
      "currency_code": "USD",
    ])
    _ = try sandbox.definePricePlan([
      "id": .string(Self.plan), "type": "PURCHASE", "price": 490,
      "features": [["id": .string(Self.feature), "name": "API calls", "credits": 1000]],
    ])
  }

  /// Whether what a test wrote stays, for who wants to look at it afterwards.
  private static let leavesAll =
    ProcessInfo.processInfo.environment["METERBRIDGE_TESTS_LEAVE_ALL"] != nil

  /// Takes it down and leaves nothing behind.
  public func close() {
    door?.remove()
    sandbox.stop()
    if !Self.leavesAll { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Lets the door, if there is one, begin to slam.
  public func beginToSlam() { door?.beginToSlam() }

  func url(_ url: String) -> String {
    door.map { url.replacing(":\(sandbox.port)/", with: ":\($0.port)/") } ?? url
  }

  private func connect() throws {
    _ = try registry.add(
      connection: "chargebee", app: "chargebee",
      settings: [
        "site": "acme", "itemPrice": Self.itemPrice, "baseUrl": url(sandbox.chargebeeURL),
      ],
      secrets: [
        "apiKey": Secret(Canary.chargebeeKey), "webhookPassword": Secret(Canary.webhookPassword),
      ])
    _ = try registry.add(
      connection: "togai", app: "togai", settings: ["baseUrl": url(sandbox.togaiURL)],
      secrets: [
        "token": Secret(Canary.togaiToken), "webhookSecret": Secret(Canary.webhookSecret),
      ])
    for (flow, step, settings) in [
      ("chargebee-togai-customer-sync", "togai/create-customer", [:]),
      (
        "associate-priceplan-on-chargebee-payment", "togai/associate-price-plan",
        ["pricePlan": Self.plan]
      ),
      ("togai-chargebee-invoice-sync", "chargebee/create-invoice", [:]),
    ] as [(String, String, [String: String])] {
      guard let step = StepID(step) else { continue }
      _ = try registry.connect(
        flow: flow, name: flow, connections: [:],
        settings: settings.isEmpty ? [:] : [step: settings])
      _ = try registry.flows.enable(flow, true)
    }
  }

  /// How many of the stage's seconds pass in a real one.
  public static let speed = 10.0

  /// A clock that shows the sandbox's time.
  public var clock: WallClock { WallClock(speed: Self.speed) { [sandbox] in sandbox.now } }

  /// Sends both systems' webhooks to a dispatcher at a port.
  public func aimWebhooks(at port: Int, copies: Int = 1, shuffle: UInt64? = nil) throws {
    let base = "http://127.0.0.1:\(port)"
    sandbox.setWebhook(
      WebhookSettings(
        url: "\(base)/hooks/chargebee", username: "meterbridge", password: Canary.webhookPassword,
        copies: copies, shuffle: shuffle), of: "chargebee")
    sandbox.setWebhook(
      WebhookSettings(
        url: try registry.webhookURL(of: registry.connections.get("togai"), base: base),
        copies: copies,
        shuffle: shuffle), of: "togai")
  }
}

// MARK: - What people do

extension Stage {
  /// A customer is added in Chargebee.
  public func addCustomer(_ id: String) throws {
    _ = try sandbox.addCustomer([
      "id": .string(id), "company": .string("Company \(id)"),
      "email": .string("\(id)@example.com"), "preferred_currency_code": "USD",
    ])
  }

  /// A customer pays for the plan in Chargebee.
  public func pay(_ customer: String) throws {
    _ = try sandbox.payForPlan([
      "customer": .string(customer),
      "items": [["item_price": .string(Self.itemPrice), "quantity": 1]],
    ])
  }

  /// Togai generates an invoice of so many cents for a customer.
  public func invoice(_ customer: String, cents: Int) throws {
    let total = JSON.number(Numeral(Money(minor: cents, places: 2, "USD").amount))
    let draft = try sandbox.addInvoice([
      "account": .string(customer),
      "revenueInfo": [
        "type": "GRAND_TOTAL_AMOUNT", "description": "Usage", "value": total, "units": "USD",
      ],
    ])
    _ = try sandbox.generateInvoice(draft["id"].string ?? "")
  }

  /// An account is made in Togai by its own API.
  public func addTogaiAccount(_ id: String) throws {
    let body: JSON = [
      "id": .string(id), "name": .string("Company \(id)"), "address": [:],
      "primaryEmail": .string("\(id)@example.com"),
    ]
    let headers: Headers = [
      "Authorization": "Bearer \(Canary.togaiToken)", "Content-Type": "application/json",
    ]
    _ = try CurlClient().send(
      ClientRequest("POST", sandbox.togaiURL + "/customers", headers: headers, body: body.bytes))
  }

  /// Whether Togai has an account.
  public func hasAccount(_ id: String) -> Bool {
    sandbox.state["togai"]["accounts"].array?.contains { $0["id"].string == id } ?? false
  }

  /// Every invoice in Chargebee that is not paid is paid by bank transfer; with so many cents if given.
  public func payInvoices(cents: Int? = nil) throws {
    let pair = Data("\(Canary.chargebeeKey):".utf8).base64EncodedString()
    for invoice in sandbox.state["chargebee"]["invoices"].array ?? [] {
      guard invoice["status"] != "paid", let id = invoice["id"].string else { continue }
      let headers: Headers = [
        "Authorization": "Basic \(pair)", "Content-Type": "application/x-www-form-urlencoded",
      ]
      let amount = cents.map { [Field("transaction[amount]", String($0))] } ?? []
      let body = Form.encode([Field("transaction[payment_method]", "bank_transfer")] + amount)
      _ = try CurlClient().send(
        ClientRequest(
          "POST", "\(sandbox.chargebeeURL)/invoices/\(id)/record_payment", headers: headers,
          body: Array(body.utf8)))
    }
  }
}
