import Catalog
import Dispatcher
import Setup
import StepKit
import Store
import Values

extension Command {
  /// `step list`, `place`.
  static let stepCommands = [
    Command(name: "step list", summary: "List the steps and where each is called") {
      (context) throws(Problem) in
      let registry = try context.registryToLookAt()
      let places = StepEndpoints(registry)
      let exceptions = try places.exceptions()
      let steps = registry.catalog.apps.values.flatMap(\.steps.values).sorted { $0.id < $1.id }
      var documents: [JSON] = []
      for step in steps {
        let names = [nil] + exceptions.filter { $0.step == step.id }.map(\.flowConnection)
        for name in names { documents.append(try json(of: step, in: name, places)) }
      }
      context.list(
        documents, head: ["STEP", "KIND", "PLACE", "ONLY IN"], empty: "no step"
      ) { step in
        ["step", "kind", "place", "flowConnection"].map { step[$0].string ?? "" }
      }
    },
    Command(
      name: "step place", summary: "Say where a step is called: a URL, \"local\" or \"default\"",
      operands: ["STEP", "PLACE"],
      options: [
        Option(
          name: "flow-connection", value: "NAME", help: "Only in this flow connection"),
        Option(
          name: "secret", value: "NAME=@FILE", isRepeatable: true,
          help: "What the place is told: bearer=@FILE, or basic=@FILE with user:password"),
      ],
      details: """
        A step that is deployed elsewhere is sent its invocations as the bodies of POST requests, and
        answers 200 with its reply. Whatever else it answers is as if it had given no reply: the call is
        made again later.

        What is said for a flow connection counts there, else what is said without one, else the "place"
        of the step in its app.json, else it is called on this machine. "default" forgets what was said;
        with --secret it says what the place in app.json is told, {"url": "https://…", "auth": "bearer"}.
        """, run: place),
  ]

  private static func json(
    of step: StepSpec, in flowConnection: String?, _ places: StepEndpoints
  ) throws(Problem) -> JSON {
    let place = try places.place(of: step.id, in: flowConnection)
    return .members([
      "step": .string(step.id.description), "kind": step.isTrigger ? "trigger" : "action",
      "place": .string(place?.url ?? StepEndpoints.local), "auth": .text(place?.auth?.rawValue),
      "flowConnection": .text(flowConnection),
    ])
  }

  private static func place(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    guard let step = StepID(arguments.operands[0]) else {
      throw arguments.wrong("a step is written app/step")
    }
    let (place, name) = (arguments.operands[1], arguments.value("flow-connection"))
    let isURL = ![StepEndpoints.local, "default"].contains(place)
    if isURL, let objection = StepEndpointSpec.objection(to: place) { throw objection }
    let secrets = try arguments.pairs("secret").map { (name, source) throws(Problem) in
      guard let auth = StepEndpointSpec.Auth(rawValue: name) else {
        throw arguments.wrong("a place's secret is named bearer or basic, not \(name)")
      }
      let secret = try secret(name, source)
      guard auth != .basic || secret.reveal().contains(":") else {
        throw Problem(.data, "the secret basic is not of the form user:password")
      }
      return (auth, secret)
    }
    guard secrets.count < 2, secrets.isEmpty || isURL || (place == "default" && name == nil) else {
      throw arguments.wrong("a place has one secret at most, and this machine none")
    }
    // What is forgotten need not be there any more
    if place != "default" { _ = try context.catalog().step(step) }
    let isMade = name == nil && place != "default"
    let registry = try isMade ? context.registry() : context.registryThatIsThere()
    if let name, place != "default",
      try !registry.flows.connection(name).parts.contains(where: { $0.step == step })
    {
      throw arguments.wrong("\(name) has no step \(step)")
    }
    let places = StepEndpoints(registry)
    switch (place, secrets.first) {
    case ("default", let secret?): try places.useNamed(step, secret: secret)
    case ("default", nil): try places.remove(step, in: name)
    case (_, let secret): try places.put(step, at: place, in: name, secret: secret)
    }
    let now = try places.place(of: step, in: name).map { "at \($0.url)" } ?? "on this machine"
    context.confirm(done: "\(step) is called \(now)\(name.map { " in \($0)" } ?? "")")
  }
}
