import Testing
import Values

/// Ids and keys are compared by their bytes, and not by what Unicode considers equal.
struct BytesTests {
  @Test func keysThatDifferInBytesAreNoDuplicates() throws {
    let json = try JSON(parsing: #"{"é":1,"e\#u{301}":2,"id":"a"}"#)
    #expect(json["id"] == "a")
    #expect(json["é"] == 1)
  }

  @Test func equivalentKeyIsRefusedTheSecondTime() {
    #expect(throws: JSONError.self) {
      try JSON(parsing: "{\"é\":1,\"e\u{301}\":2,\"e\u{301}\":3}")
    }
    #expect(throws: JSONError.self) { try JSON(parsing: "{\"é\":1,\"e\u{301}\":2,\"é\":3}") }
  }

  @Test func textsAreComparedByBytes() {
    #expect("é" == "e\u{301}")
    #expect(!"é".hasBytes(of: "e\u{301}"))
    #expect("é".hasBytes(of: "é"))
  }

  @Test func idsKeepTheirSpaces() {
    let ids: JSON = ["chargebee": "acme ", "togai": " "]
    #expect(ids.textMembers == ["chargebee": "acme "])
    #expect(ids["chargebee"].verbatim == "acme ")
  }

  @Test func slashesStayInPaths() {
    #expect("ACME/EU".percentEncodedPath == "ACME/EU")
    #expect("a b/../é".percentEncodedPath == "a%20b/%2E%2E/%C3%A9")
    #expect("ACME/EU".percentEncoded == "ACME%2FEU")
  }
}
