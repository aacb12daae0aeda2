import Crypto
import Foundation
public import Setup
import StepKit
import Store
public import Values

/// A backup of a store, a file of JSON Lines: a header, a line for each record, and a last line with
/// their number and a chained digest, which reveals a truncated or changed file.
///
/// It contains no secret: those are in a store of their own.
public enum Backup {
  static let format = 1
  /// The number of records that are restored in a commit.
  static let portion = 1000

  /// The last line of a whole file.
  struct Sum {
    private(set) var records = 0
    private var digest = ""

    mutating func add(_ line: String) throws(Problem) {
      digest = try SHA256.text(of: Array(digest.utf8) + Array(line.utf8))
      records += 1
    }

    var line: String {
      JSON.members(["records": .int(records), "sha256": .string(digest)]).text
    }
  }
}

extension Home {
  /// Writes all present records to a new file, while other processes may write to the store.
  ///
  /// - Returns: The number of records.
  /// - Throws: A `cannotCreate` problem if the file exists.
  public func backUp(to path: String, now: Timestamp) throws(Problem) -> Int {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Problem(.cannotCreate, "\(path) already exists; choose another file")
    }
    let draft = path + ".part"
    let file = try BackupFile(creating: draft)
    defer { unlink(draft) }
    try file.write(
      JSON.members([
        "meterbridge": "backup", "format": .int(Backup.format), "at": .string(now.text),
        "home": HomeFormat.current.json,
      ]).text)
    var sum = Backup.Sum()
    var scan = try with { (store) throws(StoreError) in try store.scan(prefix: "") }
    while let record = try next(&scan) {
      let line = JSON.members([
        "key": .string(record.key), "value": .string(record.value),
      ]).text
      try sum.add(line)
      try file.write(line)
    }
    try file.write(sum.line)
    try file.finish(as: path)
    return sum.records
  }

  /// Restores the store of a home from a backup.
  ///
  /// The store is replaced only after the whole file was read.
  /// - Returns: The number of records.
  /// - Throws: A `refused` problem if the store is not empty; `configuration` if the home or the backup
  ///   has a newer format; `data` if the file is no whole backup.
  public static func restore(_ home: String, from path: String) throws(Problem) -> Int {
    let (place, draft) = ("\(home)/store", "\(home)/store.restored")
    _ = try HomeFormat(home: home)
    try refuseFull(place)
    try? FileManager.default.removeItem(atPath: draft)
    defer { try? FileManager.default.removeItem(atPath: draft) }
    let (count, format) = try fill(store(at: draft), from: path)
    try format.write(in: home)
    do {
      if FileManager.default.fileExists(atPath: place) {
        try FileManager.default.removeItem(atPath: place)
      }
      try FileManager.default.moveItem(atPath: draft, toPath: place)
    } catch {
      throw Problem(.cannotCreate, "cannot put the restored store at \(place): \(error)")
    }
    return count
  }

  private static func refuseFull(_ place: String) throws(Problem) {
    guard FileManager.default.fileExists(atPath: place) else { return }
    let store = try store(at: place)
    do throws(StoreError) {
      var scan = try store.scan(prefix: "")
      guard try scan.next() != nil else { return }
    } catch {
      throw Problem(error)
    }
    throw Problem(
      .refused, "the store at \(place) is not empty; restore into another --home")
  }

  /// Puts all records of a file into a store.
  private static func fill(
    _ store: FileStore, from path: String
  ) throws(Problem) -> (records: Int, format: HomeFormat) {
    let file = try BackupFile(reading: path)
    let head = try file.next().flatMap { try? JSON(parsing: $0) }
    guard head?["meterbridge"] == "backup", head?["format"].int == Backup.format else {
      throw Problem(.data, "\(path) is not a backup of Meterbridge")
    }
    let format = try HomeFormat(backup: head ?? .null, in: path)
    var sum = Backup.Sum()
    var changes: [Change] = []
    while let line = try file.next() {
      guard let json = try? JSON(parsing: line), let key = json["key"].string,
        let value = json["value"].string
      else {
        guard line == sum.line, try file.next() == nil else { break }
        try commit(changes, to: store)
        return (sum.records, format)
      }
      try sum.add(line)
      // Webhook endpoints belong to the first home; `webhook install` at the same URL takes one over
      if key.hasPrefix(StoreKey.webhook.prefix) { continue }
      changes.append(.put(key, value))
      if changes.count == Backup.portion {
        try commit(changes, to: store)
        changes = []
      }
    }
    throw Problem(.data, "\(path) is incomplete or was changed; use another backup")
  }

  private static func store(at path: String) throws(Problem) -> FileStore {
    do throws(StoreError) { return try FileStore(at: path) } catch { throw Problem(error) }
  }

  private static func commit(_ changes: [Change], to store: FileStore) throws(Problem) {
    guard !changes.isEmpty else { return }
    do throws(StoreError) { _ = try store.commit(changes) } catch { throw Problem(error) }
  }
}
