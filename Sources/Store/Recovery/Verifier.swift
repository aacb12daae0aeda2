/// The files of a store at one moment, which can be verified without the lock.
struct Verifier: Sendable {
  private let directory: StoreDirectory
  private let acknowledged: Int
  private let tablePosition: Int
  private var table: Table?
  private var journals: [(start: Int, path: String, mapping: MappedFile)] = []
  private var report = VerificationReport()

  /// Verifies a directory, which may be too damaged to open, and changes nothing in it.
  /// - Throws: `unavailable`.
  static func verify(
    _ directory: StoreDirectory, _ progress: (_ bytes: Int) -> Void = { _ in }
  ) throws(StoreError) -> VerificationReport {
    let lock = InterProcessLock(try directory.disk.open(directory.lock, .create))
    var verifier = try lock.withLock { () throws(StoreError) in
      try Verifier(directory, try CommitWatermark(lock.file, directory.disk))
    }
    try verifier.verify(progress)
    return verifier.report
  }

  /// Opens the files; requires the lock.
  private init(
    _ directory: StoreDirectory, _ watermark: CommitWatermark
  ) throws(StoreError) {
    self.directory = directory
    acknowledged = watermark.end
    let (tables, journals) = try directory.list()
    tablePosition = tables.last ?? 0
    do {
      if let newest = tables.last { table = try Table(directory, position: newest) }
    } catch .damaged(let damage) {
      report.damages.append(damage)
    }
    for start in journals where start >= tablePosition {
      let file = try directory.disk.open(directory.journal(start), .existing)
      self.journals.append((start, file.path, try MappedFile(file, size: try file.size())))
    }
  }

  private mutating func verify(_ progress: (Int) -> Void) throws(StoreError) {
    if let table { try verify(table, progress) }
    var end = tablePosition
    let last = journals.last { !$0.mapping.bytes.isBlank(from: 0) }?.start
    // An empty journal outside the chain was never used, and is no gap.
    for journal in journals where journal.start == end || !journal.mapping.bytes.isBlank(from: 0) {
      if journal.start != end {
        let gap = "the journals up to position \(journal.start) are missing"
        report.add(directory.journal(end), 0, gap)
      }
      end = try verify(journal, isLast: journal.start == last, progress)
    }
    if end < acknowledged, report.isSound {
      let missing = "\(acknowledged - end) acknowledged bytes are missing"
      report.add(directory.journal(end), 0, missing)
    }
  }

  private mutating func verify(
    _ table: Table, _ progress: (Int) -> Void
  ) throws(StoreError) {
    try table.withBytes { bytes in
      var previous: Key?
      var offset = 0
      while offset < bytes.count {
        let line = Line(in: bytes, at: offset)
        report.tableRecords += 1
        if let line, line.kind == .put, let key = line.record()?.key {
          if let previous, previous >= key {
            report.add(table.path, offset, "the key is out of order")
          }
          previous = key
        } else {
          report.add(table.path, offset, "the line does not match its checksum")
        }
        let next = line?.next ?? bytes.endOfLine(from: offset) + 1
        progress(next - offset)
        offset = next
      }
      let isComplete =
        report.tableRecords == table.records && Int(Checksum.of(bytes)) == table.checksum
      if report.isSound, !isComplete {
        report.add(table.path, bytes.count, "the records do not match the last line")
      }
      report.bytes += bytes.count
    }
  }

  /// Verifies a journal, and returns the position of its end.
  private mutating func verify(
    _ journal: (start: Int, path: String, mapping: MappedFile), isLast: Bool,
    _ progress: (Int) -> Void
  ) throws(StoreError) -> Int {
    try journal.mapping.withBytes { bytes in
      report.bytes += bytes.count
      var offset = 0
      while true {
        let position = journal.start + offset
        switch CommitGroup.read(bytes, at: offset, position: position) {
        case .end: return position
        case .group(let group):
          report.journalRecords += group.records.count
          progress(group.size)
          offset += group.size
        case .broken(let place):
          let next = CommitGroup.next(bytes, after: offset, position: position)
          if isLast, next == nil, acknowledged <= position {
            report.tornBytes += bytes.count - offset
            return position
          }
          addBadLines(in: bytes, from: place, to: next ?? bytes.count, journal.path)
          offset = next ?? bytes.count
        }
      }
    }
  }

  private mutating func addBadLines(
    in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, _ path: String
  ) {
    var offset = start
    while offset < end {
      // The first line is bad even if its checksum is valid: it may be in the wrong place.
      if offset == start || Line(in: bytes, at: offset) == nil {
        report.add(path, offset, "a record is incomplete")
      }
      offset = bytes.endOfLine(from: offset) + 1
    }
  }
}
