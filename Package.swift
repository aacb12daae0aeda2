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
  .target(name: "HTTP", dependencies: ["CCurl", "CLinux", "Values"], swiftSettings: strict),
  .target(name: "Processes", dependencies: ["CLinux"], swiftSettings: strict),
  .target(
    name: "Dispatcher",
    dependencies: ["Crypto", "StepKit", "Values", "Store", "HTTP", "Processes", "CLinux"],
    swiftSettings: strict),
  .executableTarget(
    name: "meterbridge",
    dependencies: [
      "Archive", "Crypto", "Dispatcher", "Sandbox", "HTTP", "StepKit", "Values", "Store",
    ],
    swiftSettings: strict),
  .target(name: "Sandbox", dependencies: ["HTTP", "StepKit", "Values"], swiftSettings: strict),

  // Where functions run elsewhere: static, so no libcurl and no Dispatcher
  .target(
    name: "Harness", dependencies: ["StepKit", "Values", "Processes", "CLinux"],
    swiftSettings: strict),
  .executableTarget(
    name: "bootstrap", dependencies: ["Harness"], swiftSettings: strict),

  // Measurements
  .executableTarget(
    name: "bench",
    dependencies: ["Dispatcher", "HTTP", "StepKit", "Values", "Store", "CLinux", "meterbridge"]
      + executables,
    swiftSettings: strict),

  // Tests
  .target(name: "TestPrograms", path: "Tests/TestPrograms", swiftSettings: strict),
  .testTarget(
    name: "TogaiTests", dependencies: ["StepKit", "Values", "Togai"], swiftSettings: strict),
  .testTarget(
    name: "HarnessTests",
    dependencies: [
      "TestPrograms", "Harness", "bootstrap", "HTTP", "StepKit", "Values",
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
    dependencies: ["TestPrograms", "Dispatcher", "HTTP", "StepKit", "Values", "Store"],
    swiftSettings: strict),
  .testTarget(name: "CryptoTests", dependencies: ["Crypto"], swiftSettings: strict),
  .testTarget(name: "ArchiveTests", dependencies: ["Archive"], swiftSettings: strict),
  .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Values"], swiftSettings: strict),
  .testTarget(
    name: "SandboxTests", dependencies: ["Sandbox", "HTTP", "StepKit", "Values"],
    swiftSettings: strict),
  .target(
    name: "Stage",
    dependencies: ["Dispatcher", "Sandbox", "HTTP", "StepKit", "Values", "Store", "CLinux"],
    path: "Tests/Stage", swiftSettings: strict),
  .executableTarget(
    name: "CrashProbe", dependencies: ["Dispatcher", "StepKit", "Values", "Store"],
    path: "Tests/CrashProbe",
    swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]),
  .executableTarget(
    name: "Trials",
    dependencies: [
      "TestPrograms", "Stage", "Sandbox", "Dispatcher", "HTTP", "StepKit", "Values", "Store",
      "CrashProbe",
    ] + executables,
    path: "Tests/Trials", swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]),
  .testTarget(
    name: "FlowTests",
    dependencies: [
      "Stage", "CrashProbe", "Crypto", "Dispatcher", "Sandbox", "StepKit", "Values", "Store",
      "HTTP",
    ] + executables,
    exclude: ["Homes"], swiftSettings: strict),
  .testTarget(
    name: "CommandTests",
    dependencies: ["meterbridge", "Archive", "StepKit", "Values"] + executables,
    swiftSettings: strict),
  .testTarget(
    name: "PipeTests",
    dependencies: ["Dispatcher", "HTTP", "Processes", "StepKit", "Values"] + executables,
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
