import Catalog
public import Foundation
import Sandbox
import Setup
import StepKit
import Store
import Values

/// What all worlds of a process share: the apps, the steps, the connections and the flows.
public final class SharedSetup: Sendable {
  let catalog: AppCatalog
  let steps: CachedSteps
  let secrets: Secrets
  /// Where locks would be.
  let path: String
  private let records: [Record]

  static let itemPrice = "growth-USD-Monthly"
  static let plan = "pp.20txw0FrqjQ.byM8V"
  static let feature = "feature.20txvOAhiIS.m3X3d"
  /// The server of the systems, which nobody listens on.
  static let server = "http://127.0.0.1:9"

  /// Connects everything once; `products` is the folder of the steps' executables.
  public init(
    products: String = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
  ) throws {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    catalog = try AppCatalog(functions: repository.standardized.path + "/functions")
    steps = CachedSteps(folder: products)
    secrets = Secrets(in: InMemoryStore(watching: [""]))
    path =
      NSTemporaryDirectory() + "meterbridge-simulation-\(ProcessInfo.processInfo.processIdentifier)"
    let store = InMemoryStore(watching: Home.watchedPrefixes)
    let home = Home(at: path, store: store, secrets: secrets)
    try Self.connect(Registry(home: home, catalog: catalog))
    records = try store.records(prefix: "")
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
    for flow in Scenario.allFlows {
      let step = StepID(app: "togai", name: "associate-price-plan")
      let isGrant = flow.hasPrefix("associate")
      _ = try registry.flows.connect(
        flow: flow, name: flow, connections: [:],
        settings: isGrant ? [step: ["pricePlan": plan]] : [:], replacing: nil)
      _ = try registry.flows.enable(flow, true)
    }
  }

  /// A store in which some of the flows are connected.
  func store(with flows: [String]) throws(StoreError) -> InMemoryStore {
    let store = InMemoryStore(watching: Home.watchedPrefixes)
    let prefix = "flow-connection/"
    let wanted = records.filter { record in
      !record.key.hasPrefix(prefix) || flows.contains(String(record.key.dropFirst(prefix.count)))
    }
    _ = try store.commit(wanted.map { .put($0.key, $0.value) })
    return store
  }

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
