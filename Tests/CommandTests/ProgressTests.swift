import Foundation
import Testing

/// The progress line.
struct ProgressTests {
  private let meterbridge = ".build/debug/meterbridge"

  @Test func progressIsShownOnTerminalOnly() throws {
    let home = try Shell.makeConnectedHome()
    defer { Shell.remove(home) }
    let file = "events/chargebee/customer-created/raw-webhook-on-one-line.json"
    for id in ["1", "2"] {
      let line =
        "sed s/ev_[A-Za-z0-9]*/ev_\(id)/ \(file) | \(meterbridge) dispatch --connection c"
      #expect(try Shell.run(line, home: home).status == 75)
    }
    let plan = "\(meterbridge) plan n --since 1h"
    let piped = try Shell.run(plan, home: home)
    #expect(piped.status == 0)
    #expect(piped.error == "")
    #expect(!piped.output.contains("\u{1B}"))
    // script(1) runs the command in a pseudo-terminal
    let watched = try Shell.run("TERM=xterm script -qec '\(plan)' \(home)/typescript", home: home)
    #expect(
      watched.output.contains("\r\u{1B}[Kevent 1 of 2\r\u{1B}[K"),
      "\(watched.output.debugDescription)")
    let dumb = try Shell.run("TERM=dumb script -qec '\(plan)' \(home)/typescript", home: home)
    #expect(!dumb.output.contains("event 1 of 2"))
    let data = try Shell.run(
      "TERM=xterm script -qec '\(plan) --json >\(home)/plan' /dev/null; cat \(home)/plan",
      home: home)
    #expect(data.output.contains("event 1 of 2"))
    let written = try Shell.run("cat \(home)/plan").output
    #expect(written == (try Shell.run("\(plan) --json", home: home).output))
  }
}
