import Catalog
import Foundation
import Operations
import Policies
import Setup
import Values

extension Command {
  static let flowFileCommands = [
    Command(
      name: "flow new", summary: "Create a flow of your own", operands: ["FILE?"],
      options: [
        "--id ID: The id; default: the file's name, or made from the name",
        "--name NAME: The name",
        "--description TEXT: What the flow does",
        "--type TYPE: inbound or outbound",
        "--trigger TRIGGER: The step that starts the flow",
        "--action ACTION…: A step that follows, in order",
        "--set STEP.FIELD=VALUE…: A field of a step",
        #"--if STEP=JSON…: A step's condition, such as {"path":"currency","equals":"USD"}"#,
      ],
      details: """
        On a terminal, without a file or options, asks for the parts of the flow, shows it, creates it once you
        confirm, and offers to connect it. The answer "back" goes back to the question before.
        `meterbridge app show APP` lists steps and their fields.
        """, run: new),
    Command(
      name: "flow preview", summary: "Draw a flow", operands: ["FLOW"],
      details: "FLOW is the id or name of a flow, or the path of its file."
    ) { (context) throws(Problem) in
      let flow = try FlowFile.find(context.arguments.operands[0], context)
      let catalog = try context.catalog()
      context.print(flow.shown, page: FlowDrawing(flow, catalog).text)
    },
    Command(
      name: "flow validate", summary: "Check a flow file and show all errors",
      operands: ["FILE"], usesHome: false
    ) { (context) throws(Problem) in
      let (id, json) = try FlowFile.read(context.arguments.operands[0], context)
      let faults = allFaults(id, json, try context.catalog())
      if context.wantsJSON {
        Terminal.print([
          "valid": .bool(faults.isEmpty), "faults": .texts(faults),
        ])
      } else if faults.isEmpty {
        Terminal.print("\(id) is valid")
      }
      guard faults.isEmpty else { throw Problem(.data, faults: faults) }
    },
    Command(
      name: "flow export", summary: "Write flows to files",
      operands: ["FLOW?"],
      options: [
        "--output DIR: The directory; each flow is written to ID.json",
        "--policy NAME: With the policy of this flow connection of the flow",
      ],
      details: """
        Without FLOW, writes all flows of your own, which requires --output. Without --output, prints the
        flow. The files are meant for version control. `flow connect` gives the policy of a file to the flow
        connections that it makes.
        """, printsLines: true, run: export),
    Command(
      name: "flow import", summary: "Create flows from files", operands: ["FILE", "FILE…?"],
      options: ["--replace: Replace your own flows that have the same ids"],
      details: """
        Checks all files before the first flow is created. Flow connections keep the flow as it was when
        they were made; `meterbridge flow connect --replace` updates them.
        """, printsLines: true, run: importFlows),
    Command(
      name: "flow diff", summary: "Compare two flows", operands: ["FLOW", "FLOW"],
      details: """
        FLOW is the id or name of a flow, or the path of its file. Exits with 0 if the flows are the same,
        and with 1 if they differ.
        """
    ) { (context) throws(Problem) in
      let operands = context.arguments.operands
      let diff = FlowDiff(
        try FlowFile.find(operands[0], context), try FlowFile.find(operands[1], context))
      if context.wantsJSON || !diff.isEmpty { context.print(diff.json, page: diff.text) }
      if !diff.isEmpty { exit(1) }
    },
  ]

  private static func new(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let registry = try context.registry(.create)
    if let path = arguments.operands.first {
      let others = ["name", "description", "type", "trigger", "action", "set", "if"]
      if let other = others.first(where: arguments.has) {
        throw arguments.wrong("--\(other) cannot be combined with a file")
      }
      let (id, json) = try FlowFile.read(path, context)
      return try create(json, as: arguments.value("id") ?? id, registry, context)
    }
    if ["name", "type", "trigger", "action"].contains(where: arguments.has) {
      let json = try FlowFile.described(by: arguments)
      return try create(json, as: try id(of: json, arguments), registry, context)
    }
    guard isatty(STDIN_FILENO) == 1 else {
      throw arguments.wrong("give a file, or --name, --type, --trigger and --action")
    }
    let taken = arguments.has("id") ? [] : try registry.flows.all().flatMap { [$0.id] + $0.aliases }
    let questions = Questions(loss: "no flow was created")
    Terminal.note("`back` goes back to the question before.")
    let json = try FlowWizard(registry.catalog, taken: Set(taken), questions).ask()
    let id = try id(of: json, arguments)
    Terminal.note(
      page: "\n\(FlowDrawing(try registry.catalog.flow(id, json), registry.catalog).text)\n")
    guard try confirms("Create flow \(id)", "no flow was created") else {
      throw Problem(.refused, "canceled; no flow was created")
    }
    try create(json, as: id, registry, context)
    // The flow is there, whether or not this question is answered
    guard (try? confirms("Connect it now", "it is not connected")) == true else { return }
    try connect(flow: id, [:], [:], registry, context)
  }

  /// Whether the answer to a question that stands alone is yes.
  static func confirms(_ question: String, _ loss: String) throws(Problem) -> Bool {
    let questions = Questions(loss: loss)
    return try questions.run { () throws(Questions.Interruption) in
      try questions.confirms(question)
    }
  }

  private static func id(of json: JSON, _ arguments: Arguments) throws(Problem) -> String {
    if let id = arguments.value("id") { return id }
    let id = Flow.id(ofName: json["name"].string ?? "")
    guard !id.isEmpty else {
      throw arguments.wrong("cannot make an id from the name; give one with --id")
    }
    return id
  }

  private static func create(
    _ json: JSON, as id: String, _ registry: Registry, _ context: Context
  ) throws(Problem) {
    let flow = try registry.flows.add(flow: id, json: json)
    context.print(
      flow.shown,
      "created flow \(flow.id); `meterbridge flow connect \(flow.id) --name NAME` connects it")
  }

  private static func export(_ context: Context) throws(Problem) {
    let registry = try context.registry(.orEmpty)
    let name = context.arguments.operands.first
    let all =
      if let name { [try registry.flows.get(name)] } else {
        try registry.flows.all().filter { !$0.isPublic }
      }
    let flows = try policed(all, registry, context)
    guard let folder = context.arguments.value("output") else {
      guard name != nil, let flow = flows.first else {
        throw context.arguments.wrong("give a flow, or --output DIR for all flows of your own")
      }
      return Terminal.print(page: flow.file)
    }
    if flows.isEmpty { Terminal.note("you have no flows of your own") }
    for flow in flows {
      let path = "\(folder)/\(flow.id).json"
      try Files.write(Array((flow.file + "\n").utf8), to: path)
      context.print(.string(path), path)
    }
  }

  /// The flows, the only one with the policy that is asked for.
  private static func policed(
    _ flows: [Flow], _ registry: Registry, _ context: Context
  ) throws(Problem) -> [Flow] {
    guard let name = context.arguments.value("policy") else { return flows }
    guard flows.count == 1, let flow = flows.first,
      flow.hasID(try registry.flows.connection(name).flow)
    else { throw context.arguments.wrong("--policy names a flow connection of the flow") }
    guard let policy = try PolicyStore(home: registry.home).document(of: name) else {
      throw Problem(.noInput, "\(name) has no policy")
    }
    return [flow.with(policy: policy)]
  }

  /// All faults of a flow file.
  private static func allFaults(
    _ id: String, _ json: JSON, _ catalog: AppCatalog
  ) -> [String] {
    let fault = PolicyStore.fault(inFlow: json, now: WallClock.system.now())
    return catalog.faults(inFlow: id, json) + [fault].compactMap(\.self)
  }

  private static func importFlows(_ context: Context) throws(Problem) {
    let catalog = try context.catalog()
    let files = try context.arguments.operands.map { (path) throws(Problem) in
      try FlowFile.read(path, context)
    }
    let faults = files.flatMap { allFaults($0.id, $0.json, catalog) }
    guard faults.isEmpty else { throw Problem(.data, faults: faults) }
    let registry = Registry(home: try context.home(.create), catalog: catalog)
    try checkIDs(files.map(\.id), registry, context)
    for (id, json) in files {
      let outdated = try registry.flows.put(
        flow: id, json: json, replacing: context.arguments.has("replace")
      ).outdated
      context.print(
        ["flow": .string(id), "outdated": .texts(outdated)],
        "imported flow \(id)"
          + (outdated.isEmpty
            ? "" : "; \(outdated.joined(separator: ", ")) still uses the previous version"))
    }
  }

  /// Refuses ids that are in use or given twice, before the first flow is created.
  private static func checkIDs(
    _ ids: [String], _ registry: Registry, _ context: Context
  ) throws(Problem) {
    if let twice = Dictionary(grouping: ids, by: { $0 }).first(where: { $1.count > 1 })?.key {
      throw context.arguments.wrong("two files have the flow id \"\(twice)\"")
    }
    guard !context.arguments.has("replace") else { return }
    for flow in try registry.flows.all() {
      guard let id = ids.first(where: flow.hasID) else { continue }
      throw Problem(
        .cannotCreate,
        flow.isPublic
          ? "flow \"\(id)\" comes with Meterbridge; rename the file"
          : "flow \"\(id)\" already exists; --replace replaces it")
    }
  }
}
