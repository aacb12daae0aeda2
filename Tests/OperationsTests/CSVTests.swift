import StepKit
import Testing
import Values

@testable import Operations

struct CSVTests {
  @Test func tableIsRead() throws {
    let text =
      "\u{FEFF}kind,chargebee:acme,\"togai:production\"\r\n"
      + "customer,cus_1,\"a,b \"\"c\"\"\"\r\n\r\ncustomer,\"two\nlines\",C2\nlast,,"
    let records = try CSV(text).records
    #expect(records.map(\.line) == [1, 2, 4, 6])
    #expect(records[0].fields == ["kind", "chargebee:acme", "togai:production"])
    #expect(records[1].fields == ["customer", "cus_1", #"a,b "c""#])
    #expect(records[2].fields == ["customer", "two\nlines", "C2"])
    #expect(records[3].fields == ["last", "", ""])
    #expect(try CSV("").records.isEmpty)
    #expect(try CSV("a\r\n").records.map(\.fields) == [["a"]])
  }

  @Test(arguments: [("a,\"b", "line 1"), ("a\nb\"c", "line 2"), ("\"a\"b", "line 1")])
  func malformedTableIsRefusedWithItsLine(text: String, place: String) {
    let problem = #expect(throws: Problem.self) { try CSV(text) }
    #expect(problem?.description.hasPrefix(place) == true)
  }
}
