import Dispatcher
import Foundation
import HTTPServer
import Sandbox
import Setup
import Values

extension Command {
  /// `sandbox`: the emulated APIs.
  static let sandbox = Command(
    name: "sandbox", summary: "Play Chargebee, Togai and Zoho Books, for those without accounts",
    options: [
      Option(name: "listen", value: "ADDRESS", help: "127.0.0.1:8788 if nothing is said")
    ],
    details: """
      Chargebee is at /chargebee/api/v2 with the API key test_sandbox, Togai at /togai with the key
      togai_sandbox. Zoho Books is at /zohobooks (organization 10234695, client 1000.SANDBOX with the
      secret zoho_sandbox_secret, refresh token 1000.zoho_sandbox_refresh). What people do there goes
      to /sandbox: GET /sandbox shows how. All is in memory, and gone when it ends.
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
    let signals = Signals.whenEnding { sandbox.stop() }
    Terminal.tell(
      "Chargebee is played at \(sandbox.chargebeeURL), Togai at \(sandbox.togaiURL), Zoho Books at"
        + " \(sandbox.zohobooksURL)")
    sandbox.run()
    for signal in signals { signal.cancel() }
  }
}
