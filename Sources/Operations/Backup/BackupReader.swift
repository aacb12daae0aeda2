import Crypto
import Setup
import Values

/// Reads the records of a backup, and checks the file.
final class BackupReader {
  private let path: String
  private let file: BackupFile
  private let head: String
  private let seal: BackupSeal?
  private let isEncrypted: Bool
  private let isForeign: Bool
  private var sum = Backup.Sum()
  /// The format of the home that was backed up.
  let format: HomeFormat
  /// What is left out of a foreign backup.
  private(set) var foreign = ForeignRecords()

  /// The number of records read.
  var records: Int { sum.records }

  /// Opens a file, with the keys of the home.
  ///
  /// - Throws: `data` if it is no backup, or is encrypted with another key.
  init(
    _ path: String, _ derived: (_ purpose: String) throws(Problem) -> KeyBytes?
  ) throws(Problem) {
    self.path = path
    file = try BackupFile(reading: path)
    let head = try file.next() ?? ""
    self.head = head
    let json = (try? JSON(parsing: head)) ?? .null
    guard json["meterbridge"] == "backup", json["format"].int == Backup.format else {
      throw Problem(.data, "\(path) is not a backup of Meterbridge")
    }
    format = try HomeFormat(backup: json, in: path)
    let last = try Self.lastLine(of: path)
    isEncrypted = json["encrypted"].bool == true
    seal = try json["salt"].string.flatMap { (salt) throws(Problem) in
      try BackupSeal(salt: salt, derived)
    }
    guard !isEncrypted || seal != nil else {
      throw Problem(
        .configuration,
        "\(path) is encrypted: put the key of its home in place, or name it in METERBRIDGE_KEY_FILE"
      )
    }
    let digest = last["sha256"].string ?? ""
    let code = try seal.map { (seal) throws(Problem) in try seal.code(head: head, digest: digest) }
    isForeign = code == nil || code != last["code"].string
  }

  /// The next record to restore; nil after the last of a whole file.
  ///
  /// - Throws: `refused` if the file is foreign, unless that is trusted; `data` if it is incomplete or was
  ///   changed.
  func next(trusts: Bool) throws(Problem) -> (key: String, value: String)? {
    guard !isForeign || trusts else {
      throw Problem(
        .refused,
        "\(path) was not written with the key of this home: name the key of its home in"
          + " METERBRIDGE_KEY_FILE, or, if you trust whoever made the file, say --trust, which leaves out"
          + " the places of steps, what steps were allowed, the trust in base URLs and grants")
    }
    while let line = try file.next() {
      guard let record = record(in: line) else {
        let code = isForeign ? (try? JSON(parsing: line))?["code"].string : try sum.code(head, seal)
        guard line == sum.line(code: code), try file.next() == nil else { break }
        return nil
      }
      try sum.add(line)
      guard isForeign else { return record }
      if let admitted = foreign.admitted(record.key, record.value) { return admitted }
    }
    throw Self.incomplete(path)
  }

  private func record(in line: String) -> (key: String, value: String)? {
    guard var json = try? JSON(parsing: line) else { return nil }
    if isEncrypted {
      guard let sealed = json["sealed"].string,
        let text = seal?.open(sealed, number: sum.records), let opened = try? JSON(parsing: text)
      else { return nil }
      json = opened
    }
    guard let key = json["key"].string, let value = json["value"].string else { return nil }
    return (key, value)
  }

  /// The last line of a whole file.
  private static func lastLine(of path: String) throws(Problem) -> JSON {
    let file = try BackupFile(reading: path)
    _ = try file.next()
    var sum = Backup.Sum()
    var last: String?
    while let line = try file.next() {
      if let last { try sum.add(last) }
      last = line
    }
    let json = (try? JSON(parsing: last ?? "")) ?? .null
    guard last == sum.line(code: json["code"].string) else { throw incomplete(path) }
    return json
  }

  private static func incomplete(_ path: String) -> Problem {
    Problem(.data, "\(path) is incomplete or was changed; use another backup")
  }
}
