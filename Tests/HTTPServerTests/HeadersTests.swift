import HTTPTypes
import Testing

@Suite struct HeadersTests {
  @Test func headerNamesIgnoreCase() {
    var headers: Headers = ["Set-Cookie": "a", "X": "1"]
    headers.add("set-cookie", "b")
    #expect(headers.all("SET-COOKIE") == ["a", "b"])
    headers["x"] = "2"
    headers["set-Cookie"] = nil
    #expect(headers == ["x": "2"])
    #expect(headers["X-User"] == nil)
  }
}
