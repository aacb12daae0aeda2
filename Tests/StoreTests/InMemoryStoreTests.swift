import Store
import Synchronization
import Testing

@Suite struct InMemoryStoreTests {
  /// A simulation decides when completions run.
  @Test func executorRunsCompletions() throws {
    let scheduled = Mutex<[@Sendable () -> Void]>([])
    let store = InMemoryStore(executor: { work in scheduled.withLock { $0.append(work) } })
    let received = Mutex<[String]>([])
    for key in ["a", "b"] {
      try store.commit([.put(key, "1")]) { _ in received.withLock { $0.append(key) } }
    }
    #expect(received.withLock { $0 } == [])
    #expect(try store.records(prefix: "").map(\.key) == ["a", "b"])
    for work in scheduled.withLock({ $0 }) { work() }
    #expect(received.withLock { $0 } == ["a", "b"])
  }

  @Test func secretsWorkInMemory() throws {
    let secrets = Secrets(in: InMemoryStore(watching: [""]))
    let version = try secrets.version()
    try secrets.put(Secret("sesame"), "apiKey", of: "acme")
    #expect(try secrets.get("apiKey", of: "acme") == Secret("sesame"))
    #expect(try secrets.version() != version)
    try secrets.removeAll(of: "acme")
    #expect(try secrets.isEmpty())
  }
}
