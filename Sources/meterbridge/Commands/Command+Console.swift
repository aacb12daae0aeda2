import HTTPClient
import Operations
import Setup
import Values

extension Command {
  static let console = Command(
    name: "console", summary: "Print a link that signs in to the console",
    options: [
      "--operator NAME: The operator; default: the user's name",
      "--url URL: The URL of the console; default: http://127.0.0.1:8789",
    ],
    details: """
      The link is good once and for 10 minutes. Open it in a browser on this machine.
      `meterbridge serve --console 127.0.0.1:8789` serves the console.

      In a home without operators, the user becomes the first one, with the role administrator and without a
      password. `meterbridge operator add` adds others.
      """
  ) { (context) throws(Problem) in
    let home = try context.home()
    let url = context.arguments.value("url") ?? "http://127.0.0.1:8789"
    guard let origin = Origin(strict: url), origin.isConfidential, origin.text == url else {
      throw context.arguments.wrong(
        "--url \"\(url)\" must be https, or http on this machine, and end with the host")
    }
    let now = WallClock.system.now()
    let person = try OperatorStore(home: home).local(
      named: context.arguments.value("operator"), user: Context.person, now: now)
    let token = try SessionStore(home: home).makeLink(for: person.name, now: now)
    let link = "\(url)/sign-in?link=\(token)"
    context.print(["link": .string(link), "operator": .string(person.name)], link)
    if origin.isLoopback, (try? CurlClient().send(ClientRequest("GET", "\(url)/sign-in"))) == nil {
      Terminal.note(
        "nothing answers at \(url) yet: `meterbridge serve --console` serves the console")
    }
  }

  /// The options of `serve` for the console.
  static let consoleOptions: [Option] = [
    "--console ADDRESS: Serve the console at this address, such as 127.0.0.1:8789",
    "--console-url URL: The https URL of the console at the proxy in front of it",
    "--console-proxy IP: The address from which that proxy connects",
    "--console-user-header NAME: The header in which the proxy names the operator it has signed in",
    "--console-proxy-secret @FILE: What the proxy sends in X-Meterbridge-Proxy, required for the user",
  ]
}
