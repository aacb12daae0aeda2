// swift-tools-version: 6.2
import PackageDescription

/// What every target is built with: warnings are errors, imports say what they need, and a release
/// is optimized across modules.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// What steps are built with: they are often called once and end.
///
/// By name the Swift runtime takes generic types apart at their first use, and looks through each
/// conformance there is for what they require: more than half of all that a first call does.
let quick =
  strict + [
    .unsafeFlags(
      ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"],
      .when(configuration: .release))
  ]

/// The apps of `functions/` and their steps.
///
/// What an app's steps share is the library `functions/<app>/<App>`, a step is one file beside it. A
/// new app is one line here and a new step one word: SwiftPM caches the manifest by its text, so a
/// directory that it would read by itself could change without being noticed.
let apps: KeyValuePairs = [
  "chargebee": [
    "customer-created", "customer-changed", "payment-succeeded", "invoice-updated", "any-event",
    "create-customer", "create-invoice", "record-payment", "create-comment", "retrieve-comment",
  ],
  "togai": [
    "account-created", "invoice-generated", "invoice-updated", "any-event", "on-demand",
    "create-customer", "update-customer", "associate-price-plan", "record-payment", "set-setting",
  ],
  "webhook": ["initiate-webhook"],
  "zohobooks": ["create-contact", "create-invoice"],
]

/// The steps, as what tests that run them depend on.
let executables = apps.flatMap { app, steps in
  steps.map { Target.Dependency.target(name: "\(app)-\($0)") }
}

var targets: [Target] = [
  // The contract of a function, and the house around it
  .target(name: "CStart"),
  .target(name: "Values", swiftSettings: quick),
  .target(name: "StepKit", dependencies: ["CStart", "Values"], swiftSettings: quick),
  .target(name: "CChecksum"),
  .target(name: "Store", dependencies: ["CChecksum", "CLinux"], swiftSettings: strict),
  .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
  .systemLibrary(name: "CLinux"),
  .systemLibrary(name: "CCrypto"),
  .systemLibrary(name: "CZlib"),
  .target(name: "Crypto", dependencies: ["CCrypto"], swiftSettings: strict),
  .target(name: "Archive", dependencies: ["CZlib"], swiftSettings: strict),
  .target(name: "HTTPTypes", dependencies: ["Values"], swiftSettings: strict),
  .target(
    name: "HTTPServer", dependencies: ["CLinux", "HTTPTypes", "Values"], swiftSettings: strict),
  .target(
    name: "HTTPClient", dependencies: ["CCurl", "CLinux", "HTTPTypes", "Values"],
    swiftSettings: strict),
  .target(name: "Processes", dependencies: ["CLinux"], swiftSettings: strict),
  .target(
    name: "Catalog", dependencies: ["HTTPClient", "HTTPServer", "HTTPTypes", "StepKit", "Values"],
    swiftSettings: strict),
  .target(
    name: "Setup",
    dependencies: [
      "Catalog", "CLinux", "Crypto", "HTTPClient", "HTTPServer", "HTTPTypes", "Store", "StepKit",
      "Values",
    ],
    swiftSettings: strict),
  .target(
    name: "Records", dependencies: ["Catalog", "Setup", "Store", "StepKit", "Values"],
    swiftSettings: strict),
  .target(
    name: "Dispatcher",
    dependencies: [
      "Catalog", "CLinux", "HTTPClient", "HTTPServer", "HTTPTypes", "Processes", "Records", "Setup",
      "Store", "StepKit", "Values",
    ],
    swiftSettings: strict),
  .target(
    name: "Operations",
    dependencies: [
      "Catalog", "Crypto", "Dispatcher", "HTTPClient", "HTTPServer", "HTTPTypes", "Records",
      "Setup", "Store", "StepKit", "Values",
    ],
    swiftSettings: strict),
  .target(
    name: "Service",
    dependencies: [
      "Catalog", "Dispatcher", "HTTPClient", "HTTPServer", "HTTPTypes", "Operations", "Records",
      "Setup", "Store", "StepKit",
      "Values",
    ],
    swiftSettings: strict),
  .executableTarget(
    name: "meterbridge",
    dependencies: [
      "Archive", "Processes", "Crypto", "Catalog", "Setup", "Records", "Dispatcher", "Operations",
      "Service",
      "Sandbox", "HTTPClient", "HTTPServer", "HTTPTypes", "StepKit", "Values", "Store",
    ],
    swiftSettings: strict),
  .target(
    name: "Sandbox", dependencies: ["HTTPClient", "HTTPServer", "HTTPTypes", "StepKit", "Values"],
    swiftSettings: strict),

  // Where functions run elsewhere: static, so no libcurl and no Dispatcher
  .target(
    name: "Harness", dependencies: ["CStart", "Values", "Processes", "CLinux"],
    swiftSettings: strict),
  .executableTarget(
    name: "bootstrap", dependencies: ["Harness"], swiftSettings: strict),

  // Measurements
  .executableTarget(
    name: "bench",
    dependencies: [
      "Processes",
      "Catalog", "Setup", "Records", "Dispatcher", "Operations", "Service", "HTTPClient",
      "HTTPServer", "HTTPTypes", "StepKit",
      "Values", "Store", "CLinux", "meterbridge",
    ]
      + executables,
    swiftSettings: strict),

  // Tests
  .target(name: "TestPrograms", path: "Tests/TestPrograms", swiftSettings: strict),
  .testTarget(
    name: "TogaiTests", dependencies: ["StepKit", "Values", "Togai"], swiftSettings: strict),
  .testTarget(
    name: "HarnessTests",
    dependencies: [
      "TestPrograms", "Harness", "bootstrap", "HTTPClient", "HTTPServer", "HTTPTypes", "StepKit",
      "Values",
      "chargebee-customer-created",
    ],
    swiftSettings: strict),
  .testTarget(name: "StepKitTests", dependencies: ["StepKit", "Values"], swiftSettings: strict),
  .testTarget(name: "ValuesTests", dependencies: ["Values"], swiftSettings: strict),
  .executableTarget(
    name: "StoreProbe", dependencies: ["Store"], path: "Tests/StoreProbe", swiftSettings: strict),
  .testTarget(name: "StoreTests", dependencies: ["Store", "StoreProbe"], swiftSettings: strict),
  .testTarget(
    name: "DispatcherTests",
    dependencies: [
      "Processes",
      "TestPrograms", "Catalog", "Setup", "Records", "Dispatcher", "Operations", "Service",
      "HTTPClient", "HTTPServer", "HTTPTypes",
      "StepKit", "Values", "Store",
    ],
    swiftSettings: strict),
  .testTarget(
    name: "ProcessesTests", dependencies: ["TestPrograms", "Processes", "Values"],
    swiftSettings: strict),
  .testTarget(name: "CryptoTests", dependencies: ["Crypto"], swiftSettings: strict),
  .testTarget(name: "ArchiveTests", dependencies: ["Archive"], swiftSettings: strict),
  .target(
    name: "HTTPFixtures", dependencies: ["HTTPServer", "Values"], path: "Tests/HTTPFixtures",
    swiftSettings: strict),
  .testTarget(
    name: "HTTPServerTests", dependencies: ["HTTPFixtures", "HTTPServer", "HTTPTypes", "Values"],
    swiftSettings: strict),
  .testTarget(
    name: "HTTPClientTests",
    dependencies: ["HTTPFixtures", "HTTPClient", "HTTPServer", "HTTPTypes", "Values"],
    swiftSettings: strict),
  .testTarget(
    name: "SandboxTests",
    dependencies: ["Sandbox", "HTTPClient", "HTTPServer", "HTTPTypes", "StepKit", "Values"],
    swiftSettings: strict),
  .target(
    name: "Stage",
    dependencies: [
      "Processes",
      "Catalog", "Setup", "Records", "Dispatcher", "Operations", "Service", "Sandbox", "HTTPClient",
      "HTTPServer", "HTTPTypes",
      "StepKit", "Values", "Store", "CLinux",
    ],
    path: "Tests/Stage", swiftSettings: strict),
  .target(
    name: "Simulation",
    dependencies: [
      "Processes", "Catalog", "Setup", "Records", "Dispatcher", "Sandbox", "HTTPClient",
      "HTTPServer", "HTTPTypes", "StepKit", "Values", "Store",
    ],
    path: "Tests/Simulation", swiftSettings: strict),
  .testTarget(
    name: "SimulationTests", dependencies: ["Simulation"] + executables, swiftSettings: strict),
  .executableTarget(
    name: "CrashProbe",
    dependencies: [
      "Processes",
      "Catalog", "Setup", "Records", "Dispatcher", "Operations", "Service", "StepKit", "Values",
      "Store",
    ],
    path: "Tests/CrashProbe",
    swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]),
  .executableTarget(
    name: "Trials",
    dependencies: [
      "Processes",
      "TestPrograms", "Stage", "Simulation", "Sandbox", "Catalog", "Setup", "Records", "Dispatcher",
      "Operations", "Service", "HTTPClient", "HTTPServer", "HTTPTypes", "StepKit", "Values", "Store",
      "CrashProbe",
    ] + executables,
    path: "Tests/Trials", swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]),
  .testTarget(
    name: "FlowTests",
    dependencies: [
      "Processes",
      "Stage", "CrashProbe", "Crypto", "Catalog", "Setup", "Records", "Dispatcher", "Operations",
      "Service", "Sandbox", "StepKit", "Values", "Store",
      "HTTPClient", "HTTPServer", "HTTPTypes",
    ] + executables,
    exclude: ["Homes"], swiftSettings: strict),
  .testTarget(
    name: "CommandTests",
    dependencies: ["meterbridge", "Archive", "StepKit", "Values"] + executables,
    swiftSettings: strict),
  .testTarget(
    name: "PipeTests",
    dependencies: [
      "Catalog", "Setup", "Records", "Dispatcher", "Operations", "Service", "HTTPClient",
      "HTTPServer", "HTTPTypes", "Processes",
      "StepKit", "Values",
    ] + executables,
    swiftSettings: strict),
]

// Apps and their steps
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
        path: folder,
        exclude: ["app.json", library] + others, sources: ["\(step).swift"],
        swiftSettings: quick + [.unsafeFlags(["-parse-as-library"])]))
  }
}

let package = Package(name: "meterbridge", targets: targets)
