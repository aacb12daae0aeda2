import Catalog
import Dispatcher
import EndToEndSupport
import Foundation
import HTTPClient
import HTTPTypes
import Operations
import Records
import Sandbox
import Setup
import StepKit
import Store
import TestSupport
import Values

/// Mutates input: webhooks, answers of APIs, replies of steps and files of the store.
enum HostileInputs {
  static func run(_ count: Int?) throws -> Tally {
    let count = count ?? 3000
    let tally = Tally()
    try webhooks(count, tally)
    try files(count, tally)
    try answers(count, tally)
    try replies(max(count / 10, 1), tally)
    let peak = PeakMemory.bytes
    print("hostile: at most \(peak >> 20) MiB of memory")
    tally.add(peak < PeakMemory.limit ? [] : ["more than \(PeakMemory.limit >> 20) MiB"], "memory")
    return tally
  }

  /// A webhook that is answered 2xx is stored, or kept for a person if it cannot be read, and none crashes
  /// or blocks the service.
  private static func webhooks(_ count: Int, _ tally: Tally) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    try fixture.addCustomer("acme")
    let event = fixture.sandbox.state["chargebee"]["events"].array?.first ?? [:]
    let headers: Headers = ["Authorization": Canary.authorization]
    let client = CurlClient()
    let unreadable = UnreadableEvents(home: fixture.registry.home)
    var fuzzer = Fuzzer(seed: 1)
    try fixture.serve { _, port in
      for number in 0..<count {
        let body = fuzzer.mutated(event.bytes)
        let request = ClientRequest(
          "POST", "http://127.0.0.1:\(port)/hooks/chargebee", headers: headers, body: body)
        let status = try client.send(request).status
        let document = try? JSON(parsing: body)
        let key = document?["id"].nonBlank.map { "event/chargebee:acme/\($0.percentEncoded)" }
        let isStored = try key.map { try fixture.registry.home.store.get($0) != nil } ?? false
        let kept = try unreadable.entries()
        for entry in kept { try unreadable.remove(entry) }
        let isKept = kept.map(\.body) == [Array(body.prefix(UnreadableEvents.mostBytes))]
        let isGood = status == 200 ? isStored || isKept : status == 413
        tally.add(isGood ? [] : ["answered \(status)"], "webhook \(number)")
      }
    }
  }

  /// A damaged store opens or reports the damage; it returns no value that was not stored.
  private static func files(_ count: Int, _ tally: Tally) throws {
    let path = NSTemporaryDirectory() + "meterbridge-hostile-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var fuzzer = Fuzzer(seed: 2)
    for number in 0..<count / 10 {
      try? FileManager.default.removeItem(atPath: path)
      let store = try FileStore(at: path)
      for key in 0..<20 { try store.put("value \(key)", at: "key/\(key)") }
      if number.isMultiple(of: 2) { try store.compact() }
      for key in 20..<30 { try store.put("value \(key)", at: "key/\(key)") }
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0.hasPrefix("journal") || $0.hasPrefix("table") }.sorted()
      let file = path + "/" + names[fuzzer.below(names.count)]
      let bytes = [UInt8](FileManager.default.contents(atPath: file) ?? Data())
      let copy = path + "-copy"
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      try Data(fuzzer.mutated(bytes)).write(
        to: URL(filePath: copy + "/" + (file as NSString).lastPathComponent))
      tally.add(read(copy), "store \(number)")
      try? FileManager.default.removeItem(atPath: copy)
    }
  }

  private static func read(_ path: String) -> [String] {
    do throws(StoreError) {
      let store = try FileStore(at: path)
      for key in 0..<30 {
        let value = try store.get("key/\(key)")
        if let value, value != "value \(key)" { return ["key/\(key) is \(value)"] }
      }
      return []
    } catch {
      return error.description.isEmpty ? ["an error without description"] : []
    }
  }

  /// A step replies to mutated answers, or refuses them as malformed.
  private static func answers(_ count: Int, _ tally: Tally) throws {
    let functions = StepExecutables(folder: EndToEnd.products)
    var fuzzer = Fuzzer(seed: 3)
    let cases = try invocations()
    for _ in 0..<count {
      let chosen = cases[fuzzer.below(cases.count)]
      let text = FileManager.default.contents(atPath: chosen.path) ?? Data()
      let mutant = fuzzer.mutated(try JSON(parsing: text))
      do throws(Problem) {
        let reply = try functions.call(chosen.step, with: mutant)
        // The dispatcher must accept every reply.
        _ = try Result { () throws(Failure) in try Reply<JSON>(json: reply) }
          .mapError { Problem(.software, $0.reason) }.get()
        tally.add([], "")
      } catch {
        let isRefusal = error.description.contains("exited with status 65")
        tally.add(isRefusal ? [] : [error.description], "\(chosen.step) with \(mutant.text)")
      }
    }
  }

  /// The recorded invocations of all steps.
  private static func invocations() throws -> [(step: StepID, path: String)] {
    let folder = EndToEnd.repository + "/events"
    var cases: [(step: StepID, path: String)] = []
    let apps = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    for app in apps where !app.contains(".") {
      for step in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(app)").sorted() {
        guard let id = StepID("\(app)/\(step)") else { continue }
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(app)/\(step)")
        cases += names.sorted().filter { !$0.hasSuffix(".reply.json") }
          .map { (id, "\(folder)/\(app)/\(step)/\($0)") }
      }
    }
    return cases
  }

  /// A mutated reply of a step ends its run at most: the dispatcher continues, and its store is sound.
  private static func replies(_ count: Int, _ tally: Tally) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    let steps = ["chargebee-customer-created", "togai-create-customer"]
    let folder = fixture.path + "/mutants"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for step in steps {
      try Executable.script(#"exec cat "$0.reply""#, at: "\(folder)/\(step)")
    }
    try fixture.addCustomer("acme")
    let event = fixture.sandbox.state["chargebee"]["events"].array?.first?.object ?? [:]
    var functions = StepExecutables(folder: folder)
    functions.confinement = { _ in nil }  // The scripts start other programs.
    let foreground = Foreground(
      registry: fixture.registry, caller: functions, clock: fixture.clock)
    let connection = try fixture.registry.connections.get("chargebee")
    let all = try invocations()
    var fuzzer = Fuzzer(seed: 4)
    for number in 0..<count {
      for step in steps {
        let cases = all.filter { $0.step.executable == step }
        let path = cases[fuzzer.below(cases.count)].path.replacing(".json", with: ".reply.json")
        let reply = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
        try Data(fuzzer.mutated(reply)).write(to: URL(filePath: "\(folder)/\(step).reply"))
      }
      let id: JSON = .string("ev_\(number)")
      let runs = try foreground.dispatch(
        .object(event.merging(["id": id]) { $1 }), from: connection)
      tally.add(runs.isEmpty ? ["no run was started"] : [], "reply \(number)")
    }
    let report = try FileStore.verify(at: fixture.path + "/store")
    tally.add(report.isSound ? [] : ["the store is damaged"], "store after the replies")
  }
}
