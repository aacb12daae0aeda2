import Foundation
import Testing

/// The README's examples, whose output must be exactly as documented.
struct ReadmeTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let command: String
    let output: String
    var testDescription: String { command }
  }

  @Test(arguments: try examples()) func exampleHasDocumentedOutput(example: Example) throws {
    let finished = try Shell.run(example.command)
    #expect(finished.output == example.output)
    #expect(finished.error == "")
    #expect(finished.status == 0)
  }

  @Test func readmeNamesDemoAndTestCommands() throws {
    let text = try String(
      contentsOf: Shell.repository.appending(path: "README.md"), encoding: .utf8)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.contains("    swift test"))
    #expect(
      lines.contains { $0.hasPrefix("    $(command -v sudo) ") && $0.hasSuffix("meterbridge demo") }
    )
  }

  /// The tour without accounts, with other ports and waits.
  @Test func tourWithoutAccountsRunsThreeFlows() throws {
    let text = try String(
      contentsOf: Shell.repository.appending(path: "README.md"), encoding: .utf8)
    let section = try #require(text.components(separatedBy: "### Without accounts\n").last)
    var script = try #require(
      section.components(separatedBy: "```sh\n").last?.components(separatedBy: "\n```").first)
    for (line, ready) in [
      ("sandbox & sleep 1", "8788/sandbox"), ("serve & sleep 1", "8787/health"),
    ] {
      #expect(script.contains(line))
      let begin = line.replacing(
        "sleep 1", with: "pids=\"$pids $!\"; await curl -sf 127.0.0.1:\(ready)")
      script = script.replacing(line, with: begin)
    }
    script = script.replacing(
      "sleep 2", with: "await sh -c 'meterbridge link list | grep ^account'"
    )
    .replacing("sleep 3", with: "await ended invoices; await ended payments")
    .replacing("meterbridge serve &", with: "meterbridge serve --listen 127.0.0.1:8787 &")
    .replacing("meterbridge sandbox &", with: "meterbridge sandbox --listen 127.0.0.1:8788 &")
    .replacing("8788", with: "\(try freePort())").replacing("8787", with: "\(try freePort())")
    let finished = try Shell.run(
      """
      cd "$(mktemp -d)"; mkdir bin; ln -s .build/debug/meterbridge bin; PATH="$PWD/bin:$PATH"
      trap 'kill $pids' EXIT
      await() { for i in $(seq 400); do "$@" >out 2>&1 && return; sleep 0.05; done; cat out; }
      ended() { meterbridge run list | grep -E "success .* $1"; }
      \(script)
      """)
    let lines = finished.output.split(separator: "\n")
    let runs = lines.filter { $0.hasPrefix("run.") }.map { line in
      line.split(separator: " ").prefix(4)
    }
    #expect(
      Set(runs.filter { $0[1] == "success" }.map { String($0[3]) })
        == ["customers", "payments", "invoices"], "\(finished.output) \(finished.error)")
    let kinds = ["customer", "account", "grant", "order", "invoice"]
    let linked = lines.drop { !$0.hasPrefix("KIND") }.dropFirst()
      .map { String($0.prefix { $0 != " " }) }
    #expect(Set(linked).isSuperset(of: kinds), "\(finished.output)")
  }

  /// A free port on this machine.
  private func freePort() throws -> Int {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(number) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try #require(bind(number, $0, length) == 0 && getsockname(number, $0, &length) == 0)
      }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// The blocks marked `console`: a command after `$ `, then its output.
  static func examples() throws -> [Example] {
    let text = try String(
      contentsOf: Shell.repository.appending(path: "README.md"), encoding: .utf8)
    let examples = text.components(separatedBy: "```console\n$ ").dropFirst().map { block in
      let parts = block.components(separatedBy: "\n```")[0]
        .split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return Example(command: String(parts[0]), output: parts.count > 1 ? parts[1] + "\n" : "")
    }
    try #require(examples.count >= 4)
    return Array(examples)
  }
}
