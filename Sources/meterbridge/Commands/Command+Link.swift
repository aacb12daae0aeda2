import Operations
import Setup
import StepKit
import Values

extension Command {
  static let linkCommands = [
    Command(
      name: "link list", summary: "Show the ID mapping", operands: ["KIND?"],
      options: [.limit("Only the first N; default: all")], printsLines: true
    ) { (context) throws(Problem) in
      let rows = try Links(home: context.home()).rows(
        kind(context.arguments.operands.first), limit: context.arguments.count("limit") ?? .max)
      context.list(rows.map(\.json), head: ["KIND", "IDS"], empty: "no links") {
        $0.cells("kind") + [text(of: $0["ids"])]
      }
    },
    Command(
      name: "link get", summary: "Show all ids of one thing",
      operands: ["KIND", "ACCOUNT/ID"],
      details: "For a customer, also shows the ids of its Togai account, if it is linked.",
      run: get),
    Command(
      name: "link set", summary: "Link ids of different accounts",
      operands: ["KIND", "ACCOUNT/ID", "ACCOUNT/ID…"],
      details: """
        For example: meterbridge link set customer chargebee:acme/cus_1 togai:production/C1

        KIND is \(kinds).

        Each account must have a connection. Exits with 77 if a thing would get two ids in one account, or
        an id would belong to two things.
        """, run: set),
    Command(
      name: "link rm", summary: "Remove a row of the ID mapping", operands: ["KIND", "ACCOUNT/ID"],
      options: ["--only: Remove only this id; the others stay linked", .yes],
      details: """
        Removes the whole row, or with --only one of its ids if more than one remains. The next event about
        a thing that is not linked creates it again; link the ids that belong together with `link set`.
        """, run: remove),
    Command(
      name: "link export", summary: "Write the ID mapping as JSON Lines", operands: ["KIND?"],
      details: "`link import` reads this format.", printsLines: true
    ) { (context) throws(Problem) in
      try Links(home: context.home()).visit(kind(context.arguments.operands.first)) { row in
        Terminal.print(row.json)
        return true
      }
    },
    Command(
      name: "link import", summary: "Add links from a file", operands: ["FILE"],
      options: ["--kind KIND: The kind of all rows of a table, such as customer"],
      details: """
        FILE is the output of `link export`, or a CSV table whose header names the accounts; - is standard
        input. Without --kind, the table needs a column "kind".

          chargebee:acme,togai:production
          cus_1,C1

        Each account must have a connection. If a row would give a thing two ids in one account, or an id to
        two things, nothing is added and all such lines are reported. Links that exist already are accepted.
        """, run: add),
  ]

  private static func get(_ context: Context) throws(Problem) {
    let (row, links, _) = try find(context)
    let json = try links.shown(row)
    if context.wantsJSON { return Terminal.print(json) }
    Terminal.print(text(of: json["ids"]))
    if !json["account"].isNull { Terminal.print("account: \(text(of: json["account"]))") }
  }

  private static func set(_ context: Context) throws(Problem) {
    let operands = context.arguments.operands
    var ids: [String: String] = [:]
    for operand in operands.dropFirst() {
      let (account, id) = try context.arguments.accountID(operand)
      guard ids.updateValue(id, forKey: account) == nil else {
        throw Problem(.usage, "\(account) is given twice; a thing has one id in an account")
      }
    }
    try context.registry().link(kind(operands[0]), ids)
    context.report(done: "linked " + operands.dropFirst().joined(separator: " and "))
  }

  private static func remove(_ context: Context) throws(Problem) {
    let (row, links, (account, id)) = try find(context)
    let ids = text(of: row.json["ids"])
    let isOne = context.arguments.has("only") && row.ids.count > 2
    try context.confirm(
      isOne
        ? "Remove \(account)/\(id) from the \(row.kind.rawValue) \(ids)?"
        : "Remove the link of the \(row.kind.rawValue) \(ids)?")
    try links.unlink(row.kind, account, id, only: isOne)
    context.report(done: "removed the link of \(isOne ? "\(account)/\(id)" : ids)")
  }

  /// The row that the operands `KIND ACCOUNT/ID` name.
  private static func find(
    _ context: Context
  ) throws(Problem) -> (row: Links.Row, links: Links, place: (account: String, id: String)) {
    let (account, id) = try context.arguments.accountID(context.arguments.operands[1])
    let kind = try kind(context.arguments.operands[0])
    let links = Links(home: try context.home())
    guard let row = try links.row(kind, anyOf: [account: id]) else {
      throw Problem(.noInput, "the \(kind.rawValue) \(account)/\(id) is not in the ID mapping")
    }
    return (row, links, (account, id))
  }

  private static func add(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let rows = try LinkFile.rows(
      context.bytes(of: arguments.operands[0]), kind: kind(arguments.value("kind")))
    let registry = try context.registry()
    let links = Links(home: registry.home)
    try links.check(Set(rows.flatMap(\.row.ids.keys)), in: registry)
    let checking = ProgressMeter(.things("rows checked"), of: rows.count)
    let adding = ProgressMeter(.things("rows added"))
    let count = try links.add(rows) { checked, added in
      if checked > 0 { checking.add(checked) } else { adding.add(added) }
    }
    context.print(
      .members(["rows": .int(rows.count), "new": .int(count)]),
      "\(rows.count == 1 ? "1 row" : "\(rows.count) rows"), \(count) new")
  }

  private static var kinds: String { Kind.allCases.map(\.rawValue).joined(separator: ", ") }

  private static func kind(_ text: String?) throws(Problem) -> Kind? {
    try text.map { (text) throws(Problem) in try kind(text) }
  }

  private static func kind(_ text: String) throws(Problem) -> Kind {
    guard let kind = Kind(rawValue: text) else {
      throw Problem(.usage, "unknown kind \"\(text)\"; the kinds are \(kinds)")
    }
    return kind
  }

  private static func text(of ids: JSON) -> String {
    (ids.object ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value.string ?? "")" }
      .joined(separator: "  ")
  }
}
