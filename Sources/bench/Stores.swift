import Foundation
import Setup
import Store

/// The store by itself: a million links, which are two records each.
enum Stores {
  static let million = 1_000_000

  static func measure(_ context: BenchContext) throws {
    let small = context.folder("thousand")
    let large = context.folder("million")
    let filling = try fill(small, 1000)
    let growth = try fill(large, million)
    context.add("store", "records of links stored a second", [growth.rate], "/s", nil)
    try gets(context, large)
    try puts(context)
    try opens(context, small, large)
    let bytes = Double(growth.size - filling.size) / Double(million - 1000)
    context.add(
      "store", "growth a link", [bytes], "bytes", beside: "its keys and values",
      [Double(LinkRecords.bytes)], .ratioAtMost(2))
    try idle(context)
    try SQLite.measure(context)
  }

  /// Fills a store with links.
  /// - Returns: How many records a second were taken and merged, and how large the store is then.
  static func fill(_ folder: String, _ links: Int) throws -> (rate: Double, size: Int) {
    let store = try FileStore(at: folder)
    let seconds = try seconds { try LinkRecords.fill(store, 0..<links) }
    return (Double(2 * links) / seconds, BenchHome.size(of: folder))
  }

  private static func gets(_ context: BenchContext, _ folder: String) throws {
    let store = try FileStore(at: folder)
    var rates: [Double] = []
    for _ in 0..<context.rounds {
      var number = 1
      let seconds = try seconds {
        for _ in 0..<300_000 {
          number = (number &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
          guard try store.get(LinkRecords.key(number % million)) != nil else {
            throw BenchError(70, "link \(number % million) is not there")
          }
        }
      }
      rates.append(300_000 / seconds)
    }
    context.add("store", "get from a table of a million links", rates, "/s", .atLeast(300_000))
    var scans: [Double] = []
    for _ in 0..<context.rounds {
      var scan = try store.scan(prefix: StoreKey.link.key("customer/togai:production/"))
      var count = 0
      let seconds = try seconds { while try scan.next() != nil, count < 300_000 { count += 1 } }
      scans.append(Double(count) / seconds)
    }
    context.add("store", "records of a prefix scan", scans, "/s", nil)
  }

  private static func puts(_ context: BenchContext) throws {
    let store = try FileStore(at: context.folder("puts"))
    let sync = try Sync(in: context.place)
    let value = String(repeating: "v", count: 120)
    let line = Array("00000000 +link/customer/chargebee:acme/cus_000000000000\t\(value)\n".utf8)
    var (put, bare, batches): ([Double], [Double], [Double]) = ([], [], [])
    for round in 0..<context.rounds {
      var (ours, theirs): ([Double], [Double]) = ([], [])
      for number in 0..<1000 {
        theirs.append(try seconds { try sync.write(line) })
        ours.append(
          try seconds { try store.put(value, at: LinkRecords.key(round * 1000 + number)) })
      }
      put.append(1 / ours.median)
      bare.append(1 / theirs.median)
      let groups = (0..<500).map { group in
        (0..<50).flatMap { LinkRecords.changes(round * 25_000 + group * 50 + $0) }
      }
      let seconds = try seconds { for group in groups { _ = try store.commit(group) } }
      batches.append(50_000 / seconds)
    }
    context.add(
      "store", "durable puts of one", put, "/s", beside: "write+fdatasync, /s", bare,
      .ratioAtLeast(0.7))
    context.add("store", "records in batches of 100", batches, "/s", .atLeast(200_000))
  }

  private static func opens(_ context: BenchContext, _ small: String, _ large: String) throws {
    var (few, many): ([Double], [Double]) = ([], [])
    for _ in 0..<context.rounds {
      few.append(try times(20) { _ in _ = try FileStore(at: small) }.median * 1e3)
      many.append(try times(20) { _ in _ = try FileStore(at: large) }.median * 1e3)
    }
    context.add("store", "open of a million links", many, "ms", .atMost(20))
    context.add(
      "store", "open of a million links", many, "ms", beside: "open of a thousand, ms", few,
      .ratioAtMost(2))
  }

  /// `serve` on a home with the links, left alone.
  private static func idle(_ context: BenchContext) throws {
    let folder = context.folder("idle")
    try LinkRecords.fill(try BenchHome(at: folder, flows: true).store, 0..<million)
    let serve = try Serve(context.steps, home: folder)
    defer { serve.stop() }
    sleep(2)
    let (cpu, naps) = (serve.cpu, serve.naps)
    sleep(5)
    context.add("serve", "idle, with a million links", [serve.resident], "MB", .atMost(40))
    context.add("serve", "CPU in five idle seconds", [serve.cpu - cpu], "s", .atMost(0))
    context.add(
      "serve", "wakings in five idle seconds", [Double(serve.naps - naps)], "", .atMost(0))
  }
}
