import Catalog
import Dispatcher
import Foundation
import Setup
import StepKit
import Values

extension Command {
  /// `flow new`, `preview`, `validate`, `export`, `import`, `diff`.
  static let flowFileCommands = [
    Command(
      name: "flow new", summary: "Make a flow of your own", operands: ["FILE?"],
      options: [
        Option(
          name: "id", value: "ID", help: "Its id; else the file's name, or made from the name"),
        Option(name: "name", value: "NAME", help: "Its name"),
        Option(name: "description", value: "TEXT", help: "What it does"),
        Option(name: "type", value: "TYPE", help: "inbound or outbound"),
        Option(name: "trigger", value: "TRIGGER", help: "The step that starts it"),
        Option(
          name: "action", value: "ACTION", isRepeatable: true, help: "A step that it then does"),
        Option(
          name: "set", value: "STEP.FIELD=VALUE", isRepeatable: true, help: "A field of a step"),
        Option(
          name: "if", value: "STEP=JSON", isRepeatable: true,
          help: #"When a step is called, such as {"path":"currency","equals":"USD"}"#),
      ],
      details: """
        On a terminal, without a file or options, it asks for what it needs, shows the flow, and keeps it
        if you say so. `meterbridge app show APP` lists the steps and their fields.
        """, run: new),
    Command(
      name: "flow preview", summary: "Draw a flow", operands: ["FLOW"],
      details: "FLOW is a flow's id or name, or the path of its file."
    ) { (context) throws(Problem) in
      let (id, json) = try FlowFile.find(context.arguments.operands[0], context)
      let catalog = try context.catalog()
      let flow = try catalog.flow(id, json)
      context.wantsJSON
        ? Terminal.say(flow.shown) : Terminal.say(FlowDrawing(flow, catalog).text)
    },
    Command(
      name: "flow validate", summary: "Say all that is wrong with a flow's file",
      operands: ["FILE"], usesHome: false
    ) { (context) throws(Problem) in
      let (id, json) = try FlowFile.read(context.arguments.operands[0], context)
      let faults = try context.catalog().faults(inFlow: id, json)
      if context.wantsJSON {
        Terminal.say([
          "valid": .bool(faults.isEmpty), "faults": .array(faults.map { .string($0) }),
        ])
      } else if faults.isEmpty {
        Terminal.say("\(id) is valid")
      }
      guard faults.isEmpty else { throw Problem(.data, faults.joined(separator: "\n")) }
    },
    Command(
      name: "flow export", summary: "Write flows as files that can live in git",
      operands: ["FLOW?"],
      options: [
        Option(name: "output", value: "DIR", help: "Where each flow gets a file ID.json")
      ],
      details: "Without FLOW all flows of your own are written, and DIR must be said.", run: export),
    Command(
      name: "flow import", summary: "Take flows from their files", operands: ["FILE", "FILE…?"],
      options: [
        Option(name: "replace", help: "Take the place of flows of your own with the same ids")
      ],
      details: """
        All files are looked through before the first is taken. Flow connections keep the flow as it was
        when they were made; `meterbridge flow connect --replace` gives them the new one.
        """, run: importFlows),
    Command(
      name: "flow diff", summary: "Show how two flows differ", operands: ["FLOW", "FLOW"],
      details: """
        Each is a flow's id or name, or the path of its file. The exit status is 0 if they are the same
        and 1 if not.
        """, run: diff),
  ]

  private static func new(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let registry = try context.registry()
    if let path = arguments.operands.first {
      let others = ["name", "description", "type", "trigger", "action", "set", "if"]
      if let other = others.first(where: arguments.has) {
        throw arguments.wrong("--\(other) and a file are two ways to say the flow")
      }
      let (id, json) = try FlowFile.read(path, context)
      return try keep(json, as: arguments.value("id") ?? id, registry, context)
    }
    let isSaid = ["name", "type", "trigger", "action"].contains(where: arguments.has)
    guard !isSaid else {
      let json = try FlowFile.said(arguments)
      return try keep(json, as: try id(of: json, arguments), registry, context)
    }
    guard isatty(STDIN_FILENO) == 1 else {
      throw arguments.wrong("name a file, or say --name, --type, --trigger and --action")
    }
    let taken = arguments.has("id") ? [] : try registry.flows.all().map(\.id)
    let wizard = FlowWizard(registry.catalog, taken: Set(taken))
    let json = try wizard.ask()
    let id = try id(of: json, arguments)
    Terminal.tell("\n\(FlowDrawing(try registry.catalog.flow(id, json), registry.catalog).text)\n")
    guard try wizard.confirms("Keep it as \(id)") else {
      throw Problem(.refused, "nothing was made")
    }
    try keep(json, as: id, registry, context)
  }

  private static func id(of json: JSON, _ arguments: Arguments) throws(Problem) -> String {
    if let id = arguments.value("id") { return id }
    let id = FlowFile.id(ofName: json["name"].string ?? "")
    guard !id.isEmpty else {
      throw arguments.wrong("the name has no letters that could make an id: say --id")
    }
    return id
  }

  private static func keep(
    _ json: JSON, as id: String, _ registry: Registry, _ context: Context
  ) throws(Problem) {
    let flow = try registry.flows.add(flow: id, json: json)
    if context.wantsJSON { return Terminal.say(flow.shown) }
    Terminal.say(
      "added the flow \(flow.id); `meterbridge flow connect \(flow.id) --name NAME`"
        + " puts it to work")
  }

  private static func export(_ context: Context) throws(Problem) {
    let registry = try context.registryToLookAt()
    let name = context.arguments.operands.first
    let flows =
      if let name { [try registry.flows.get(name)] } else {
        try registry.flows.all().filter { !$0.isPublic }
      }
    guard let folder = context.arguments.value("output") else {
      guard name != nil, let flow = flows.first else {
        throw context.arguments.wrong("say which flow, or --output DIR for all of your own")
      }
      return Terminal.say(flow.file)
    }
    if flows.isEmpty { Terminal.tell("there is no flow of your own") }
    for flow in flows {
      let path = "\(folder)/\(flow.id).json"
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try Data((flow.file + "\n").utf8).write(to: URL(filePath: path))
      } catch {
        throw Problem(.cannotCreate, "cannot write \(path): \(error)")
      }
      Terminal.say(context.wantsJSON ? JSON.string(path).text : path)
    }
  }

  private static func importFlows(_ context: Context) throws(Problem) {
    let catalog = try context.catalog()
    let files = try context.arguments.operands.map { (path) throws(Problem) in
      try FlowFile.read(path, context)
    }
    let faults = files.flatMap { catalog.faults(inFlow: $0.id, $0.json) }
    guard faults.isEmpty else { throw Problem(.data, faults.joined(separator: "\n")) }
    let registry = Registry(home: try context.home(), catalog: catalog)
    try checkIDs(files.map(\.id), registry, context)
    for (id, json) in files {
      let taken = try registry.flows.put(
        flow: id, json: json, replacing: context.arguments.has("replace"))
      if context.wantsJSON {
        Terminal.say([
          "flow": .string(id), "outdated": .array(taken.outdated.map { .string($0) }),
        ])
        continue
      }
      let rest = taken.outdated.joined(separator: ", ")
      Terminal.say(
        "took the flow \(id)" + (rest.isEmpty ? "" : "; the one before stays in \(rest)"))
    }
  }

  /// Refuses ids that are taken, or come twice, before the first file is taken.
  private static func checkIDs(
    _ ids: [String], _ registry: Registry, _ context: Context
  ) throws(Problem) {
    if let twice = Dictionary(grouping: ids, by: { $0 }).first(where: { $1.count > 1 })?.key {
      throw context.arguments.wrong("two files are of the flow \"\(twice)\"")
    }
    guard !context.arguments.has("replace") else { return }
    for flow in try registry.flows.all() where ids.contains(flow.id) {
      throw Problem(
        .cannotCreate,
        flow.isPublic
          ? "the flow \"\(flow.id)\" came with Meterbridge: give the file another name"
          : "there is a flow \"\(flow.id)\" already; --replace takes its place")
    }
  }

  private static func diff(_ context: Context) throws(Problem) {
    let texts = try context.arguments.operands.map { (word) throws(Problem) in
      let (id, json) = try FlowFile.find(word, context)
      // Both as Meterbridge writes them, so that only what they mean is compared
      return try context.catalog().flow(id, json).file.split(separator: "\n")
    }
    let changes = texts[1].difference(from: texts[0])
    if context.wantsJSON {
      Terminal.say([
        "same": .bool(changes.isEmpty),
        "removed": .array(changes.removals.map(Self.line)),
        "added": .array(changes.insertions.map(Self.line)),
      ])
    } else if !changes.isEmpty {
      Terminal.say(Difference.text(from: texts[0], to: texts[1], changes))
    }
    if !changes.isEmpty { exit(1) }
  }

  /// A line of the one file or the other, with its number from 1.
  private static func line(_ change: CollectionDifference<Substring>.Change) -> JSON {
    switch change {
    case .remove(let offset, let text, _), .insert(let offset, let text, _):
      ["line": .int(offset + 1) ?? .null, "text": .string(String(text))]
    }
  }
}
