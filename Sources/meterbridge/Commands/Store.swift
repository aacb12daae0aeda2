import Dispatcher
import Glibc
import Operations
import Setup
import StepKit
import Store
import Values

extension Command {
  /// `store verify`, `compact`, `backup`, `restore`.
  static let storeCommands = [
    Command(
      name: "store verify", summary: "Look at every line of the store",
      details: "Nothing is changed. The exit status is 65 if a line is not as it was written."
    ) { (context) throws(Problem) in
      guard Files.isThere("\(context.homePath)/store") else { throw context.noHome }
      Progress.show("reading every line of the store …")
      let report = try stored { () throws(StoreError) in
        try FileStore.verify(at: "\(context.homePath)/store")
      }
      let lines = report.damages.map { "\($0.file), byte \($0.offset): \($0.reason)" }
      if context.wantsJSON {
        Terminal.say(
          .members([
            "sound": .bool(report.isSound), "records": .int(report.tableRecords),
            "journalRecords": .int(report.journalRecords), "bytes": .int(report.bytes),
            "tornBytes": .int(report.tornBytes), "damages": .array(lines.map { .string($0) }),
          ]))
      } else {
        Terminal.say(
          "\(report.tableRecords) records in the table, \(report.journalRecords) in the journal,"
            + " \(report.bytes) bytes" + (report.isSound ? ", all sound" : ""))
      }
      guard report.isSound else { throw Problem(.data, lines.joined(separator: "\n")) }
    },
    Command(
      name: "store compact", summary: "Merge what was written into the table",
      details: "It happens by itself now and then; others may read and write meanwhile."
    ) { (context) throws(Problem) in
      let home = try context.homeThatIsThere()
      var count = 0
      try stored { () throws(StoreError) in
        try home.store.compact { _, _ in
          count += 1
          if count.isMultiple(of: 10_000) { Progress.show("\(count) records …") }
          return true
        }
      }
      context.confirm(done: "compacted \(home.path)/store")
    },
    Command(
      name: "store backup", summary: "Write the store to one file", operands: ["FILE"],
      details: """
        The file holds all that the home knows but for secrets: those must be kept elsewhere, and given
        to the restored connections with `meterbridge connection set`. Others may write meanwhile.
        """
    ) { (context) throws(Problem) in
      let path = context.arguments.operands[0]
      let count = try context.homeThatIsThere().backUp(to: path, now: WallClock.system.now())
      context.confirm(done: "\(count) records are in \(path)")
    },
    Command(
      name: "store restore", summary: "Make a store out of a backup", operands: ["FILE"],
      details: """
        The home must have no store yet, or an empty one. A file that is not whole restores nothing. What
        came since the backup is not in it: before runs go on, compare with `meterbridge plan --read`.
        """
    ) { (context) throws(Problem) in
      let wasThere = Files.isThere(context.homePath)
      let home = try context.madeHomePath()
      // One that was made for it goes again where nothing is restored
      defer { if !wasThere { rmdir(home) } }
      let count = try Home.restore(home, from: context.arguments.operands[0])
      context.confirm(done: "restored \(count) records; give the connections their secrets again")
    },
  ]

  private static func stored<Value>(
    _ body: () throws(StoreError) -> Value
  ) throws(Problem) -> Value {
    do throws(StoreError) { return try body() } catch { throw Problem(error) }
  }
}
