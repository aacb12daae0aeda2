import Dispatcher
import Step
import Store

extension Command {
  /// `step list`, `place`.
  static let stepCommands = [
    Command(name: "step list", summary: "List the steps and where each is called") {
      (context) throws(Problem) in
      let registry = try context.registryToLookAt()
      let places = Places(home: registry.home)
      let steps = registry.catalog.apps.values.flatMap(\.steps.values).sorted { $0.id < $1.id }
      let documents = try steps.map { (step) throws(Problem) -> JSON in
        let place = try places.place(of: step.id)
        return .members([
          "step": .string(step.id.description), "kind": step.isTrigger ? "trigger" : "action",
          "place": .string(place?.url ?? "local"), "auth": .text(place?.auth?.rawValue),
        ])
      }
      context.list(documents, head: ["STEP", "KIND", "PLACE"], empty: "no step") { step in
        ["step", "kind", "place"].map { step[$0].string ?? "" }
      }
    },
    Command(
      name: "step place", summary: "Say where a step is called: a URL, or \"local\"",
      operands: ["STEP", "PLACE"],
      options: [
        Option(
          name: "secret", value: "NAME=@FILE", isRepeatable: true,
          help: "What the place is told: bearer=@FILE, or basic=@FILE with user:password")
      ],
      details: """
        A step that is deployed elsewhere is sent its invocations as the bodies of POST requests, and
        answers 200 with its reply. Whatever else it answers is as if it had given no reply: the call is
        made again later.
        """, run: place),
  ]

  private static func place(_ context: Context) throws(Problem) {
    let arguments = context.arguments
    guard let step = StepID(arguments.operands[0]) else {
      throw arguments.wrong("a step is written app/step")
    }
    let registry = try context.registry()
    _ = try registry.catalog.step(step)
    let (places, place) = (Places(home: registry.home), arguments.operands[1])
    let secrets = try arguments.pairs("secret").map { (name, source) throws(Problem) in
      guard let auth = Places.Auth(rawValue: name) else {
        throw arguments.wrong("a place's secret is named bearer or basic, not \(name)")
      }
      return (auth, try secret(name, source))
    }
    guard secrets.count < 2, place != "local" || secrets.isEmpty else {
      throw arguments.wrong("a place has one secret at most, and this machine none")
    }
    if place == "local" {
      try places.remove(step)
    } else {
      try places.put(step, at: place, secret: secrets.first)
    }
    context.confirm(done: "\(step) is called at \(place == "local" ? "this machine" : place)")
  }
}
