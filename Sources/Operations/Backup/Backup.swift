import Crypto
import Foundation
public import Setup
import StepKit
public import Store
public import Values

/// A backup of a store, a file of JSON Lines: a header, a line for each record, and a last line with
/// their number, a chained digest, which reveals a truncated or changed file, and a code that only a home
/// with the same key can make.
///
/// It contains no secret: those are in a store of their own. The lines of records may be encrypted. A file
/// without a code, such as one of an earlier build, or with that of another key is foreign: whoever made
/// it may have put servers of their own into it.
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

    func line(code: String?) -> String {
      JSON.members(["code": .text(code), "records": .int(records), "sha256": .string(digest)]).text
    }

    /// The code of a file with this first line.
    func code(_ head: String, _ seal: BackupSeal?) throws(Problem) -> String? {
      try seal.map { (seal) throws(Problem) in try seal.code(head: head, digest: digest) }
    }
  }
}

extension Home {
  /// Writes all present records to a new file, while other processes may write to the store.
  ///
  /// `progress` is told the bytes that were read, record by record.
  /// - Returns: The number of records.
  /// - Throws: A `cannotCreate` problem if the file exists; `configuration` if it is to be encrypted, and
  ///   the home has no key.
  public func backUp(
    to path: String, now: Timestamp, encrypts: Bool = false,
    progress: (_ bytes: Int) -> Void = { _ in }
  ) throws(Problem) -> Int {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Problem(.cannotCreate, "\(path) already exists; choose another file")
    }
    let draft = path + ".part"
    let file = try BackupFile(creating: draft)
    defer { unlink(draft) }
    let salt = BackupSeal.salt()
    let seal = try BackupSeal(salt: salt) { (purpose) throws(Problem) in
      try derivedKey(for: purpose)
    }
    guard seal != nil || !encrypts else {
      throw Problem(
        .configuration,
        "the home has no key to encrypt with: it is made with the first secret, or METERBRIDGE_KEY_FILE"
          + " names one")
    }
    let head = JSON.members([
      "meterbridge": "backup", "format": .int(Backup.format), "at": .string(now.text),
      "home": HomeFormat.current.json, "salt": seal == nil ? nil : .string(salt),
      "encrypted": encrypts ? true : nil,
    ]).text
    try file.write(head)
    var sum = Backup.Sum()
    var scan = try with { (store) throws(StoreError) in try store.scan(prefix: "") }
    while let record = try next(&scan) {
      var line = JSON.members([
        "key": .string(record.key), "value": .string(record.value),
      ]).text
      if encrypts, let seal { line = try seal.seal(line, number: sum.records) }
      try sum.add(line)
      try file.write(line)
      progress(record.key.utf8.count + record.value.utf8.count)
    }
    try file.write(sum.line(code: sum.code(head, seal)))
    try file.finish(as: path)
    return sum.records
  }

  /// Restores the store of a home from a backup.
  ///
  /// The store is replaced only after the whole file was read.
  /// - Parameters:
  ///   - home: The path of the home.
  ///   - path: The path of the backup.
  ///   - keyFile: The path in `METERBRIDGE_KEY_FILE`.
  ///   - trusts: Whether a foreign backup is restored, without the trust and the places in it.
  ///   - note: Notes the deed in the store with the restored records, before that takes its place.
  /// - Returns: The number of records, and what was left out of a foreign backup.
  /// - Throws: A `refused` problem if the store is not empty, or the backup is foreign; `configuration` if
  ///   the home or the backup has a newer format; `data` if the file is no whole backup.
  public static func restore(
    _ home: String, from path: String, keyFile: String? = nil, trusts: Bool = false,
    note: (any KeyValueStore) throws(Problem) -> Void = { _ in }
  ) throws(Problem) -> (records: Int, dropped: [String]) {
    let (place, draft) = ("\(home)/store", "\(home)/store.restored")
    _ = try HomeFormat(home: home)
    try refuseFull(place)
    try? FileManager.default.removeItem(atPath: draft)
    defer { try? FileManager.default.removeItem(atPath: draft) }
    let reader = try BackupReader(path) { (purpose) throws(Problem) in
      try derivedKey(for: purpose, home: home, keyFile: keyFile)
    }
    let restored = try store(at: draft)
    try fill(restored, from: reader, trusts: trusts)
    try note(restored)
    try reader.format.write(in: home)
    do {
      if FileManager.default.fileExists(atPath: place) {
        try FileManager.default.removeItem(atPath: place)
      }
      try FileManager.default.moveItem(atPath: draft, toPath: place)
    } catch {
      throw Problem(.cannotCreate, "cannot put the restored store at \(place): \(error)")
    }
    return (reader.records, reader.foreign.dropped)
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
    _ store: FileStore, from reader: BackupReader, trusts: Bool
  ) throws(Problem) {
    var changes: [Change] = []
    while let record = try reader.next(trusts: trusts) {
      // Webhook endpoints belong to the first home; `webhook install` at the same URL takes one over
      if record.key.hasPrefix(StoreKey.webhook.prefix) { continue }
      changes.append(.put(record.key, record.value))
      if changes.count == Backup.portion {
        try commit(changes, to: store)
        changes = []
      }
    }
    try commit(changes, to: store)
  }

  private static func store(at path: String) throws(Problem) -> FileStore {
    do throws(StoreError) { return try FileStore(at: path) } catch { throw Problem(error) }
  }

  private static func commit(_ changes: [Change], to store: FileStore) throws(Problem) {
    guard !changes.isEmpty else { return }
    do throws(StoreError) { _ = try store.commit(changes) } catch { throw Problem(error) }
  }
}
