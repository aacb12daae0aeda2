import Foundation
import HTTPClient
import HTTPTypes
import Processes
import StepKit
import Store
import Synchronization
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

struct ServiceTests {
  private let right = "Basic " + Data("meterbridge:\(House.password)".utf8).base64EncodedString()
  private let event = #"{"id":"e1","type":"made","about":"x"}"#

  /// inotify tells of what another process writes before it can be read, and does not tell again.
  @Test func takesUpWhatAnotherProcessWritesSlowly() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("beta-take", #"read -r line; echo '{"outcome":"fail","reason":"no"}'"#)
    let run = try #require(try house.dispatch().first)
    #expect(run.status == .failed)
    try house.script("beta-take", #"read -r line; echo '{"outcome":"done","output":{}}'"#)
    let other = try Home(at: house.home.path, disk: SlowDisk())
    try house.serve { service in
      // Longer than it rests between two looks
      Thread.sleep(forTimeInterval: 1.5)
      _ = try RunStore(home: other).retry(run.id, now: WallClock.system.now())
      let end = Date().addingTimeInterval(20)
      while try RunStore(home: house.home).run(run.id).status == .pending, Date() < end {
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
    #expect(try RunStore(home: house.home).run(run.id).status == .success)
  }

  @Test func answersWhatAWebhookDeserves() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    try serving(house) { (base: String) throws in
      let client = CurlClient()
      func post(_ path: String, _ body: String, _ auth: String?) throws -> Int {
        var headers: Headers = ["Content-Type": "application/json"]
        headers["Authorization"] = auth
        return try client.send(
          ClientRequest("POST", base + path, headers: headers, body: Array(body.utf8))
        ).status
      }
      #expect(try post("/hooks/nobody", event, right) == 404)
      #expect(try post("/hooks/b", event, right) == 404)
      #expect(try post("/elsewhere", event, right) == 404)
      #expect(try post("/hooks/a", event, nil) == 401)
      #expect(
        try post("/hooks/a", event, "Basic \(Data("meterbridge:p".utf8).base64EncodedString())")
          == 401)
      #expect(
        try post(
          "/hooks/a", event, "Basic \(Data("other:\(House.password)".utf8).base64EncodedString())")
          == 401)
      #expect(try post("/hooks/a", event, "Bearer \(House.password)") == 401)
      #expect(try post("/hooks/a", "{\"id\":1,}", right) == 400)
      #expect(try post("/hooks/a", "[]", right) == 400)
      #expect(try post("/hooks/a", #"{"type":"made"}"#, right) == 400)
      #expect(try post("/hooks/a", String(repeating: " ", count: 1 << 20) + event, right) == 413)
      #expect(try RunStore(home: house.home).runs().isEmpty)
      #expect(try post("/hooks/a", event, right) == 200)
      #expect(try post("/hooks/a", event, right) == 200)
      #expect(
        try post(
          "/hooks/a", #"{"id":"e2","type":"other"}"#, right.replacing("Basic", with: "basic"))
          == 200)
      #expect(try client.send(ClientRequest("GET", base + "/hooks/a")).status == 405)
      #expect(try client.send(ClientRequest("GET", base + "/health")).status == 200)
    }
    #expect(try RunStore(home: house.home).runs().map(\.status) == [.stopped])
  }

  @Test func takesASecretInThePath() throws {
    let house = try House()
    _ = try house.connect("gamma")
    try serving(house) { (base: String) throws in
      let client = CurlClient()
      func post(_ path: String) throws -> Int {
        try client.send(ClientRequest("POST", base + path, body: Array(event.utf8))).status
      }
      #expect(try post("/hooks/b") == 401)
      #expect(try post("/hooks/b/wrong") == 401)
      #expect(try post("/hooks/b/\(House.key)") == 200)
      #expect(try post("/hooks/b/\(House.key)") == 200)
    }
    let url = try house.registry.webhookURL(
      of: house.registry.connections.get("b"), base: "https://x.example/")
    #expect(url == "https://x.example/hooks/b/\(House.key)")
  }

  @Test func looksAgainAtABodyWithoutAnIdThatCameToNoEffect() throws {
    let house = try House()
    _ = try house.connect("gamma")
    try house.script("gamma-made", #"echo '{"outcome":"stop","reason":"too early"}'"#)
    let gamma = try house.registry.connections.get("b")
    _ = try house.registry.flows.add(
      flow: "back",
      json: [
        "name": "Back", "type": "outbound", "when": ["step": "gamma/made"],
        "then": [["step": "gamma/take"]],
      ])
    _ = try house.registry.connect(flow: "back", name: "back", connections: [:])
    _ = try house.registry.flows.enable("back", true)
    func dispatch() throws -> [Run.Status] {
      try Foreground(registry: house.registry, caller: house.functions)
        .dispatch(["payload": ["id": "inv.1"]], from: gamma).map(\.status)
    }
    #expect(try dispatch() == [.stopped])
    #expect(try dispatch() == [.stopped])
    try house.script("gamma-made", #"echo '{"outcome":"done","output":{"ids":{"gamma":"1"}}}'"#)
    try house.script("gamma-take", #"echo '{"outcome":"done","output":{}}'"#)
    #expect(try dispatch() == [.success])
    #expect(try dispatch() == [], "what had an effect is taken once")
    let runs = try RunStore(home: house.home).runs()
    #expect(runs.map(\.repeats) == [nil, runs.first?.id, nil])
  }

  @Test func goesOnWithWhatWasLeftOpen() throws {
    let house = try House()
    let alpha = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    for number in 1...20 {
      let event: JSON = [
        "id": .string("e\(number)"), "type": "made", "about": .string("\(number % 3)"),
      ]
      guard case .taken(let runs) = Intake(registry: house.registry).take(event, from: alpha) else {
        Issue.record("event \(number) was not taken")
        return
      }
      #expect(runs.count == 1)
    }
    #expect(try RunStore(home: house.home).open().count == 20)
    try serving(house) { _ in }
    #expect(try RunStore(home: house.home).open().isEmpty)
    #expect(try RunStore(home: house.home).runs().allSatisfy { $0.status == .stopped })
  }

  @Test func carriesThoseOfOneLaneOneAfterAnother() throws {
    let house = try House()
    let alpha = try house.connect()
    let log = "\(house.path)/order"
    try house.script(
      "alpha-made",
      #"read -r line; n=$(echo "$line" | sed 's/.*"id":"e\([0-9]*\)".*/\1/'); echo "$n in" >> LOG; sleep 0.02; echo "$n out" >> LOG; echo '{"outcome":"stop","reason":"seen"}'"#
        .replacing("LOG", with: log))
    for number in 1...8 {
      _ = Intake(registry: house.registry).take(
        ["id": .string("e\(number)"), "type": "made", "about": "one"], from: alpha)
    }
    try serving(house) { _ in }
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(
      String.init)
    #expect(lines.count == 16)
    for place in stride(from: 0, to: lines.count, by: 2) {
      #expect(lines[place].prefix { $0 != " " } == lines[place + 1].prefix { $0 != " " })
    }
  }

  @Test(arguments: [ENOSPC, EROFS, EIO]) func takesNothingWhileNothingCanBeWritten(
    code: Int32
  ) throws {
    let house = try House()
    _ = try house.connect()
    let full = BadDisk(code)
    let home = try Home(at: "\(house.path)/home", disk: full)
    let registry = Registry(home: home, catalog: house.registry.catalog)
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    let service = try DispatcherService(
      registry: registry, caller: house.functions, options: options)
    let thread = Thread { service.run() }
    thread.start()
    defer { service.stop() }
    let headers: Headers = ["Authorization": right]
    let request = ClientRequest(
      "POST", "http://127.0.0.1:\(service.port)/hooks/a", headers: headers, body: Array(event.utf8))
    full.refuses(.writing)
    let refused = try CurlClient().send(request)
    #expect(refused.status == 503)
    #expect(refused.headers["Retry-After"] != nil)
    #expect(try RunStore(home: home).runs().isEmpty)
    full.refuses(nil)
    #expect(try CurlClient().send(request).status == 200)
    #expect(try RunStore(home: home).runs().count == 1)
  }

  /// Whoever runs it reads what waits for a person, and of strangers at the door a line a minute.
  @Test func tellsOfWhatFailedAndOfWebhooksThatWereNotTaken() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"fail","reason":"no such thing"}'"#)
    let told = Mutex<[String]>([])
    let report: @Sendable (String) -> Void = { line in told.withLock { $0.append(line) } }
    try house.serve(report: report) { service in
      let url = "http://127.0.0.1:\(service.port)/hooks/a"
      for authorization in ["Basic eDp5", "Basic eDp6", right] {
        let headers: Headers = ["Authorization": authorization]
        _ = try CurlClient().send(
          ClientRequest("POST", url, headers: headers, body: Array(event.utf8)))
      }
      _ = try CurlClient().send(
        ClientRequest("POST", "http://127.0.0.1:\(service.port)/hooks/x%0Ay", body: []))
      #expect(service.waitUntilIdle(within: 20))
    }
    let (strangers, lines) = told.withLock { lines in
      (lines.filter { $0.contains("404") }, lines.filter { !$0.contains("404") })
    }
    #expect(strangers.count == 1)
    #expect(strangers.first?.hasPrefix("a webhook to /hooks/x%0Ay was answered 404") == true)
    #expect(lines.count == 2, "\(lines)")
    #expect(
      lines.first?.hasPrefix("a webhook to /hooks/a was answered 401: the user name,") == true)
    #expect(lines.last?.contains("failed: no such thing; `meterbridge run show run.") == true)
    #expect(!lines.joined().contains("eDp"))
  }

  /// A person in another process lets runs go on: they are not left until they look again by themselves.
  @Test func goesOnAtOnceWhereAPersonDidWhatRunsWaitFor() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    // One that was taken while its flow was enabled
    let intake = Intake(registry: house.registry)
    let run = try #require(
      intake.take(
        ["id": "e1", "type": "made", "about": "x"], from: house.registry.connections.get("a")
      ).runs.first)
    _ = try house.registry.flows.enable("ab", false)
    let book = RunStore(home: house.home)
    try house.serve { service in
      try until { try book.run(run.id).log.last?.name == "Step 1 Waits" }
      let elsewhere = Registry(
        home: try Home(at: house.home.path), catalog: house.registry.catalog)
      let start = ContinuousClock.now
      _ = try elsewhere.flows.enable("ab", true)
      #expect(service.waitUntilIdle(within: 14))
      #expect(ContinuousClock.now - start < .seconds(14), "15 s would be by itself")
    }
    let log = try book.run(run.id).log.map(\.name)
    let names = [
      "Run Started", "Step 1 Waits", "Step 1 Start", "Step 1 End", "Step 2 Start", "Step 2 End",
      "Run End",
    ]
    #expect(log == names)
  }

  /// Whoever watches what is due may be the one that is woken for an event whose first call takes long.
  @Test func looksAfterWhatIsDueWhileAFirstCallTakesLong() throws {
    let house = try House(pool: PoolOptions())
    _ = try house.connect()
    try house.script(
      "alpha-made",
      """
      while read -r line; do
        case "$line" in
        *'"about":"slow"'*) sleep 4 ;;
        *'"about":"due"'*) if mkdir \(house.path)/tried; then
          echo '{"outcome":"retry","after":1,"reason":"not yet"}'; continue; fi ;;
        esac
        echo '{"outcome":"stop","reason":"seen"}'
      done
      """)
    let book = RunStore(home: house.home)
    try house.serve(threads: 2) { service in
      func post(_ about: String) throws -> String {
        let body: JSON = ["id": .string(about), "type": "made", "about": .string(about)]
        let request = ClientRequest(
          "POST", "http://127.0.0.1:\(service.port)/hooks/a", headers: ["Authorization": right],
          body: body.bytes)
        #expect(try CurlClient().send(request).status == 200)
        return try #require(try book.runs().last { $0.event.hasSuffix("/\(about)") }).id
      }
      let due = try post("due")
      try until { try book.run(due).log.last?.name == "Step 1 Waits" }
      // Those who sleep are woken in turn
      let quick = try post("quick")
      try until { try book.run(quick).status == .stopped }
      let slow = try post("slow")
      try until { try book.run(due).status == .stopped }
      #expect(try book.run(slow).status == .pending)
    }
  }

  /// A failed flush is fatal: the kernel forgets what it could not write, and a second flush would lie.
  @Test func endsWhereTheDiskFailsToFlush() throws {
    let house = try House()
    _ = try house.connect()
    let disk = BadDisk(EIO)
    let home = try Home(at: "\(house.path)/home", disk: disk)
    let registry = Registry(home: home, catalog: house.registry.catalog)
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    let service = try DispatcherService(
      registry: registry, caller: house.functions, options: options)
    let ended = DispatchSemaphore(value: 0)
    Thread {
      service.run()
      ended.signal()
    }.start()
    disk.refuses(.flushing)
    let request = ClientRequest(
      "POST", "http://127.0.0.1:\(service.port)/hooks/a", headers: ["Authorization": right],
      body: Array(event.utf8))
    #expect(try CurlClient().send(request).status == 503)
    disk.refuses(nil)
    #expect(ended.wait(timeout: .now() + 20) == .success)
    #expect(disk.flushes == 1)
    #expect(service.failure?.kind == .io)
    #expect(service.failure?.description.contains("Input/output error") == true)
    try house.script("alpha-made", "echo '{\"outcome\":\"stop\",\"reason\":\"seen\"}'")
    let next = Registry(home: try Home(at: house.home.path), catalog: house.registry.catalog)
    _ = try Foreground(registry: next, caller: house.functions)
      .dispatch(try JSON(parsing: event), from: next.connections.get("a"))
    #expect(try RunStore(home: next.home).runs().count == 1)
  }

  @Test func takesNothingMoreWhileTooMuchWaits() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("alpha-made", "sleep 1; echo '{\"outcome\":\"stop\",\"reason\":\"seen\"}'")
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    options.mostWaiting = 2
    let service = try DispatcherService(
      registry: house.registry, caller: house.functions, options: options)
    let thread = Thread { service.run() }
    thread.start()
    defer { service.stop() }
    let statuses = try (1...4).map { number in
      let body = #"{"id":"e\#(number)","type":"made","about":"x"}"#
      let request = ClientRequest(
        "POST", "http://127.0.0.1:\(service.port)/hooks/a", headers: ["Authorization": right],
        body: Array(body.utf8))
      let response = try CurlClient().send(request)
      #expect((response.status == 503) == (response.headers["Retry-After"] == "60"))
      return response.status
    }
    #expect(statuses == [200, 200, 503, 503])
    #expect(try RunStore(home: house.home).runs().count == 2)
  }

  @Test func leavesWhatItCarriesToTheNextStart() throws {
    let house = try House()
    let alpha = try house.connect()
    let mark = "\(house.path)/begun"
    let more =
      #"{"outcome":"ask","effects":[{"find":{"name":"f","kind":"customer","ids":{"alpha":"1"}}}]}"#
    let done = #"{"outcome":"stop","reason":"seen"}"#
    try house.script(
      "beta-take",
      """
      read -r line; touch \(mark); sleep 0.3
      case "$line" in *'"f":'*) echo '\(done)';; *) echo '\(more)';; esac
      """)
    let run = try #require(
      Intake(registry: house.registry).take(JSON(parsing: event), from: alpha).runs.first)
    try house.serve { _ in
      try until { FileManager.default.fileExists(atPath: mark) }
    }
    let left = try RunStore(home: house.home).run(run.id)
    #expect(left.status == .pending)
    #expect(left.step == 1)
    #expect(try house.carryOn(run).reason == "seen")
  }

  @Test func carriesWhatAnotherProcessTakes() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    try house.serve { _ in
      let other = Registry(
        home: try Home(at: "\(house.path)/home"), catalog: house.registry.catalog)
      let runs = try Foreground(registry: other, caller: house.functions).dispatch(
        ["id": "e1", "type": "made", "about": "x"], from: other.connections.get("a"))
      #expect(runs.map(\.reason) == ["seen"])
    }
  }

  @Test func letsOneProcessAtATimeCarryTheRuns() throws {
    let house = try House()
    try serving(house) { (_: String) throws in
      var options = DispatcherService.Options()
      options.listen = "127.0.0.1:0"
      let problem = #expect(throws: Problem.self) {
        try DispatcherService(
          registry: house.registry, caller: house.functions, options: options)
      }
      #expect(problem?.kind == .temporary)
      #expect(
        problem?.description.contains("process \(ProcessInfo.processInfo.processIdentifier)")
          == true)
    }
  }

  /// Serves while a test asks, then until nothing is left to carry.
  private func serving(_ house: House, _ body: (_ base: String) throws -> Void) throws {
    try house.serve { service in
      try body("http://127.0.0.1:\(service.port)")
      #expect(service.waitUntilIdle(within: 20))
    }
  }
}

/// A disk on which a flush takes its time.
private struct SlowDisk: Disk {
  func sync(_ file: File) throws(StoreError) {
    Thread.sleep(forTimeInterval: 0.3)
    try LocalDisk().sync(file)
  }
}

/// A disk that does not do what it should, when a test says so.
private final class BadDisk: Disk {
  enum Deed {
    case writing
    case flushing
  }

  private let code: Int32
  private let refused = Mutex<Deed?>(nil)
  private let refusedFlushes = Atomic(0)

  init(_ code: Int32) { self.code = code }

  func refuses(_ deed: Deed?) { refused.withLock { $0 = deed } }

  /// How often a flush was refused.
  var flushes: Int { refusedFlushes.load(ordering: .relaxed) }

  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    if refused.withLock({ $0 }) == .writing {
      throw .unavailable(call: "write", code: code, path: file.path)
    }
    return try LocalDisk().write(bytes, to: file, at: offset)
  }

  func sync(_ file: File) throws(StoreError) {
    if refused.withLock({ $0 }) == .flushing {
      refusedFlushes.add(1, ordering: .relaxed)
      throw .unavailable(call: "fdatasync", code: code, path: file.path)
    }
    try LocalDisk().sync(file)
  }
}
