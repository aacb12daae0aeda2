import Foundation
import Testing

/// Completion and the manual page, compared with the help.
struct CompletionTests {
  private let meterbridge = ".build/debug/meterbridge"

  /// The commands that the help lists.
  private func commands() throws -> [String] {
    let overview = try Shell.run("\(meterbridge) --help").output
    let commands = overview.matches(of: #/(?m)^  (\w+(?: [\w\-]+)?)  /#).map { String($0.output.1) }
    try #require(commands.count > 30)
    #expect(Set(commands).count == commands.count)
    return commands
  }

  /// The options that a command's help lists.
  private func options(of command: String) throws -> [String] {
    let page = try Shell.run("\(meterbridge) \(command) --help").output
    let options = page.matches(of: #/(?m)^  (?:-\w, )?(--[\w\-]+)/#).map { String($0.output.1) }
    #expect(Set(options).count == options.count, "\(command)")
    return options
  }

  private func complete(_ words: String, home: String? = nil) throws -> [String] {
    let finished = try Shell.run("\(meterbridge) complete -- \(words)", home: home)
    #expect(finished.status == 0)
    #expect(finished.error == "")
    return finished.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
  }

  /// The candidates that bash offers for the last of these words.
  private func bash(_ words: [String], home: String? = nil) throws -> [String] {
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    let finished = try Shell.run(
      "P=.build/debug/meterbridge bash -s", home: home,
      input: """
        source <("$P" completion bash) || exit 1
        complete -p meterbridge >/dev/null || exit 2
        COMP_WORDS=("$P" \(list)) COMP_CWORD=\(words.count)
        _meterbridge
        printf '%s\\n' "${COMPREPLY[@]}"
        """)
    #expect(finished.status == 0, "\(finished.error)")
    return finished.output.split(separator: "\n").map(String.init)
  }

  @Test func completionOffersAllCommandsAndOptions() throws {
    let commands = try commands()
    let first = try complete("''")
    for command in commands {
      let words = command.split(separator: " ").map(String.init)
      #expect(first.contains(words[0]))
      if words.count == 2 { #expect(try complete("\(words[0]) ''").contains(words[1])) }
      #expect(try Set(complete("\(command) --")) == Set(options(of: command)), "\(command)")
    }
    #expect(!first.contains("complete"))
  }

  @Test func bashCompletionOffersWords() throws {
    #expect(try bash(["ru"]) == ["run"])
    #expect(try bash(["run", "re"]) == ["retry", "replay"])
    #expect(try bash(["run", "list", "--stat"]) == ["--status"])
    #expect(try bash(["run", "list", "--status", "p"]) == ["pending", "parked"])
    #expect(try bash(["run", "list", "--status", "=", "s"]) == ["success", "stopped"])
    #expect(try bash(["run", "list", "--status", "="]).count == 7)
    #expect(try bash(["package", "--target", "l"]) == ["lambda"])
    #expect(try bash(["link", "list", "inv"]) == ["invoice"])
    #expect(try bash(["invoke", "togai/create-"]) == ["togai/create-customer"])
    #expect(try bash(["completion", ""]) == ["bash", "zsh", "fish"])
    #expect(try bash(["flow", "validate", "Package.sw"]) == ["Package.swift"])
    #expect(try bash(["--home", "Tests/CommandT"]) == [])
    #expect(try bash(["run", "list", "--home", "Tests/CommandT"]) == ["Tests/CommandTests"])
    #expect(try bash(["nonsense", ""]) == [])
    #expect(try bash(["run", "list", "--status", "failed", "--statu"]) == [])
  }

  @Test func completionOffersNamesOfHome() throws {
    let home = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { Shell.remove(home) }
    #expect(try complete("connection show ''", home: home) == [])
    #expect(!FileManager.default.fileExists(atPath: home))
    for line in [
      "echo k | \(meterbridge) connection add togai --name my-togai --no-test --secret token=-",
      "echo k | \(meterbridge) connection add chargebee --name my-site --no-test --set site=a --secret apiKey=-",
      "\(meterbridge) flow connect chargebee-togai-customer-sync --name customers",
    ] { #expect(try Shell.run(line, home: home).status == 0) }
    #expect(try bash(["connection", "show", ""], home: home) == ["my-site", "my-togai"])
    #expect(try bash(["flow", "enable", ""], home: home) == ["customers"])
    #expect(try bash(["plan", "c"], home: home) == ["customers"])
    #expect(
      try bash(["run", "list", "--flow-connection", ""], home: home) == ["customers"])
    #expect(
      try bash(["dispatch", "--connection", "my-s"], home: home) == ["my-site"])
    #expect(try complete("flow show togai-chargebee-inv", home: home).count == 1)
    #expect(try complete("webhook install --connection ''", home: home) == ["my-site"])
    let connect = "flow connect chargebee-togai-customer-sync"
    #expect(
      try complete("\(connect) --step ''", home: home)
        == [
          "chargebee/create-comment=my-site", "chargebee/customer-created=my-site",
          "togai/create-customer=my-togai",
        ])
    let fields = ["accountPrefix", "emailDomain", "invoiceCurrency"]
    #expect(
      try Set(complete("\(connect) --set ''", home: home))
        == Set(fields.map { "togai/create-customer.\($0)=" } + ["chargebee/create-comment.text="]))
    #expect(try complete("connection set my-site --set sit", home: home) == ["site="])
    #expect(try complete("connection set my-togai --unset utc", home: home) == ["utcOffset"])
    #expect(
      try complete("connection add togai --secret tok", home: home) == ["token=@", "token=-"])
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func writesWhatTheShellReads(shell: String) throws {
    let script = try Shell.run("\(meterbridge) completion \(shell)")
    #expect(script.status == 0)
    #expect(script.output.contains(" complete --"))
    #expect(script.output.contains(":directories"))
    let checked = try Shell.run(
      """
      if command -v \(shell) >/dev/null
      then \(meterbridge) completion \(shell) | \(shell) -n; echo $?
      else echo none; fi
      """)
    #expect(checked.error == "")
    #expect(shell == "bash" ? checked.output == "0\n" : ["0\n", "none\n"].contains(checked.output))
  }

  @Test func helpLinesFitTerminal() throws {
    for command in try commands() {
      let lines = try Shell.run("\(meterbridge) \(command) --help").output.split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 106 }, "\(command)")
    }
  }

  @Test func manualHasAllCommandsAndOptions() throws {
    let page = try Shell.run("\(meterbridge) man").output
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first?.hasPrefix(".TH METERBRIDGE 1 ") == true)
    let macros = ["TH", "SH", "SS", "PP", "TP", "B", "I", "RI", "BR", "IR", "BI"]
    for line in lines where line.hasPrefix(".") {
      #expect(macros.contains(String(line.dropFirst().prefix { $0 != " " })), "\(line)")
    }
    #expect(lines.dropLast().allSatisfy { !$0.isEmpty && !$0.hasPrefix("'") })
    for command in try commands() {
      let name = command.replacingOccurrences(of: "-", with: "\\-")
      let section = try #require(
        page.components(separatedBy: "\n.SS \(name)\n").dropFirst().first, "\(command)")
      let body = section.components(separatedBy: "\n.S")[0]
      for option in try options(of: command)
      where !["--home", "--engine", "--json", "--help"].contains(option) {
        let text = option.replacingOccurrences(of: "-", with: "\\-")
        #expect(body.contains(text), "\(command) \(option)")
      }
    }
    let formatted = try Shell.run(
      """
      if command -v groff >/dev/null
      then \(meterbridge) man | groff -man -ww -z -Tutf8; fi
      """)
    #expect(formatted.error == "")
  }
}
