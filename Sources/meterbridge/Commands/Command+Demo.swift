import Dispatcher
import Values

extension Command {
  static let demo = Command(
    name: "demo", summary: "Run three flows between a simulated Chargebee and Togai",
    details: """
      Both systems are simulated on this machine, so there is nothing to set up. Every webhook is sent
      twice, as real ones may be. Exits with 0 only if every claim that it prints holds.
      """, usesHome: false, printsLines: true
  ) { (context) throws(Problem) in
    let world = try DemoWorld(catalog: context.catalog(), caller: context.functions())
    defer { world.close() }
    try Demo(world: world, printsJSON: context.wantsJSON).run()
  }
}
