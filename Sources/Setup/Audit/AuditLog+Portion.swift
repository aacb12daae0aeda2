import Crypto
import Store
public import Values

extension AuditLog {
  /// The latest entries before a number, the latest first, and the number before which the next ones are.
  ///
  /// Entries that another person made are left out, if one is named.
  public func latest(
    before number: Int? = nil, limit: Int, by person: String? = nil
  ) throws(Problem) -> (entries: [Entry], next: Int?) {
    let end = number.map(Self.key) ?? StoreKey.audit.end
    var scan = try stored { () throws(StoreError) in
      try store.scan(from: StoreKey.audit.prefix, upTo: end, reversed: true)
    }
    var entries: [Entry] = []
    var record = try stored { () throws(StoreError) in try scan.next() }
    while let this = record {
      let former = try stored { () throws(StoreError) in try scan.next() }
      let json = try Home.document(in: this.value, at: this.key)
      let place = Self.number(this)
      record = former
      guard person == nil || json["by"].string == person else { continue }
      if entries.count == limit { return (entries, entries.last?.number) }
      let previous =
        try former.map { (former) throws(Problem) in
          try SHA256.text(of: former.value.utf8)
        } ?? ""
      entries.append(
        Entry(
          number: place, json: json,
          isChained: place == (former.map(Self.number) ?? 0) + 1
            && json["previous"].string == previous))
    }
    return (entries, nil)
  }

  private static func number(_ record: Record) -> Int {
    Int(StoreKey.audit.name(in: record.key)) ?? 0
  }
}
