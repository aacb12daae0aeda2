import AWS
import Foundation
import Operations
import Setup
import Store
import Values

extension Command {
  static let homeCommands = [
    Command(
      name: "home copy", summary: "Copy the home into a table of DynamoDB, or out of it",
      options: [
        "--to PLACE!: aws:TABLE, or a directory that does not exist",
        "--create-table: Create the table, on demand and with point-in-time recovery",
      ],
      details: """
        Copies all records, as they are at one moment, and the secrets, which stay sealed with the same
        key; then reads the copy and compares. The table must have no home, except an unfinished copy. Into
        a directory the key is copied too, unless METERBRIDGE_KEY_FILE names it. While runs of the home are
        executed it is not copied: stop `serve` first. Of the two homes, serve one only.
        """
    ) { (context) throws(Problem) in
      let place = try context.arguments.required("to")
      let source = try context.home()
      let meter = ProgressMeter(.things("records, copied and compared"))
      let (records, secrets): (Int, Int)
      if place.hasPrefix("aws:") {
        (records, secrets) = try copy(source, intoTable: place, context, meter)
      } else {
        (records, secrets) = try copy(source, intoDirectory: place, context, meter)
      }
      context.report(done: "copied \(records) records and \(secrets) secrets to \(place)")
    }
  ]

  private static func copy(
    _ source: Home, intoTable place: String, _ context: Context, _ meter: ProgressMeter
  ) throws(Problem) -> (records: Int, secrets: Int) {
    guard case .table(let table) = try Engine(place), source.table != table else {
      throw context.arguments.wrong("the home is in the table \(place.dropFirst(4)) already")
    }
    let client = try Engine.client()
    if context.arguments.has("create-table") {
      do throws(StoreError) {
        _ = try DynamoDBStore.createTable(table, client: client)
      } catch {
        throw Problem(error)
      }
    }
    let target = try Home(
      at: source.path, in: table, of: client, keyFile: Context.keyFile, isCopying: true)
    return try HomeCopy(from: source, to: target).perform { meter.add($0) }
  }

  /// Copies into a directory beside the place, which takes its name when all is there.
  private static func copy(
    _ source: Home, intoDirectory place: String, _ context: Context, _ meter: ProgressMeter
  ) throws(Problem) -> (records: Int, secrets: Int) {
    let place = place.count > 1 && place.hasSuffix("/") ? String(place.dropLast()) : place
    guard !place.isEmpty, !Files.exists(place) else {
      throw Problem(.refused, "\(place) exists already; copy to a directory that does not")
    }
    let draft = "\(place).copying"
    // What an interrupted copy left
    if Files.exists(draft) { try remove(draft) }
    try Files.makeDirectories(draft)
    do throws(Problem) {
      if Context.keyFile == nil {
        for name in ["key", "key.id"] where Files.exists("\(source.path)/\(name)") {
          try Files.write(
            try Files.read("\(source.path)/\(name)"), to: "\(draft)/\(name)", mode: 0o600)
        }
      }
      let counts = try fill(draft, from: source, meter)
      guard rename(draft, place) == 0 else {
        throw Problem(
          .cannotCreate, "cannot rename \(draft) to \(place): \(String(cString: strerror(errno)))")
      }
      return counts
    } catch {
      try? remove(draft)
      throw error
    }
  }

  /// The home is closed when this returns, so that it can be renamed.
  private static func fill(
    _ draft: String, from source: Home, _ meter: ProgressMeter
  ) throws(Problem) -> (records: Int, secrets: Int) {
    let target = try Home(at: draft, keyFile: Context.keyFile)
    return try HomeCopy(from: source, to: target).perform { meter.add($0) }
  }

  private static func remove(_ path: String) throws(Problem) {
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw Problem(.cannotCreate, "cannot remove \(path), which an interrupted copy left")
    }
  }
}
