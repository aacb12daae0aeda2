import Archive
import Foundation
import StepKit
import Testing
import Values

/// The files that `package` writes for each target, from programs that consist of an ELF header only.
struct PackageTests {
  private let meterbridge = ".build/debug/meterbridge"
  /// The header of a static x86-64 Linux program without program headers.
  private static let head: [UInt8] =
    [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9) + [2, 0, 62, 0]
    + [UInt8](repeating: 0, count: 60)

  /// Packages two steps for a target, and passes on the folder and the result.
  private func package(
    _ target: String, _ body: (URL, Shell.Finished) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pack-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let from = folder.appending(path: "from")
    try FileManager.default.createDirectory(at: from, withIntermediateDirectories: true)
    for name in ["chargebee-customer-created", "togai-create-customer", "bootstrap"] {
      try Data(Self.program(name)).write(to: from.appending(path: name))
    }
    let finished = try Shell.run(
      "\(meterbridge) package --target \(target) --from \(from.path) --output \(folder.path)/out"
        + " chargebee/customer-created togai-create-customer --json")
    try body(folder.appending(path: "out"), finished)
  }

  private static func program(_ name: String) -> [UInt8] { head + Array(name.utf8) }

  private func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

  private func mode(_ file: URL) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    return attributes[.posixPermissions] as? Int ?? 0
  }

  private static func archive(_ files: [(String, [UInt8], UInt16)]) throws -> Data {
    var archive = ZipArchive()
    for (name, bytes, mode) in files { try archive.add(name, mode: mode, bytes) }
    return Data(archive.bytes)
  }

  @Test func lambdaPackageHasArchivesAndTemplate() throws {
    try package("lambda") { folder, finished in
      #expect(finished.status == 0, "\(finished.error)")
      let name = "chargebee-customer-created"
      let expected = try Self.archive([
        ("bootstrap", Self.program("bootstrap"), 0o755), (name, Self.program(name), 0o755),
      ])
      #expect(try Data(contentsOf: folder.appending(path: "\(name).zip")) == expected)
      let template = try text(folder.appending(path: "template.yaml"))
      for line in [
        "Transform: AWS::Serverless-2016-10-31", "    Runtime: provided.al2023",
        "    Architectures: [x86_64]", "  ChargebeeCustomerCreated:", "      Handler: \(name)",
        "      CodeUri: ./\(name).zip", "        AuthType: AWS_IAM", "  TogaiCreateCustomer:",
      ] { #expect(template.contains("\n\(line)\n"), "\(line)") }
    }
  }

  @Test func openFaaSPackageHasImagesAndStack() throws {
    try package("openfaas") { folder, finished in
      #expect(finished.status == 0, "\(finished.error)")
      let stack = try text(folder.appending(path: "stack.yaml"))
      for name in ["chargebee-customer-created", "togai-create-customer"] {
        let context = folder.appending(path: name)
        let program = context.appending(path: "step")
        #expect(try Data(contentsOf: program) == Data(Self.program(name)))
        #expect(try mode(program) == 0o755)
        let holder = context.appending(path: "exec")
        #expect(try Data(contentsOf: holder) == Data(Self.program("bootstrap")))
        #expect(try mode(holder) == 0o755)
        let image = try text(context.appending(path: "Dockerfile"))
        for part in [
          "\nFROM scratch\n", "\nENV fprocess=/exec ", " combine_output=false ",
          " cgi_headers=false ", " healthcheck_interval=3s ",
        ] {
          #expect(image.contains(part), "\(part)")
        }
        #expect(stack.contains("\n  \(name):\n    lang: dockerfile\n    handler: ./\(name)\n"))
      }
      #expect(stack.count(of: "\n      combine_output: \"false\"\n") == 2)
      #expect(stack.count(of: "\n      cgi_headers: \"false\"\n") == 2)
    }
  }

  @Test func openWhiskPackageHasArchivesAndManifest() throws {
    try package("openwhisk") { folder, finished in
      #expect(finished.status == 0, "\(finished.error)")
      let name = "togai-create-customer"
      let expected = try Self.archive([
        ("exec", Self.program("bootstrap"), 0o755), ("step", Self.program(name), 0o755),
        ("exec.env", Array("openwhisk/action-golang-v1.22".utf8), 0o644),
      ])
      #expect(try Data(contentsOf: folder.appending(path: "\(name).zip")) == expected)
      let manifest = try text(folder.appending(path: "manifest.yaml"))
      #expect(manifest.contains("\n      \(name):\n        function: \(name).zip\n"))
    }
  }

  @Test func systemdPackageInstallsUnits() throws {
    try package("systemd") { folder, finished in
      #expect(finished.status == 0, "\(finished.error)")
      let name = "chargebee-customer-created"
      let socket = try text(folder.appending(path: "meterbridge-\(name).socket"))
      #expect(socket.contains("\nAccept=yes\n"))
      let service = try text(folder.appending(path: "meterbridge-\(name)@.service"))
      for line in ["StandardInput=socket", "DynamicUser=yes", "PrivateNetwork=yes"] {
        #expect(service.contains("\n\(line)\n"), "\(line)")
      }
      let root = folder.path + "/root"
      let installed = try Shell.run(
        "DESTDIR=\(root) \(folder.path)/install && cd \(root) && find . -type f | sort")
      #expect(installed.output.split(separator: "\n").count == 6)
      #expect(installed.output.hasSuffix("./usr/local/lib/meterbridge/togai-create-customer\n"))
    }
  }

  @Test func cgiPackageHasProgramsAndConfiguration() throws {
    try package("cgi") { folder, finished in
      #expect(finished.status == 0, "\(finished.error)")
      let name = "togai-create-customer"
      for (file, program) in [("index.cgi", "bootstrap"), ("step", name)] {
        let path = folder.appending(path: name).appending(path: file)
        let bytes = try Data(contentsOf: path)
        #expect(bytes == Data(Self.program(program)))
        #expect(try mode(path) == 0o755)
      }
      let configuration = try text(folder.appending(path: "lighttpd.conf"))
      #expect(configuration.contains("cgi.assign"))
    }
  }

  @Test func packageIsReproducible() throws {
    var digests: [[String?]] = []
    for _ in 0..<2 {
      try package("lambda") { _, finished in
        let rows = try finished.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
        digests.append(rows.map { $0["sha256"].string })
      }
    }
    #expect(digests[0].count == 3)
    #expect(digests[0] == digests[1])
  }

  @Test(arguments: [
    ("package", 64, "missing option --target"),
    ("package --target cloud", 64, "unknown target \"cloud\"; the targets are openfaas, lambda"),
    (
      "package --target lambda --package /tmp", 66,
      "/tmp is not a clone of Meterbridge's repository"
    ),
    ("package --target lambda togai/none", 66, "there is no step togai/none"),
    (
      "package --target systemd --from /nowhere", 66,
      "cannot read /nowhere/chargebee-"
    ),
    ("package --target systemd --from .build/debug/", 65, "needs shared libraries"),
    ("build --package /nowhere", 66, "is not a clone"), ("build x", 66, "there is no step x"),
  ])
  func packageErrorNamesProblem(words: String, status: Int32, reason: String) throws {
    let finished = try Shell.run("\(meterbridge) \(words)")
    #expect(finished.status == status)
    #expect(finished.output == "")
    #expect(finished.error.contains(reason), "\(finished.error)")
  }
}

extension String {
  /// The number of occurrences of a text.
  fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
