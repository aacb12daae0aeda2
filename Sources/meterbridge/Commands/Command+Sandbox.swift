import Dispatcher
import Foundation
import HTTPServer
import Sandbox
import Setup
import Values

extension Command {
  static let sandbox = Command(
    name: "sandbox", summary: "Simulate the APIs of Chargebee, Togai and Zoho Books",
    options: [
      Option("listen", "ADDRESS", help: "The address to listen on; default: 127.0.0.1:8788")
    ],
    details: """
      Chargebee is at /chargebee/api/v2 with the API key test_sandbox. Togai is at /togai with the key
      togai_sandbox. Zoho Books is at /zohobooks with organization 10234695, client 1000.SANDBOX, client
      secret zoho_sandbox_secret and refresh token 1000.zoho_sandbox_refresh. /sandbox does what people do
      in the consoles of these systems; GET /sandbox lists the requests. All data is in memory.
      """, usesHome: false
  ) { (context) throws(Problem) in
    var options = SandboxOptions()
    options.start = WallClock.system.now()
    options.speed = 1
    let listen = try context.arguments.address("listen") ?? "127.0.0.1:8788"
    let sandbox: SandboxServer
    do throws(ListenError) {
      sandbox = try SandboxServer(listen: listen, options: options)
    } catch {
      throw Problem(.unavailable, "\(error)")
    }
    let signals = Signals.onEnd { sandbox.stop() }
    Terminal.note(
      "serving Chargebee at \(sandbox.chargebeeURL), Togai at \(sandbox.togaiURL), Zoho Books at"
        + " \(sandbox.zohobooksURL)")
    sandbox.run()
    for signal in signals { signal.cancel() }
  }
}
