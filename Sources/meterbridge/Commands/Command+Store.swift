import Foundation
import Operations
import Setup
import Store
import Values

extension Command {
  static let storeCommands = [
    Command(
      name: "store verify", summary: "Check every record of the store",
      details: "Changes nothing. Exits with 65 if a record is damaged."
    ) { (context) throws(Problem) in
      try context.requireFiles()
      guard context.hasHome else { throw context.noHome }
      let path = try context.readablePath() + "/store"
      let meter = ProgressMeter(.bytes, of: Int(Home.storeBytes(at: path)))
      let report = try stored(try FileStore.verify(at: path) { meter.add($0) })
      let lines = report.damages.map { "\($0.file), byte \($0.offset): \($0.reason)" }
      context.print(
        .members([
          "sound": .bool(report.isSound), "records": .int(report.tableRecords),
          "journalRecords": .int(report.journalRecords), "bytes": .int(report.bytes),
          "tornBytes": .int(report.tornBytes), "damages": .texts(lines),
        ]),
        "\(report.tableRecords) records in the table, \(report.journalRecords) in the journal,"
          + " \(report.bytes) bytes" + (report.isSound ? ", no damage" : ""))
      guard report.isSound else { throw Problem(.data, faults: lines) }
    },
    Command(
      name: "store compact", summary: "Merge the journal into the table",
      details: "The store also does so by itself. Other processes may read and write meanwhile."
    ) { (context) throws(Problem) in
      let home = try context.home()
      let meter = ProgressMeter(.bytes, of: Int(Home.storeBytes(at: home.storePath)))
      try stored(
        try home.store.compact { key, value in
          meter.add(key.utf8.count + value.utf8.count)
          return true
        })
      context.report(done: "compacted \(home.table.map { "the table \($0)" } ?? home.storePath)")
    },
    Command(
      name: "store backup", summary: "Write the store to one file", operands: ["FILE"],
      options: ["--encrypt: Encrypt the file with the key of the home"],
      details: """
        The file has everything in the home except secrets. Keep those elsewhere, and set them in a restored
        home with `meterbridge connection set`. Other processes may write meanwhile. Keep the key of the
        home apart from the file: `store restore` needs it to tell the file from one of a stranger.
        """
    ) { (context) throws(Problem) in
      let path = context.arguments.operands[0]
      let home = try context.home()
      let meter = ProgressMeter(.bytes, of: Int(Home.storeBytes(at: home.storePath)))
      let count = try home.backUp(
        to: path, now: WallClock.system.now(), encrypts: context.arguments.has("encrypt")
      ) { meter.add($0) }
      context.report(done: "wrote \(count) records to \(path)")
    },
    Command(
      name: "store restore", summary: "Create a store from a backup", operands: ["FILE"],
      options: ["--trust: Restore a file that was not written with the key of this home"],
      details: """
        The home must have no store, or an empty one. An incomplete file restores nothing. The backup lacks
        what happened after it was made; before runs continue, compare with `meterbridge plan --read`.

        The key of the home that was backed up must be at `key` in this home, or METERBRIDGE_KEY_FILE names
        it. A backup that was made with another key, or by an earlier build, is restored with --trust only:
        the places of steps, what steps were allowed, the trust in base URLs on other hosts, and grants of held
        changes are left out.
        """
    ) { (context) throws(Problem) in
      try context.requireFiles()
      let wasThere = Files.exists(context.homePath)
      try context.makeHomeDirectory()
      // A directory created for nothing is removed again
      defer { if !wasThere { rmdir(context.homePath) } }
      let (count, dropped) = try Home.restore(
        context.homePath, from: context.arguments.operands[0], keyFile: Context.keyFile,
        trusts: context.arguments.has("trust")
      ) { (store) throws(Problem) in try context.trail?.begin(in: store) }
      for thing in dropped { Terminal.warn("left out: \(thing)") }
      context.report(
        done: "restored \(count) records; set the secrets of the connections again")
    },
  ]

  private static func stored<Value>(
    _ body: @autoclosure () throws(StoreError) -> Value
  ) throws(Problem) -> Value {
    do throws(StoreError) { return try body() } catch { throw Problem(error) }
  }
}
