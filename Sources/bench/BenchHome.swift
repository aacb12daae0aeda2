import Catalog
import Dispatcher
import Foundation
import Operations
import Records
import Setup
import StepKit
import Store
import Values

/// A home with both connections and a flow, and what fills it.
struct BenchHome {
  static let password = "hook-password"
  /// The first two steps of the customer sync: for a customer whose link is known, four calls and one
  /// request to Togai.
  private static let flow: JSON = [
    "name": "Bench", "type": "inbound", "when": ["step": "chargebee/customer-created"],
    "then": [["step": "togai/create-customer"]],
  ]

  let path: String
  let registry: Registry

  /// Opens a home that is there, or an empty one.
  private init(opening path: String) throws {
    self.path = path
    let catalog = try AppCatalog(functions: "\(Steps.repository)/functions")
    registry = Registry(home: try Home(at: path), catalog: catalog)
  }

  /// Makes a home; with `flows`, the flow is enabled; Togai is the server at a base URL.
  init(at path: String, flows: Bool, togai url: String? = nil) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try self.init(opening: path)
    _ = try registry.add(
      connection: "chargebee", app: "chargebee", settings: ["site": "acme"],
      secrets: ["apiKey": Secret("key"), "webhookPassword": Secret(Self.password)])
    _ = try registry.add(
      connection: "togai", app: "togai", settings: url.map { ["baseUrl": $0] } ?? [:],
      secrets: ["token": Secret("token"), "webhookSecret": Secret("secret-of-the-bench")])
    _ = try registry.flows.add(flow: "bench", json: Self.flow)
    _ = try registry.connect(flow: "bench", name: "bench", connections: [:])
    _ = try registry.flows.enable("bench", flows)
  }

  /// Opens a home that was made.
  static func open(_ path: String) throws -> BenchHome { try BenchHome(opening: path) }

  var store: any KeyValueStore { registry.home.store }

  /// The bytes of the files of the store.
  var size: Int { Self.size(of: "\(path)/store") }

  static func size(of folder: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.reduce(0) { sum, name in
      var status = stat()
      return stat("\(folder)/\(name)", &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
    }
  }
}
