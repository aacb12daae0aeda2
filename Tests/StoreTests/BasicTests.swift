import Store
import Testing

@Test func readsWhatWasPut() throws {
  let store = try Store(at: "/tmp/zz")
  try store.put("hello", at: "a")
  #expect(try store.get("a") == "hello")
  try store.compact()
  #expect(try store.get("a") == "hello")
}
