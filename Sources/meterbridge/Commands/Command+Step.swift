import Catalog
import Dispatcher
import Setup
import Store
import Values

extension Command {
  static let stepCommands = [
    Command(name: "step list", summary: "Show steps and where they are called", printsLines: true) {
      (context) throws(Problem) in
      let registry = try context.registry(.orEmpty)
      let places = StepEndpoints(registry)
      let exceptions = try places.exceptions()
      var documents: [JSON] = []
      for step in registry.catalog.apps.values.flatMap(\.steps.values).sorted(by: { $0.id < $1.id })
      {
        let names = [nil] + exceptions.filter { $0.step == step.id }.map(\.flowConnection)
        for name in names { documents.append(try json(of: step, in: name, places)) }
      }
      context.list(documents, head: ["STEP", "KIND", "PLACE", "ONLY IN"], empty: "no steps") {
        $0.cells("step", "kind", "place", "flowConnection")
      }
    },
    Command(
      name: "step place", summary: "Set where a step is called",
      operands: ["STEP", "PLACE"],
      options: [
        "--flow-connection NAME: Only in this flow connection",
        """
        --secret NAME=@FILE: The credentials for a URL: bearer=@FILE, or basic=@FILE with \
        user:password
        """,
      ],
      details: """
        PLACE is a URL, "local" for this machine, or "default" to remove the setting. A remote step receives
        its invocations as the bodies of POST requests, and answers 200 with its reply. After any other
        answer, the call is made again later.

        The place in a flow connection takes precedence over the place set without one, which takes
        precedence over the "place" in the step's app.json. With --secret, "default" sets the credentials
        for the place in app.json, such as {"url": "https://…", "auth": "bearer"}.
        """, run: place),
    Command(
      name: "step allow", summary: "Allow a step the files and the network that it needs",
      operands: ["STEP"],
      details: """
        A step on this machine opens no files and no sockets. A step of others that needs some says so in
        app.json, and is not called until this command allows exactly that. The steps that come with
        Meterbridge need none.
        """
    ) { (context) throws(Problem) in
      let step = try context.catalog().step(context.arguments.step(context.arguments.operands[0]))
      let needs = step.needs?.words ?? ""
      let registry = try context.registry(.create)
      try StepPermissions(home: registry.home, catalog: registry.catalog).allow(step)
      context.report(done: "\(step.id) may use \(needs)")
    },
    Command(
      name: "step forbid", summary: "Take back what `step allow` allowed", operands: ["STEP"]
    ) { (context) throws(Problem) in
      let step = try context.arguments.step(context.arguments.operands[0])
      let registry = try context.registry()
      try StepPermissions(home: registry.home, catalog: registry.catalog).forbid(step)
      context.report(done: "\(step) may use nothing")
    },
  ]

  private static func json(
    of step: StepSpec, in flowConnection: String?, _ places: StepEndpoints
  ) throws(Problem) -> JSON {
    let place = try places.place(of: step.id, in: flowConnection)
    return .members([
      "step": .string(step.id.description), "kind": .string(step.kind),
      "place": .string(place?.url ?? StepEndpoints.local), "auth": .text(place?.auth?.rawValue),
      "flowConnection": .text(flowConnection), "needs": step.needs?.json,
    ])
  }

  private static func place(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    let step = try arguments.step(arguments.operands[0])
    let (place, name) = (arguments.operands[1], arguments.value("flow-connection"))
    let isURL = ![StepEndpoints.local, "default"].contains(place)
    if isURL, let objection = StepEndpointSpec.objection(to: place) { throw objection }
    let secret = try credentials(arguments)
    guard secret == nil || isURL || (place == "default" && name == nil) else {
      throw arguments.wrong("--secret requires a URL")
    }
    // A setting can be removed after the step itself
    if place != "default" { _ = try context.catalog().step(step) }
    let isMade = name == nil && place != "default"
    let registry = try context.registry(isMade ? .create : .existing)
    if let name, place != "default",
      try !registry.flows.connection(name).parts.contains(where: { $0.step == step })
    {
      throw arguments.wrong("\(name) has no step \(step)")
    }
    let places = StepEndpoints(registry)
    switch (place, secret) {
    case ("default", let secret?): try places.useNamed(step, secret: secret)
    case ("default", nil): try places.remove(step, in: name)
    case (_, let secret): try places.put(step, at: place, in: name, secret: secret)
    }
    let now = try places.place(of: step, in: name).map { "at \($0.url)" } ?? "on this machine"
    context.report(done: "\(step) is called \(now)\(name.map { " in \($0)" } ?? "")")
  }

  private static func credentials(_ arguments: Arguments) throws(Problem) -> (
    StepEndpointSpec.Auth, Secret
  )? {
    guard let (name, source) = try arguments.pairs("secret").first else { return nil }
    guard let auth = StepEndpointSpec.Auth(rawValue: name) else {
      throw arguments.wrong("--secret must be bearer or basic, not \(name)")
    }
    let secret = try secret(name, source)
    guard auth != .basic || secret.reveal().contains(":") else {
      throw Problem(.data, "the secret basic must have the form user:password")
    }
    return (auth, secret)
  }

  static let invoke = Command(
    name: "invoke", summary: "Call one step and show its reply",
    operands: ["STEP"], options: [.event],
    details: """
      Performs no effects. The input is an event, a noun, or a whole invocation with `input`, `settings`,
      `payload` and `answers`. Exits with 0 for every reply, whatever its outcome.
      """, usesHome: false
  ) { (context) throws(Problem) in
    let step = try context.arguments.step(context.arguments.operands[0])
    _ = try context.catalog().step(step)
    let event = try Context.document(context.event(), "the event")
    let functions = StepExecutables(folder: try Installation.executables())
    Terminal.print(try functions.call(step, with: event))
  }
}
