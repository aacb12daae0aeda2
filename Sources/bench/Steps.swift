import Foundation

/// The executables of the steps that are measured, static if that can be had.
struct Steps {
  /// A directory with them and `meterbridge` beside them.
  let folder: String
  let note: String

  private static let names = ["chargebee-customer-created", "togai-create-customer"]
  /// Where this build's executables are.
  private static let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().path

  /// The root of the repository.
  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized.path

  init(_ options: Options, place: String) throws {
    folder = "\(place)/bin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let given = options.steps ?? Self.build()
    note =
      if let given {
        "The steps are static, in \(given)."
      } else {
        "The steps are linked dynamically, since `swift build` made no static ones: --steps DIR."
      }
    for name in Self.names { try Self.copy(name, from: given ?? Self.products, to: folder) }
    try Self.copy("meterbridge", from: Self.products, to: folder)
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  private static func copy(_ name: String, from: String, to folder: String) throws {
    do {
      try FileManager.default.copyItem(atPath: "\(from)/\(name)", toPath: "\(folder)/\(name)")
    } catch {
      throw BenchError(66, "there is no \(name) in \(from)")
    }
  }

  /// Builds static steps as the README says; nil where that does not work.
  private static func build() -> String? {
    guard let swift = find("swift") else { return nil }
    let scratch = "\(repository)/.build/static"
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    for name in names {
      let words = [
        swift, "build", "-c", "release", "--package-path", repository, "--product", name,
        "-Xswiftc", "-static-executable", "-Xlinker", "-s", "--scratch-path", scratch,
      ]
      guard (try? Spawn.run(words, environment: environment))?.status == 0 else { return nil }
    }
    return "\(scratch)/release"
  }
}
