import HTTPServer
import Operations
import Setup
import Store
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

/// A key is tried before it is kept.
struct KeyTrialTests {
  /// Nothing of a key is on the disk while the app is asked: whoever kills the process then leaves nothing.
  @Test func keyThatIsTriedIsInMemoryOnly() throws {
    let fixture = try TestHome()
    let sealed = Mutex<[[Record]]>([])
    let home = fixture.home
    let api = try FakeAPI { _, _ in
      let records = (try? home.secrets.sealed()) ?? []
      sealed.withLock { $0.append(records) }
      return Response(200, type: "application/json", text: "{}")
    }
    defer { api.stop() }
    try fixture.connect(port: api.port)
    let before = try home.secrets.sealed()
    _ = try fixture.registry.change(
      connection: "b", settings: [:], secrets: ["key": Secret("another-key-of-beta")],
      triesKey: true)
    #expect(sealed.withLock { $0 } == [before])
    #expect(try home.secrets.sealed() != before)
    #expect(api.requests.count == 1)
  }
}
