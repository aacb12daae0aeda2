// swift-tools-version: 6.2
import PackageDescription

/// The settings of all targets: warnings are errors, a file imports what it uses, and a release build
/// is optimized across modules.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// The settings of steps, which often end after one call.
///
/// Without the flag the runtime looks up generic types by their mangled names at their first use, and
/// searches all conformances: more than half of the work of a first call.
let quick =
  strict + [
    .unsafeFlags(
      ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"],
      .when(configuration: .release))
  ]

/// The setting of a program whose `@main` is not in `main.swift`.
let parsedAsLibrary: [SwiftSetting] = [.unsafeFlags(["-parse-as-library"])]

/// The apps of `functions/` and their steps.
///
/// The code that the steps of an app share is the library `functions/<app>/<App>`, and a step is one
/// file beside it. Add a line here for a new app, and a word for a new step. The manifest does not read
/// the directory itself: SwiftPM caches it by its text and would not notice a new file.
let apps: KeyValuePairs = [
  "chargebee": [
    "customer-created", "customer-changed", "payment-succeeded", "payment-refunded",
    "invoice-updated", "invoice-ended", "any-event", "create-customer", "create-invoice",
    "close-invoice", "record-payment", "create-comment", "retrieve-comment", "events",
    "list-invoices", "list-credits", "subscription-changed", "add-credit",
  ],
  "togai": [
    "account-created", "invoice-generated", "invoice-updated", "invoice-ended", "any-event",
    "void-requested", "on-demand", "create-customer", "update-customer", "associate-price-plan",
    "record-payment",
    "close-invoice", "set-setting", "invoices", "credits", "payments", "accounts", "list-invoices",
    "list-credits",
    "set-price-plans", "credit-generated",
  ],
  "email": ["send-message"],
  "meterbridge": ["needs-attention", "scheduled"],
  "slack": ["post-message"],
  "webhook": ["initiate-webhook"],
  "zohobooks": ["create-contact", "create-invoice"],
]

/// The targets in layers: each depends on targets above it, named with spaces between.
///
/// `CStart` and the programs among the dependencies are not imported: the first is linked, and the
/// others are built before what runs them. `steps` stands for all steps.
let layers: KeyValuePairs = [
  // The contract of a function
  "Values": "",
  "StepKit": "CStart Values",

  // Tools that know nothing of Meterbridge
  "Store": "CChecksum CLinux",
  "Crypto": "CCrypto",
  "Archive": "CZlib",
  "Kernel": "CLinux",
  "Processes": "CConfine CLinux Kernel",
  "HTTPTypes": "Values",
  "HTTPServer": "CLinux HTTPTypes Kernel Values",
  "HTTPClient": "CCurl CLinux HTTPTypes Kernel Values",
  "Mail": "CCurl Values",
  "AWS": "HTTPClient HTTPTypes Store Values",

  // The house
  "Catalog": "HTTPClient StepKit Values",
  "Setup": "AWS CCrash CLinux Catalog Crypto HTTPClient HTTPTypes Mail StepKit Store Values",
  "Records": "Catalog Crypto Setup StepKit Store Values",
  "Policies": "Catalog Crypto Records Setup StepKit Store Values",
  "Lanes": "Records Setup StepKit Values",
  "Requests": "Catalog HTTPClient HTTPTypes Mail Setup StepKit Store Values",
  "Dispatcher":
    """
  Catalog HTTPClient HTTPServer HTTPTypes Lanes Mail Policies Processes Records Requests Setup \
  StepKit Store Values
  """,
  "Operations":
    """
  CLinux Catalog Crypto Dispatcher HTTPClient HTTPServer Policies Processes Records Requests Setup \
  StepKit Store Values
  """,
  "Console": """
  Catalog Crypto Dispatcher HTTPClient HTTPServer HTTPTypes Operations Policies Records Setup \
  StepKit Store Values
  """,
  "Service":
    """
  Catalog Dispatcher HTTPClient HTTPServer HTTPTypes Lanes Operations Records Requests Setup \
  StepKit Store Values
  """,

  // Stand-ins for the apps, and for the engines that run functions; `Harness` is linked statically,
  // so it can use neither libcurl nor libcrypto
  "Sandbox": "HTTPClient HTTPServer HTTPTypes Kernel StepKit Values",
  "Harness": "CLinux CStart HTTPTypes Kernel Processes Values",
]

/// The programs beside the steps.
let programs: KeyValuePairs = [
  "bootstrap": "Harness",
  "meterbridge": """
  AWS Archive Catalog Console Crypto Dispatcher HTTPClient HTTPServer HTTPTypes Kernel Lanes Operations \
  Policies Processes Records Sandbox Service Setup StepKit Store Values
  """,
  "bench": """
  CLinux Catalog Console Dispatcher HTTPClient HTTPServer HTTPTypes Lanes Operations Processes \
  Records Setup StepKit \
  Store Values meterbridge steps
  """,
]

/// What tests share; `layers` stands for the dispatcher with the layers around it.
let helpers: KeyValuePairs = [
  "TestSupport": "CLinux HTTPServer HTTPTypes Kernel Values",
  "TestHomes": "TestSupport layers",
  "EndToEndSupport": "CLinux Sandbox TestSupport layers",
  "Simulation": "Sandbox layers",
]

/// The programs that tests start, and the stress tests.
let testPrograms: KeyValuePairs = [
  "StoreProbe": "Store",
  "StepProbe": "",
  "CrashProbe": "layers",
  "StressTests": "CrashProbe EndToEndSupport Kernel Sandbox Simulation TestSupport layers steps",
]

let tests: KeyValuePairs = [
  "ValuesTests": "Values",
  "StepKitTests": "StepKit Values",
  "StoreTests": "AWS HTTPClient Store StoreProbe TestSupport Values",
  "AWSTests": "AWS HTTPClient HTTPTypes Store TestSupport Values",
  "CryptoTests": "Crypto",
  "ArchiveTests": "Archive",
  "ProcessesTests": "Processes StepProbe TestSupport Values",
  "HTTPServerTests": "HTTPServer HTTPTypes Kernel TestSupport Values",
  "MailTests": "Mail TestSupport Values",
  "HTTPClientTests": "HTTPClient HTTPServer HTTPTypes TestSupport Values",
  "CatalogTests": "Catalog StepKit TestSupport Values",
  "SetupTests": "TestHomes TestSupport layers",
  "RecordsTests": "TestHomes TestSupport layers",
  "PoliciesTests": "TestHomes TestSupport layers",
  "DispatcherTests": "TestHomes TestSupport layers",
  "OperationsTests": "TestHomes TestSupport layers",
  "ConsoleTests": "TestHomes TestSupport layers",
  "BrowserTests": "EndToEndSupport Sandbox TestSupport layers steps",
  "ServiceTests": "TestHomes TestSupport layers",
  "SandboxTests": "HTTPClient HTTPServer HTTPTypes Sandbox StepKit Values",
  "HarnessTests": """
  HTTPClient HTTPServer HTTPTypes Harness StepKit TestSupport Values bootstrap \
  chargebee-customer-created
  """,
  "TogaiTests": "StepKit Togai Values",
  "CommandTests": "Archive StepKit TestSupport Values meterbridge steps",
  "PipeTests": "TestSupport layers steps",
  "FlowTests": "CrashProbe Crypto EndToEndSupport Kernel Sandbox TestSupport layers steps",
  "SimulationTests": "Simulation layers steps",
]

/// The dependencies of a target.
func dependencies(_ names: String) -> [Target.Dependency] {
  names.split(separator: " ").flatMap { name -> [Target.Dependency] in
    switch name {
    case "layers":
      dependencies(
        """
        AWS Catalog Console Dispatcher HTTPClient HTTPServer HTTPTypes Lanes Operations Policies Processes \
        Records Requests Service Setup StepKit Store Values
        """)
    case "steps": apps.flatMap { app, steps in steps.map { .target(name: "\(app)-\($0)") } }
    default: [.target(name: String(name))]
    }
  }
}

var targets: [Target] = [
  .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
  .systemLibrary(name: "CLinux"),
  .systemLibrary(name: "CCrypto"),
  .systemLibrary(name: "CZlib"),
  .target(name: "CChecksum"),
  .target(name: "CConfine"),
  .target(name: "CCrash"),
  .target(name: "CStart"),
]
for (name, names) in layers {
  let isInSteps = ["Values", "StepKit"].contains(name)
  targets.append(
    .target(
      name: name, dependencies: dependencies(names), swiftSettings: isInSteps ? quick : strict))
}
for (name, names) in programs {
  targets.append(
    .executableTarget(name: name, dependencies: dependencies(names), swiftSettings: strict))
}
for (name, names) in helpers {
  targets.append(
    .target(
      name: name, dependencies: dependencies(names), path: "Tests/\(name)", swiftSettings: strict))
}
for (name, names) in testPrograms {
  let hasMainFile = ["StoreProbe", "StepProbe"].contains(name)
  targets.append(
    .executableTarget(
      name: name, dependencies: dependencies(names), path: "Tests/\(name)",
      swiftSettings: hasMainFile ? strict : strict + parsedAsLibrary))
}
for (name, names) in tests {
  targets.append(
    .testTarget(
      name: name, dependencies: dependencies(names), exclude: name == "FlowTests" ? ["Homes"] : [],
      swiftSettings: strict))
}
for (app, steps) in apps {
  let folder = "functions/\(app)"
  let library = app.prefix(1).uppercased() + app.dropFirst()
  targets.append(
    .target(
      name: library, dependencies: ["StepKit", "Values"], path: "\(folder)/\(library)",
      swiftSettings: quick))
  for step in steps {
    let others = steps.filter { $0 != step }.map { "\($0).swift" }
    targets.append(
      .executableTarget(
        name: "\(app)-\(step)", dependencies: ["StepKit", "Values", .target(name: library)],
        path: folder, exclude: ["app.json", library] + others, sources: ["\(step).swift"],
        swiftSettings: quick + parsedAsLibrary))
  }
}

let package = Package(name: "meterbridge", targets: targets)
