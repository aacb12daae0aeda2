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
import Testing
import Values

/// A dispatcher whose home is on a nearly full disk of 2 MiB.
///
/// The disk is a tmpfs in a mount namespace of the dispatcher, and vanishes with it.
@Suite(.serialized, .enabled(if: SmallDisk.isPossible, "no namespace can be made here"))
struct FullDiskTests {
  @Test func fullDiskRefusesEventsUntilThereIsRoom() throws {
    let fixture = try EndToEnd(seed: 4)
    defer { fixture.close() }
    let disk = try SmallDisk(fixture)
    defer { disk.end() }

    var taken: [JSON] = []
    var refused: [JSON] = []
    while refused.count < 3, taken.count < 1000 {
      let event = try self.event(number: taken.count + refused.count, fixture)
      let response = try disk.post(event)
      if response.status == 200 {
        taken.append(event)
      } else {
        #expect(response.status == 503)
        #expect(response.headers["Retry-After"] != nil)
        refused.append(event)
      }
    }
    #expect(taken.count > 5)
    #expect(refused.count == 3)
    let home = try Home(at: disk.path)
    #expect(try FileStore.verify(at: home.path + "/store").isSound)
    for event in taken { #expect(try home.store.get(key(of: event)) != nil) }
    for event in refused { #expect(try home.store.get(key(of: event)) == nil) }
    let registry = Registry(home: home, catalog: fixture.registry.catalog)
    let item = try Attention(registry).items(at: fixture.clock.now()).first { $0.cause == .disk }
    #expect(item?.reason.contains("MiB") == true)

    try disk.makeRoom()
    for event in refused { #expect(try disk.post(event).status == 200) }
    for event in taken.suffix(3) { #expect(try disk.post(event).status == 200, "comes again") }
    #expect(try disk.rests())
    #expect(try FileStore.verify(at: home.path + "/store").isSound)
    #expect(try Invariants.violations(in: fixture, home: home) == [])
    #expect(try RunStore(home: home).runs().count == taken.count + refused.count)
  }

  /// An event of 20 kB about a new customer.
  private func event(number: Int, _ fixture: EndToEnd) throws -> JSON {
    try fixture.addCustomer("c\(number)")
    let events = fixture.sandbox.state["chargebee"]["events"].array ?? []
    var event = try #require(events.last?.object)
    event["padding"] = .string(String(repeating: "x", count: 20_000))
    return .object(event)
  }

  private func key(of event: JSON) -> String { "event/chargebee:acme/\(event["id"].string ?? "")" }
}

/// A dispatcher on a small disk.
private final class SmallDisk {
  /// The path of the home outside the namespace.
  let path: String
  private let process = Process()
  private let url: String

  init(_ fixture: EndToEnd) throws {
    let reservation = try TCPSocket.reserved()
    defer { reservation.close() }
    let port = reservation.port
    url = "http://127.0.0.1:\(port)/hooks/chargebee"
    let home = fixture.path + "/small"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = [
      "--map-root-user", "--mount", "sh", "-c",
      """
      set -e; home="$1"; shift
      mount -t tmpfs -o size=2m none "$home"
      cp -r "$home/../store" "$home/../secrets" "$home/../key" "$home/../key.id" "$home"
      head -c 1500K /dev/zero > "$home/ballast"
      exec "$@"
      """, "sh", home, EndToEnd.products + "/CrashProbe", home, EndToEnd.repository + "/functions",
      EndToEnd.products, "\(port)", "0", "0", "\(fixture.start.milliseconds)", "\(EndToEnd.speed)",
    ]
    process.environment = ["PATH": "/usr/bin:/bin"]
    // Files of this process would stay open as long as the dispatcher runs.
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    path = "/proc/\(process.processIdentifier)/root\(home)"
    let listens = try wait { TCPSocket.connected(to: port).map { $0.close() } != nil }
    guard listens else {
      end()
      throw Problem(.unavailable, "the dispatcher does not start")
    }
  }

  /// Whether a disk can be mounted in a namespace of its own.
  static let isPossible: Bool = {
    let probe = Process()
    probe.executableURL = URL(filePath: "/usr/bin/unshare")
    probe.arguments = ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    probe.standardError = FileHandle.nullDevice
    guard (try? probe.run()) != nil else { return false }
    probe.waitUntilExit()
    return probe.terminationStatus == 0
  }()

  func post(_ event: JSON) throws -> ClientResponse {
    try CurlClient().send(
      ClientRequest(
        "POST", url, headers: ["Authorization": Canary.authorization], body: event.bytes))
  }

  func makeRoom() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }

  /// Waits until every run has ended; false after a minute.
  func rests() throws -> Bool {
    let runStore = RunStore(home: try Home(at: path))
    return try wait { try runStore.open().isEmpty }
  }

  func end() {
    process.terminate()
    process.waitUntilExit()
  }

  private func wait(until isSo: () throws -> Bool) throws -> Bool {
    let end = Date().addingTimeInterval(60)
    while Date() < end, process.isRunning {
      if try isSo() { return true }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return false
  }
}
