import AWS
import Dispatcher
import Foundation
import HTTPClient
import Records
import Setup
import StepKit
import Store
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Operations

/// Homes go from files into a table of the emulator, and back.
struct HomeCopyTests {
  /// Sends requests, and none after a number of them.
  private final class DyingTransport: HTTPTransport {
    private let transport = CurlClient()
    private let left: Mutex<Int>

    init(after requests: Int) { left = Mutex(requests) }

    func send(_ request: ClientRequest) throws(TransportFailure) -> ClientResponse {
      let isAlive = left.withLock { left in
        left -= 1
        return left >= 0
      }
      guard isAlive else { throw .notSent("the process has died") }
      return try transport.send(request)
    }
  }

  private let table = "t-\(UUID().uuidString)"
  private let fixture: TestHome

  init() throws {
    fixture = try TestHome()
    try fixture.connect()
    try Links(home: fixture.home).link(.customer, ["a:1": "ä\n\"x\"", "b:1": "\u{1F600}"])
    try fixture.home.store.put(
      JSON.members(["body": .string(String(repeating: "x", count: 500_000))]).text,
      at: "event/a/long")
    _ = try fixture.home.store.commit((0..<150).map { .put("taken/\($0)", "{}") })
    _ = try DynamoDBStore.createTable(table, client: client())
  }

  private func client(_ transport: any HTTPTransport = CurlClient()) throws -> AWSClient {
    AWSClient(
      try AWSAccount(environment: AWSEmulator.shared.get().environment), transport: transport,
      retries: RetryPolicy(tries: 2, firstWait: 0.001, longestWait: 0.001))
  }

  private func home(
    at path: String? = nil, _ transport: any HTTPTransport = CurlClient(), isCopying: Bool = false
  ) throws(Problem) -> Home {
    guard let client = try? client(transport) else { throw Problem(.software, "no emulator") }
    return try Home(at: path ?? fixture.home.path, in: table, of: client, isCopying: isCopying)
  }

  private static func records(_ home: Home) throws(Problem) -> [Record] {
    try home.with { (store) throws(StoreError) in try store.records(prefix: "") }
      .filter { !$0.key.hasPrefix("home/") }
  }

  @Test func homeIsTheSameInATableAndBack() throws {
    let files = try Self.records(fixture.home)
    let counts = try HomeCopy(from: fixture.home, to: home(isCopying: true)).perform()
    #expect(counts.records == files.count && counts.secrets == 2)
    let inTable = try home()
    #expect(try Self.records(inTable) == files)
    #expect(try inTable.secrets.get("key", of: "b")?.reveal() == TestHome.key)
    // Nothing in the table is in clear
    #expect(try inTable.secrets.sealed().allSatisfy { !$0.value.contains(TestHome.key) })
    #expect(try inTable.secrets.sealed() == fixture.home.secrets.sealed())

    // What changes there comes back
    try inTable.store.put("{}", at: "taken/new")
    let place = "\(fixture.path)/back"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    let keyFile = "\(fixture.home.path)/key"
    let back = try Home(at: place, keyFile: keyFile)
    _ = try HomeCopy(from: inTable, to: back).perform()
    #expect(try Self.records(back) == Self.records(inTable))
    #expect(try back.secrets.get("key", of: "b")?.reveal() == TestHome.key)
    #expect(try back.store.get("home/format") == nil)
    #expect(throws: Problem.self) { try HomeCopy(from: inTable, to: back).perform() }
  }

  /// A copy whose process dies at a request leaves a home that is empty or that nobody opens, and that a
  /// repetition fills.
  @Test(arguments: [5, 20, 30, 33, 45])
  func interruptedCopyIsRepeated(requests: Int) throws {
    let wanted = try Self.records(fixture.home)
    #expect(throws: Problem.self) {
      let target = try home(at: nil, DyingTransport(after: requests), isCopying: true)
      _ = try HomeCopy(from: fixture.home, to: target).perform()
    }
    do throws(Problem) {
      let opened = try home()
      #expect(try Self.records(opened) == [])
      #expect(requests < 30)
    } catch {
      #expect(error.kind == .configuration && error.description.contains("interrupted"))
      #expect(requests > 20)
    }
    _ = try HomeCopy(from: fixture.home, to: home(isCopying: true)).perform()
    #expect(try Self.records(home()) == wanted)
    // A finished one is not overwritten
    let problem = #expect(throws: Problem.self) {
      try HomeCopy(from: fixture.home, to: home(isCopying: true)).perform()
    }
    #expect(problem?.kind == .refused)
  }

  @Test func copyIsRefusedWhileRunsAreExecuted() throws {
    let lock = try DispatcherLock(home: fixture.home)
    let problem = #expect(throws: Problem.self) {
      try HomeCopy(from: fixture.home, to: home(isCopying: true)).perform()
    }
    #expect(problem?.kind == .temporary)
    lock.release()
  }

  @Test func nothingExecutesRunsOfATable() throws {
    _ = try HomeCopy(from: fixture.home, to: home(isCopying: true)).perform()
    let registry = Registry(home: try home(), catalog: fixture.registry.catalog)
    let foreground = Foreground(registry: registry, caller: fixture.functions)
    let problem = #expect(throws: Problem.self) {
      try foreground.dispatch(
        ["id": "e1", "type": "made", "about": "x"], from: registry.connections.get("a"))
    }
    #expect(problem?.kind == .configuration)
  }

  /// Another machine must have the key of the secrets that are in the table.
  @Test func keyOfATableIsNotReplaced() throws {
    _ = try HomeCopy(from: fixture.home, to: home(isCopying: true)).perform()
    let other = "\(fixture.path)/other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    let without = try home(at: other)
    #expect(throws: StoreError.self) { try without.secrets.get("key", of: "b") }
    #expect(throws: StoreError.self) { try without.secrets.put(Secret("x"), "key", of: "b") }
    #expect(!FileManager.default.fileExists(atPath: "\(other)/key"))
    // A key of another home
    let text = String(repeating: "0f", count: 32)
    #expect(
      FileManager.default.createFile(
        atPath: "\(other)/key", contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]))
    #expect(throws: StoreError.self) { try without.secrets.put(Secret("x"), "key", of: "b") }
    try Data(contentsOf: URL(filePath: "\(fixture.home.path)/key"))
      .write(to: URL(filePath: "\(other)/key"))
    #expect(try home(at: other).secrets.get("key", of: "b")?.reveal() == TestHome.key)
  }
}
