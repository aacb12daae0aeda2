import Foundation
import Store

/// A directory for one test, removed when the test ends.
final class ScratchDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "store-" + UUID().uuidString
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// A store in the directory without background compactions.
  func store(_ disk: any Disk = LocalDisk()) throws -> FileStore {
    try FileStore(at: path, disk: disk, compactAt: .max)
  }

  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  /// Overwrites a file in place, as a faulty disk does.
  func write(_ bytes: [UInt8], _ name: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }

  func mode(_ name: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
    return (attributes[.posixPermissions] as? NSNumber)?.intValue
  }
}

extension FileStore {
  /// All records as `key=value`.
  func all() throws -> [String] {
    try records(prefix: "").map { "\($0.key)=\($0.value)" }
  }
}

/// Runs a closure on several threads at once, and waits for all of them.
func onThreads(_ count: Int, _ work: @escaping @Sendable (Int) -> Void) {
  let all = DispatchGroup()
  for index in 0..<count {
    all.enter()
    Thread {
      work(index)
      all.leave()
    }.start()
  }
  all.wait()
}
