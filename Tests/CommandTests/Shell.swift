import Foundation
import Testing

/// Runs shell scripts in the root of the repository.
enum Shell {
  struct Finished {
    let status: Int32
    let output: String
    let error: String
  }

  /// The root of the repository.
  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized

  /// The folder of this build's executables, which scripts call `.build/debug/`.
  private static let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

  /// Removes the files of a test, unless `METERBRIDGE_TESTS_LEAVE_ALL` is set.
  static func remove(_ path: String) {
    guard ProcessInfo.processInfo.environment["METERBRIDGE_TESTS_LEAVE_ALL"] == nil else { return }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Runs a script, by default with a new home.
  static func run(_ line: String, home: String? = nil, input: String = "") throws -> Finished {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "shell-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { remove(folder.path) }
    try Data(input.utf8).write(to: folder.appending(path: "in"))
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let line = line.replacingOccurrences(of: ".build/debug/", with: products.path + "/")
    process.arguments = [
      "-c", "{ \(line)\n} <\(folder.path)/in >\(folder.path)/out 2>\(folder.path)/err",
    ]
    process.currentDirectoryURL = repository
    process.environment = [
      "PATH": "/usr/bin:/bin", "METERBRIDGE_HOME": home ?? folder.path + "/home",
    ]
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    ended.wait()
    return Finished(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: folder.appending(path: "out")), as: UTF8.self),
      error: String(decoding: try Data(contentsOf: folder.appending(path: "err")), as: UTF8.self))
  }

  /// Creates a home with connections c to Chargebee and t to Togai, which is not reachable, and the
  /// enabled flow connection n of customers.
  static func makeConnectedHome() throws -> String {
    let home = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    let made = try run(
      """
      set -e
      m=.build/debug/meterbridge
      echo k | $m connection add togai --name t --no-test --secret token=- --set baseUrl=http://127.0.0.1:1
      echo k | $m connection add chargebee --name c --no-test --set site=acme --secret apiKey=-
      $m flow connect chargebee-togai-customer-sync --name n --enable
      """, home: home)
    try #require(made.status == 0, "\(made.error)")
    return home
  }

  /// Runs a script beside a sandbox, whose URLs are in `$chargebee` and `$togai`; `$m` is the command.
  static func runBesideSandbox(_ script: String) throws -> Finished {
    try run(
      """
      m=.build/debug/meterbridge
      said=$(mktemp)
      $m sandbox --listen 127.0.0.1:0 2>$said &
      sandbox=$!
      for try in $(seq 1000); do grep -q serving $said && break; sleep 0.02; done
      chargebee=$(sed 's/.*serving Chargebee at \\([^,]*\\),.*/\\1/' $said)
      togai=$(sed 's/.*Togai at \\([^,]*\\),.*/\\1/' $said)
      \(script)
      status=$?
      kill $sandbox
      wait $sandbox
      rm $said
      exit $status
      """)
  }
}
