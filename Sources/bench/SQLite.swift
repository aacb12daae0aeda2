import Foundation

/// What people would use instead of the store, by its command line; nothing where it is not there.
enum SQLite {
  static func measure(_ context: BenchContext) throws {
    guard let program = find("sqlite3") else {
      return context.note("There is no sqlite3 on the path to compare the store with.")
    }
    let file = context.folder("links.sqlite")
    let settings = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    let table = "CREATE TABLE link (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    try run([program, file], "\(settings) \(table)")
    var (puts, batches): ([Double], [Double]) = ([], [])
    var next = 0
    for _ in 0..<context.rounds {
      let single = (0..<500).map { insert(next + $0) }
      puts.append(500 / (try seconds { try run([program, file], settings + single.joined()) }))
      next += 500
      let groups = (0..<200).map { group in
        "BEGIN;" + (0..<100).map { insert(next + group * 100 + $0) }.joined() + "COMMIT;"
      }
      let script = settings + groups.joined()
      batches.append(20_000 / (try seconds { try run([program, file], script) }))
      next += 20_000
    }
    context.add("sqlite3", "durable puts of one (WAL, FULL)", puts, "/s", nil)
    context.add("sqlite3", "records in batches of 100 (WAL, FULL)", batches, "/s", nil)
  }

  private static func insert(_ number: Int) -> String {
    "INSERT INTO link VALUES('\(LinkRecords.key(number))','\(String(repeating: "v", count: 120))');\n"
  }

  private static func run(_ words: [String], _ script: String) throws {
    let child = try Spawn(words)
    // It says little, so its pipe cannot fill while it is written to.
    child.write(Array(script.utf8))
    let (_, status) = child.finish()
    guard status == 0 else { throw BenchError(70, "sqlite3 ended with \(status)") }
  }
}
