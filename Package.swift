// swift-tools-version: 6.2
import PackageDescription

/// What every target is built with: warnings are errors, and imports say what they need.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// An app of `functions/`: the files that its steps share, and the steps, one file each.
struct App {
  let name: String
  let shared: [String]
  let steps: [String]
}

/// A new app or a new step is one word here: SwiftPM caches the manifest by its text, so a
/// directory that it would read by itself could change without being noticed.
let apps: [App] = [
  App(
    name: "chargebee",
    shared: [
      "Chargebee.swift", "ChargebeeCustomer.swift", "ChargebeeEvent.swift",
      "ChargebeePayment.swift", "CurrencyPlaces.swift", "InvoiceCreation.swift",
      "InvoiceLookup.swift", "InvoiceOptions.swift", "InvoicePages.swift", "MadeInvoice.swift",
      "NewInvoice.swift", "PaidContent.swift", "PaidItems.swift", "SourceInvoice.swift",
    ],
    steps: ["customer-created", "payment-succeeded", "create-invoice"]),
  App(
    name: "togai",
    shared: [
      "CustomerCreation.swift", "ExistingCustomer.swift", "GrantOptions.swift",
      "InvoiceEvent.swift", "InvoiceNoun.swift", "InvoicedCustomer.swift", "NewCustomer.swift",
      "OrderPayment.swift", "OwnInvoices.swift", "PaidGrant.swift", "PayersAccount.swift",
      "PaymentGrants.swift", "PlanAssociation.swift", "PlanPurchase.swift", "PlanSchedule.swift",
      "PlanType.swift", "RevenueLines.swift", "RevenueNode.swift", "Setting.swift", "Togai.swift",
      "TogaiInvoice.swift", "UTCOffset.swift",
    ],
    steps: ["invoice-generated", "create-customer", "associate-price-plan"]),
]

var targets: [Target] = [
  // The contract of a function, and the house around it
  .target(name: "Step", swiftSettings: strict),
  .target(name: "Store", swiftSettings: strict),
  .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
  .systemLibrary(name: "CLinux"),
  .target(name: "HTTP", dependencies: ["CCurl", "CLinux"], swiftSettings: strict),
  .target(
    name: "Dispatcher", dependencies: ["Step", "Store", "HTTP", "CLinux"], swiftSettings: strict),
  .executableTarget(
    name: "meterbridge", dependencies: ["Dispatcher", "Sandbox", "HTTP", "Step", "Store"],
    swiftSettings: strict),
  .target(name: "Sandbox", dependencies: ["HTTP", "Step"], swiftSettings: strict),

  // Tests
  .testTarget(name: "StepTests", dependencies: ["Step"], swiftSettings: strict),
  .executableTarget(
    name: "StoreProbe", dependencies: ["Store"], path: "Tests/StoreProbe", swiftSettings: strict),
  .testTarget(name: "StoreTests", dependencies: ["Store", "StoreProbe"], swiftSettings: strict),
  .testTarget(
    name: "DispatcherTests", dependencies: ["Dispatcher", "HTTP", "Step", "Store"],
    swiftSettings: strict),
  .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: strict),
  .testTarget(
    name: "SandboxTests", dependencies: ["Sandbox", "HTTP", "Step"], swiftSettings: strict),
  .testTarget(
    name: "CommandTests",
    dependencies: ["meterbridge"]
      + apps.flatMap { app in app.steps.map { .target(name: "\(app.name)-\($0)") } },
    swiftSettings: strict),
  .testTarget(
    name: "PipeTests",
    dependencies: ["Step"]
      + apps.flatMap { app in app.steps.map { .target(name: "\(app.name)-\($0)") } },
    swiftSettings: strict),
]

// Apps and their steps
for app in apps {
  let library = app.name.prefix(1).uppercased() + app.name.dropFirst()
  let folder = "functions/\(app.name)"
  let files = app.shared + app.steps.map { "\($0).swift" }
  func others(_ own: [String]) -> [String] { ["app.json"] + files.filter { !own.contains($0) } }
  targets.append(
    .target(
      name: library, dependencies: ["Step"], path: folder, exclude: others(app.shared),
      sources: app.shared, swiftSettings: strict))
  for step in app.steps {
    targets.append(
      .executableTarget(
        name: "\(app.name)-\(step)", dependencies: ["Step", .target(name: library)], path: folder,
        exclude: others(["\(step).swift"]), sources: ["\(step).swift"],
        swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
  }
}

targets.append(
  .testTarget(name: "TogaiTests", dependencies: ["Step", "Togai"], swiftSettings: strict))

let package = Package(name: "meterbridge", targets: targets)
