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
import Synchronization
import TestSupport
public import Values

/// A sandbox of all systems and a home that is connected to it, for tests of whole flows.
///
/// The dispatcher uses the sandbox's clock, so a test can advance the time for all of them.
public final class EndToEnd: Sendable {
  /// The simulated systems.
  public let sandbox: SandboxServer
  /// The directory of the home.
  public let path: String
  /// The registry of the home.
  public let registry: Registry
  /// The executables of the steps.
  public let functions: StepExecutables

  /// The start of the sandbox's clock.
  public let start = WallClock.system.now()

  /// The item price of Chargebee.
  public static let itemPrice = "growth-USD-Monthly"
  /// The prepaid plan that goes with it in Togai: 490 dollars, 1,000 credits.
  public static let plan = "pp.20txw0FrqjQ.byM8V"
  /// The feature of that plan.
  public static let feature = "feature.20txvOAhiIS.m3X3d"
  /// The root of the repository.
  public static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized.path
  /// The folder with the executables of this build.
  public static let products = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().path

  private let proxy: FlakyProxy?
  let mailServer = Mutex<TestMailServer?>(nil)

  /// Starts the sandbox and connects a new home to it.
  ///
  /// The sandbox derives its ids from `seed`; `itemType` is the type of the item price's item: `plan`,
  /// `addon` or `charge`. With a flaky proxy all requests to the APIs go through it. With other keys than
  /// the usual ones, the actions that send requests to the APIs are refused.
  public init(
    seed: UInt64 = 1, itemType: String = "plan", withFlakyProxy: Bool = false,
    chargebeeKey: String = Canary.chargebeeKey, togaiToken: String = Canary.togaiToken
  ) throws {
    var options = SandboxOptions()
    options.start = start
    options.speed = Self.speed
    options.seed = seed
    options.chargebee.key = chargebeeKey
    options.togai.key = togaiToken
    options.zohobooks.clientSecret = Canary.zohoSecret
    options.zohobooks.refreshToken = Canary.zohoSecret + "-refresh"
    options.zohobooks.tokenPrefix = Canary.zohoSecret
    sandbox = try SandboxServer(listen: "127.0.0.1:0", options: options)
    sandbox.start()
    proxy = withFlakyProxy ? try FlakyProxy(to: sandbox.port) : nil
    path = NSTemporaryDirectory() + "meterbridge-end-to-end-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    registry = Registry(
      home: try Home(at: path), catalog: try AppCatalog(functions: Self.repository + "/functions"))
    functions = StepExecutables(folder: Self.products, pool: PoolOptions())
    try connect(chargebeeKey: chargebeeKey, togaiToken: togaiToken)
    _ = try sandbox.defineItemPrice([
      "id": .string(Self.itemPrice), "item_type": .string(itemType), "price": 49_000,
      "currency_code": "USD",
    ])
    _ = try sandbox.definePricePlan([
      "id": .string(Self.plan), "type": "PURCHASE", "price": 490,
      "features": [["id": .string(Self.feature), "name": "API calls", "credits": 1000]],
    ])
  }

  /// Whether the files of the home are kept for inspection.
  private static let keepsFiles =
    ProcessInfo.processInfo.environment["METERBRIDGE_TESTS_LEAVE_ALL"] != nil

  /// Stops everything and removes the home.
  public func close() {
    proxy?.stop()
    mailServer.withLock { $0?.stop() }
    sandbox.stop()
    if !Self.keepsFiles { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Lets the proxy, if there is one, begin to fail.
  public func startProxyFailures() { proxy?.startFailures() }

  func url(_ url: String) -> String {
    proxy.map { url.replacing(":\(sandbox.port)/", with: ":\($0.port)/") } ?? url
  }

  private func connect(chargebeeKey: String, togaiToken: String) throws {
    _ = try registry.add(
      connection: "chargebee", app: "chargebee",
      settings: [
        "site": "acme", "itemPrice": Self.itemPrice, "baseUrl": url(sandbox.chargebeeURL),
      ],
      secrets: [
        "apiKey": Secret(chargebeeKey), "webhookPassword": Secret(Canary.webhookPassword),
      ])
    _ = try registry.add(
      connection: "togai", app: "togai", settings: ["baseUrl": url(sandbox.togaiURL)],
      secrets: [
        "token": Secret(togaiToken), "webhookSecret": Secret(Canary.webhookSecret),
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

  /// The seconds of the sandbox's clock in a real second.
  public static let speed = 10.0

  /// The sandbox's clock.
  public var clock: WallClock { WallClock(speed: Self.speed) { [sandbox] in sandbox.now } }

  /// Sends the webhooks of Chargebee and Togai to a port.
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

// MARK: - Actions of people

extension EndToEnd {
  /// Adds a customer in Chargebee.
  public func addCustomer(_ id: String) throws {
    _ = try sandbox.addCustomer([
      "id": .string(id), "company": .string("Company \(id)"),
      "email": .string("\(id)@example.com"), "preferred_currency_code": "USD",
    ])
  }

  /// Pays for the plan in Chargebee.
  public func pay(_ customer: String) throws {
    _ = try sandbox.payForPlan([
      "customer": .string(customer),
      "items": [["item_price": .string(Self.itemPrice), "quantity": 1]],
    ])
  }

  /// Generates an invoice of an amount, in cents, in Togai.
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

  /// Creates a customer with an account in Togai, through its API.
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

  /// Pays every open invoice in Chargebee by bank transfer, in part if `cents` is given.
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
