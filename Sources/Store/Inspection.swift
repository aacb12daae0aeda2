/// The files of a store as they were at one instant, to be looked at without holding anyone up.
struct Inspection: Sendable {
  private let folder: Folder
  private let acknowledged: Int
  private let base: Int
  private var table: Table?
  private var journals: [(start: Int, path: String, mapping: Mapping)] = []
  private var found = Report()

  /// Opens the files.
  ///
  /// Wants the lock.
  init(_ folder: Folder, _ mark: Mark) throws(StoreError) {
    self.folder = folder
    acknowledged = mark.end
    let (tables, journals) = try folder.list()
    base = tables.last ?? 0
    do {
      if let newest = tables.last { table = try Table(folder, position: newest) }
    } catch .damaged(let damage) {
      found.damages.append(damage)
    }
    for start in journals where start >= base {
      let file = try folder.disk.open(folder.journal(start), .existing)
      let mapping = try Mapping(file, size: try file.size())
      self.journals.append((start, file.path, mapping))
    }
  }

  /// What a look at every line finds.
  func report() throws(StoreError) -> Report {
    var report = found
    if let table { try inspect(table, &report) }
    var end = base
    let last = journals.last { !isBlank($0.mapping.bytes, from: 0) }?.start
    // An empty journal that nothing leads to was never begun, and is no gap.
    for journal in journals where journal.start == end || !isBlank(journal.mapping.bytes, from: 0) {
      if journal.start != end {
        report.add(folder.journal(end), 0, "the journals from here to \(journal.start) are missing")
      }
      end = try inspect(journal, isLast: journal.start == last, &report)
    }
    if end < acknowledged, report.isSound {
      let missing = acknowledged - end
      report.add(folder.journal(end), 0, "\(missing) acknowledged bytes from here are missing")
    }
    return report
  }

  // MARK: Private

  private func inspect(_ table: Table, _ report: inout Report) throws(StoreError) {
    var records = 0
    var former: Key?
    try table.read { bytes in
      var offset = 0
      while offset < bytes.count {
        let line = Line(in: bytes, at: offset)
        let record = line?.kind == .put ? line?.record() : nil
        records += 1
        if let key = record?.key {
          if let former, former >= key { report.add(table.path, offset, "it is out of order") }
          former = key
        } else {
          report.add(table.path, offset, "the line does not match its checksum")
        }
        offset = line?.next ?? endOfLine(in: bytes, from: offset) + 1
      }
      let isWhole = records == table.records && Int(Checksum.of(bytes)) == table.checksum
      if report.isSound, !isWhole {
        report.add(table.path, bytes.count, "the records do not match the last line")
      }
      report.bytes += bytes.count
    }
    report.tableRecords = records
  }

  /// Looks at a journal, and says at what position it ends.
  private func inspect(
    _ journal: (start: Int, path: String, mapping: Mapping), isLast: Bool, _ report: inout Report
  ) throws(StoreError) -> Int {
    try journal.mapping.read { bytes in
      report.bytes += bytes.count
      var offset = 0
      while true {
        let position = journal.start + offset
        switch Group.read(bytes, at: offset, position: position) {
        case .nothing: return position
        case .group(let group):
          report.journalRecords += group.records.count
          offset += group.size
        case .broken(let place):
          let next = Group.next(bytes, after: offset, position: position)
          if isLast, next == nil, acknowledged <= position {
            report.tornBytes += bytes.count - offset
            return position
          }
          report.add(badLines(in: bytes, from: place, to: next ?? bytes.count, journal.path))
          offset = next ?? bytes.count
        }
      }
    }
  }

  private func badLines(
    in bytes: UnsafeRawBufferPointer, from: Int, to: Int, _ path: String
  ) -> [Damage] {
    var damages: [Damage] = []
    var offset = from
    while offset < to {
      // The first is bad even if it is whole, as one is that stands in the wrong place.
      if offset == from || Line(in: bytes, at: offset) == nil {
        damages.append(Damage(file: path, offset: offset, what: "a record is not whole"))
      }
      offset = endOfLine(in: bytes, from: offset) + 1
    }
    return damages
  }
}

extension Report {
  fileprivate mutating func add(_ file: String, _ offset: Int, _ what: String) {
    damages.append(Damage(file: file, offset: offset, what: what))
  }

  fileprivate mutating func add(_ more: [Damage]) {
    damages += more
  }
}
