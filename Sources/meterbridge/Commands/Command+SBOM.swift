import Archive
import Crypto
import Foundation
import HTTPClient
import Processes
import Setup
import Values

extension Command {
  static let sbom = Command(
    name: "sbom", summary: "Print a bill of materials of this build (CycloneDX)",
    details: """
      A JSON document of CycloneDX 1.5: this program, what it is built with, and the versions of the
      libraries that it is running with. Steps that are built for an empty image contain Swift's runtime only.
      """, usesHome: false
  ) { (_) throws(Problem) in Terminal.print(bill) }

  /// The version of Swift that built the program, as far as it is known to it.
  private static var swift: String {
    #if compiler(>=6.4)
    "6.4"
    #elseif compiler(>=6.3)
    "6.3"
    #else
    "6.2"
    #endif
  }

  private static var bill: JSON {
    let openSSL = LibCrypto.version.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let glibc = Machine.libraryVersion
    let libraries: [(name: String, version: String, license: String, use: String)] = [
      ("swift-runtime", swift, "Apache-2.0", "linked"),
      ("swift-corelibs-foundation", swift, "Apache-2.0", "linked"),
      ("libcurl", LibCurl.version, "curl", "loaded"),
      ("openssl", openSSL, "Apache-2.0", "loaded"), ("zlib", Zlib.version, "Zlib", "loaded"),
      ("glibc", glibc, "LGPL-2.1-or-later", "loaded"),
    ]
    let components = libraries.map { library -> JSON in
      [
        "type": "library", "name": .string(library.name), "version": .string(library.version),
        "bom-ref": .string("\(library.name)@\(library.version)"),
        "licenses": [["license": ["id": .string(library.license)]]],
        "purl": .string("pkg:generic/\(library.name)@\(library.version)"),
        "properties": [["name": "meterbridge:use", "value": .string(library.use)]],
      ]
    }
    let own = "meterbridge@\(Version.text)"
    return [
      "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
      "serialNumber": .string("urn:uuid:\(UUID().uuidString.lowercased())"),
      "metadata": [
        "timestamp": .string(WallClock.system.now().text),
        "component": [
          "type": "application", "name": "meterbridge", "version": .string(Version.text),
          "bom-ref": .string(own),
        ],
      ],
      "components": .array(components),
      "dependencies": [
        [
          "ref": .string(own),
          "dependsOn": .array(components.map { $0["bom-ref"] }),
        ]
      ],
    ]
  }
}
