import Testing
import Values

/// Ids and keys are compared by their bytes, and not by what Unicode considers equal.
struct BytesTests {
  @Test func keysThatDifferInBytesAreNoDuplicates() throws {
    let json = try JSON(parsing: #"{"é":1,"e\#u{301}":2,"id":"a"}"#)
    #expect(json["id"] == "a")
    #expect(json["é"] == 1)
    #expect(json["e\u{301}"] == 2)
    #expect(json.text == #"{"e\#u{301}":2,"id":"a","é":1}"#)
    #expect(json.allMembers.count == 3)
    let changed = json.mapMembers { name, value in name == "id" ? "b" : value }
    #expect(changed.text == #"{"e\#u{301}":2,"id":"b","é":1}"#)
  }

  @Test func rewrittenObjectKeepsItsNamesakes() throws {
    let json = try JSON(parsing: #"{"é":1,"e\#u{301}":2,"id":"a"}"#)
    #expect(json.with("id", "b").text == #"{"e\#u{301}":2,"id":"b","é":1}"#)
    #expect(json.with("é", nil).text == #"{"e\#u{301}":2,"id":"a"}"#)
    #expect(json.with("é", nil).object?.count == 2)
    let object: JSON = ["é": 1]
    #expect(object.with("e\u{301}", 2).text == #"{"e\#u{301}":2,"é":1}"#)
    #expect(object.with("é", 2) == ["é": 2])
    let members = [JSONMember("é", 1), JSONMember("e\u{301}", 2), JSONMember("é", 3)]
    #expect(JSON.object(of: members).text == #"{"e\#u{301}":2,"é":3}"#)
  }

  @Test func textsAreSortedAndToldApartByBytes() {
    #expect(
      ["é", "e\u{301}", "é"].distinctByBytes.map(\.byteKey) == [
        "e\u{301}".byteKey, "é".byteKey,
      ])
    #expect(!["é"].containsBytes(of: "e\u{301}"))
    #expect(!"e\u{301}#1".beginsWithBytes(of: "é#"))
    #expect("é#1".beginsWithBytes(of: "é#"))
  }

  @Test func membersAreFoundByTheirBytes() throws {
    let json: JSON = ["é": 1]
    #expect(json["é"] == 1)
    #expect(json["e\u{301}"].isNull)
    // The Kelvin sign is a K to Unicode
    #expect(try JSON(parsing: #"{"\u212A":1}"#)["K"].isNull)
  }

  @Test func valuesAreComparedByBytes() throws {
    #expect(JSON.string("é") != JSON.string("e\u{301}"))
    #expect(JSON.object(["é": 1]) != JSON.object(["e\u{301}": 1]))
    #expect(["é"] as JSON != ["e\u{301}"])
    #expect(
      try JSON(parsing: "{\"é\":1,\"e\u{301}\":2}") == JSON(parsing: "{\"e\u{301}\":2,\"é\":1}"))
    #expect(!Optional("é").hasBytes(of: "e\u{301}"))
    #expect(Set(["é", "e\u{301}"].map(\.byteKey)).count == 2)
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
