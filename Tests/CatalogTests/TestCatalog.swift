import Catalog
import Foundation
import TestSupport

/// The catalog of `TestApps`.
func testCatalog() throws -> AppCatalog {
  try withAppFolder { try AppCatalog(functions: $0) }
}

/// Runs a body with a temporary folder of the apps and flows of `TestApps`.
func withAppFolder<Result>(_ body: (_ folder: String) throws -> Result) throws -> Result {
  let folder = NSTemporaryDirectory() + "meterbridge-apps-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try TestApps.write(to: folder)
  return try body(folder)
}

/// The catalog of this repository.
func shippedCatalog() throws -> AppCatalog {
  let functions = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../functions").standardized.path
  return try AppCatalog(functions: functions)
}
