import Catalog
import Dispatcher
public import Foundation
import HTTPServer
import HTTPTypes
import Requests
import Sandbox
import Setup
import StepKit
import Store
import Values

/// What all worlds of a process share: the apps, the steps, the connections and the flows.
public final class SharedSetup: Sendable {
  let catalog: AppCatalog
  let steps: CachedSteps
  private let secrets: [Record]
  /// Where locks would be.
  let path: String
  private let records: [Record]

  static let itemPrice = "growth-USD-Monthly"
  static let plan = "pp.20txw0FrqjQ.byM8V"
  static let feature = "feature.20txvOAhiIS.m3X3d"
  /// The server of the systems, which nobody listens on.
  static let server = "http://127.0.0.1:9"
  private static let books = ZohobooksSettings()

  /// Connects everything once; `products` is the folder of the steps' executables.
  public init(
    products: String = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
  ) throws {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    catalog = try AppCatalog(functions: repository.standardized.path + "/functions")
    steps = CachedSteps(folder: products)
    path =
      NSTemporaryDirectory() + "meterbridge-simulation-\(ProcessInfo.processInfo.processIdentifier)"
    let store = InMemoryStore(watching: Home.watchedPrefixes)
    let secretStore = InMemoryStore(watching: [""])
    let home = Home(at: path, store: store, secrets: Secrets(in: secretStore))
    try Self.connect(Registry(home: home, catalog: catalog))
    records = try store.records(prefix: "")
    secrets = try secretStore.records(prefix: "")
  }

  private static func connect(_ registry: Registry) throws(Problem) {
    _ = try registry.insert(
      connection: "chargebee", app: "chargebee",
      settings: ["site": "acme", "itemPrice": itemPrice, "baseUrl": "\(server)/chargebee/api/v2"],
      secrets: ["apiKey": Secret("test_sandbox"), "webhookPassword": Secret("webhook-password")],
      trustsBaseURL: false
    ) { given, _ in given }
    _ = try registry.insert(
      connection: "togai", app: "togai", settings: ["baseUrl": "\(server)/togai"],
      secrets: [
        "token": Secret("togai_sandbox"), "webhookSecret": Secret("webhook-secret-of-togai"),
      ],
      trustsBaseURL: false
    ) { given, _ in given }
    _ = try registry.insert(
      connection: "zohobooks", app: "zohobooks",
      settings: [
        "organizationId": books.organization, "clientId": books.clientID,
        "baseUrl": "\(server)/zohobooks",
      ],
      secrets: [
        "clientSecret": Secret(books.clientSecret), "refreshToken": Secret(books.refreshToken),
      ],
      trustsBaseURL: false
    ) { given, _ in given }
    for flow in Scenario.allFlows + Scenario.bookFlows + Scenario.endingFlows {
      _ = try registry.flows.connect(
        flow: flow, name: flow, connections: [:], settings: settings[flow] ?? [:], replacing: nil)
      _ = try registry.flows.enable(flow, true)
    }
  }

  /// The settings of flows that need some, or that a person would have to let act.
  private static let settings: [String: [StepID: [String: String]]] = {
    let closing = [StepID(app: "togai", name: "close-invoice"): ["hold": "none"]]
    return [
      FlowID.grants: [StepID(app: "togai", name: "associate-price-plan"): ["pricePlan": plan]],
      FlowID.credits: [StepID(app: "togai", name: "record-payment"): ["hold": "none"]],
      FlowID.voids: [StepID(app: "chargebee", name: "close-invoice"): ["hold": "none"]],
      FlowID.voidsBack: closing, FlowID.refunds: closing,
    ]
  }()

  /// Connects some of the flows in a store.
  func fill(_ store: any KeyValueStore, with flows: [String]) throws(StoreError) {
    let prefix = "flow-connection/"
    let wanted = records.filter { record in
      !record.key.hasPrefix(prefix) || flows.contains(String(record.key.dropFirst(prefix.count)))
    }
    _ = try store.commit(wanted.map { .put($0.key, $0.value) })
  }

  /// The secrets of a world, with an access token of its Zoho Books that is never renewed: the lock of a
  /// renewal is one between processes, and would stop the one thread of a world.
  func secrets(for sandbox: InProcessSandbox) throws -> Secrets {
    let store = InMemoryStore(watching: [""])
    _ = try store.commit(secrets.map { .put($0.key, $0.value) })
    let all = Secrets(in: store)
    let form = Form.encode([
      Field("grant_type", "refresh_token"), Field("client_id", Self.books.clientID),
      Field("client_secret", Self.books.clientSecret),
      Field("refresh_token", Self.books.refreshToken),
    ])
    sandbox.configureZohobooks { $0.tokenLife = Self.tokenLife }
    let request = Request(
      "POST", "/zohobooks/oauth/v2/token",
      headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(form.utf8))
    let answer = try request.map { try JSON(parsing: sandbox.answer($0).body) } ?? .null
    let token: JSON = [
      "token": answer["access_token"],
      "until": .number(Numeral(VirtualTime.start.adding(seconds: Self.tokenLife).milliseconds)),
    ]
    try all.put(Secret(token.text), AccessTokens.secretName, of: "zohobooks")
    return all
  }

  /// Ten years, in seconds.
  private static let tokenLife = 10 * 366 * 86_400

  /// The systems, in the time of a world.
  func sandbox(seed: UInt64, time: VirtualTime) throws(SandboxError) -> InProcessSandbox {
    var options = SandboxOptions()
    options.start = VirtualTime.start
    options.speed = 1
    options.seed = seed
    options.uptime = { time.seconds }
    let sandbox = InProcessSandbox(options)
    try sandbox.defineItemPrice([
      "id": .string(Self.itemPrice), "item_type": "plan", "price": 49_000, "currency_code": "USD",
    ])
    try sandbox.definePricePlan([
      "id": .string(Self.plan), "type": "PURCHASE", "price": 490,
      "features": [["id": .string(Self.feature), "name": "API calls", "credits": 1000]],
    ])
    for app in ["chargebee", "togai"] {
      sandbox.setWebhook(WebhookSettings(url: "\(Self.server)/hooks/\(app)"), of: app)
    }
    return sandbox
  }
}
