import Console
import Foundation
import HTTPServer
import Operations
import Sandbox
import Setup
import Values

extension Command {
  static let sandbox = Command(
    name: "sandbox", summary: "Simulate the APIs of Chargebee, Togai, Zoho Books and Slack",
    options: ["--listen ADDRESS: The address to listen on; default: 127.0.0.1:8788"],
    details: """
      Chargebee is at /chargebee/api/v2 with the API key test_sandbox. Togai is at /togai with the key
      togai_sandbox. Zoho Books is at /zohobooks with organization 10234695, client 1000.SANDBOX, client
      secret zoho_sandbox_secret and refresh token 1000.zoho_sandbox_refresh. Slack is at /slack/api with
      the bot token xoxb-sandbox and channel C0SANDBOX, whose incoming webhook is
      /slack/services/T000/B000/sandbox. /sandbox does what people do in the consoles of these systems; GET
      /sandbox lists the requests. All data is in memory.
      """, usesHome: false
  ) { (context) throws(Problem) in
    let sandbox = try SandboxServer.inRealTime(
      listen: context.arguments.address("listen") ?? "127.0.0.1:8788")
    let signals = Signals.onEnd { sandbox.stop() }
    Terminal.note(
      "serving Chargebee at \(sandbox.chargebeeURL), Togai at \(sandbox.togaiURL), Zoho Books at"
        + " \(sandbox.zohobooksURL), Slack at \(sandbox.slackURL)")
    sandbox.run()
    for signal in signals { signal.cancel() }
  }

  static let demo = Command(
    name: "demo", summary: "Run three flows between a simulated Chargebee and Togai",
    options: ["--console: Serve the console with what was done, until SIGTERM or SIGINT"],
    details: """
      Both systems are simulated on this machine, so there is nothing to set up. Every webhook is sent
      twice, as real ones may be. Exits with 0 only if every claim that it prints holds. With --console, prints
      a link that signs in to the console at 127.0.0.1:8789, or at a free port if that one is taken.
      """, usesHome: false, printsLines: true
  ) { (context) throws(Problem) in
    let world = try DemoWorld(catalog: context.catalog(), caller: context.functions())
    defer { world.close() }
    try Demo(world: world, printsJSON: context.wantsJSON).run()
    if context.arguments.has("console") { try showConsole(of: world, context) }
  }
}

extension Command {
  /// Serves the console of the demonstration until the process is asked to end.
  private static func showConsole(of world: DemoWorld, _ context: Context) throws(Problem) {
    let (registry, now) = (world.registry, WallClock.system.now())
    let person = try OperatorStore(home: registry.home).add(
      "demo", role: .administrator, now: now)
    func server(_ listen: String) throws(Problem) -> ConsoleServer {
      var options = ConsoleOptions()
      options.listen = listen
      return try ConsoleServer(registry: registry, caller: world.functions, options: options)
    }
    let console: ConsoleServer
    do throws(Problem) { console = try server("127.0.0.1:8789") } catch {
      console = try server("127.0.0.1:0")
    }
    let token = try SessionStore(home: registry.home).makeLink(for: person.name, now: now)
    let link = "\(console.url)/sign-in?link=\(token)"
    context.print(["console": .string(link)], "\nThe console: \(link)")
    let signals = Signals.onEnd { console.stop() }
    console.run()
    for signal in signals { signal.cancel() }
  }
}

extension SandboxServer {
  /// A sandbox whose clock is the system's.
  ///
  /// - Throws: `unavailable` if it cannot listen at the address.
  static func inRealTime(listen: String) throws(Problem) -> SandboxServer {
    var options = SandboxOptions()
    options.start = WallClock.system.now()
    options.speed = 1
    do throws(ListenError) {
      return try SandboxServer(listen: listen, options: options)
    } catch {
      throw Problem(.unavailable, "\(error)")
    }
  }
}
