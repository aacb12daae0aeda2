import FoundationEssentials
import Testing
import Values

struct JSONTests {
  @Test(arguments: [
    #"{"a":1,"b":[true,false,null],"c":"x"}"#, #""é\n\"\\""#, "1.0", "-0", "1E+2", "[]", "{}",
    "12345678901234567890.123456789", "\"\u{1F600}\"",
  ])
  func documentRoundTrips(text: String) throws {
    #expect(try JSON(parsing: text).text == text)
  }

  @Test(arguments: [
    (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#), (#" [ 1 , 2 ] "#, "[1,2]"),
    (#""\u00e9\ud83d\ude00\u0000\/""#, "\"é\u{1F600}\\u0000/\""), (#""\u007f""#, #""\u007f""#),
    (
      #"{"é":1,"z":2,"a":{"b":{},"aa":[{"y":1,"x":2}]}}"#,
      #"{"a":{"aa":[{"x":2,"y":1}],"b":{}},"z":2,"é":1}"#
    ),
    (#""é\n\t\u0001é""#, #""é\n\t\u0001é""#),
  ])
  func textIsOneLineWithSortedKeys(text: String, line: String) throws {
    #expect(try JSON(parsing: text).text == line)
  }

  @Test(arguments: [
    ("", "there is no document at byte 0"), (#"{"a":1,"a":2}"#, #"duplicate key "a" at byte 7"#),
    (#"{"a":1,"\u0061":2}"#, #"duplicate key "a" at byte 7"#),
    ("[1,]", "trailing comma at byte 3"), (#"{"a":1,}"#, "trailing comma at byte 7"),
    ("[1 2]", "a comma or a closing bracket is missing at byte 3"),
    (#""\ud800""#, "a lone surrogate in the string at byte 7"),
    (#""\udc00\ud800""#, "a lone surrogate in the string at byte 7"),
    (#""\ud800\u0041""#, "a lone surrogate in the string at byte 13"),
    ("1e999", "the number is not finite at byte 0"),
    ("-1e400", "the number is not finite at byte 0"),
    ("NaN", "a value is missing or is not JSON at byte 0"),
    ("Infinity", "a value is missing or is not JSON at byte 0"),
    ("01", "there is more after the document at byte 1"),
    ("1.", "a digit is missing in the number at byte 2"),
    (".5", "a value is missing or is not JSON at byte 0"),
    ("+1", "a value is missing or is not JSON at byte 0"),
    ("{a:1}", "a key must be a string at byte 1"),
    ("[1]//", "there is more after the document at byte 3"),
    ("\"a\u{1}\"", "a control character in the string at byte 2"),
    (#""\x""#, "an unknown escape in the string at byte 2"),
    (#""\u12g4""#, #"four hexadecimal digits are missing after \u at byte 3"#),
    (#""abc"#, "the string does not end at byte 0"),
    ("tru", "a value is missing or is not JSON at byte 0"),
    ("[", "the document does not end at byte 1"),
    (#"{"a""#, "a colon is missing after the key at byte 4"),
    ("\u{FEFF}1", "a value is missing or is not JSON at byte 0"),
    ("1 1", "there is more after the document at byte 2"),
  ])
  func ambiguousDocumentIsRefused(text: String, reason: String) {
    #expect(refusal(of: Array(text.utf8)) == reason)
  }

  @Test(arguments: [
    [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
    [0x22, 0x5C, 0x6E, 0xFF, 0x22],
  ])
  func invalidUTF8IsRefused(bytes: [UInt8]) {
    #expect(refusal(of: bytes) == "invalid UTF-8 in the string at byte 0")
  }

  @Test func nestingIsLimitedToSixtyFourLevels() throws {
    let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(try JSON(parsing: deepest).text == deepest)
    #expect(refusal(of: Array("[\(deepest)]".utf8)) == "nested deeper than 64 at byte 64")
  }

  @Test func truncatedDocumentIsRefused() throws {
    let text = Array(#"{"a":[1.5e3,"é\u00e9",null],"b":{"c":true}}"#.utf8)
    for length in text.indices { #expect(refusal(of: Array(text[..<length])) != nil) }
  }

  @Test func pathFindsMember() throws {
    let json = try JSON(parsing: #"{"a":{"b":{"c":" x "}},"n":12.50,"whole":1e3}"#)
    #expect(json[path: "a.b.c"].nonBlank == "x")
    #expect(json[path: "a.x.c"].isNull)
    #expect(json["n"].decimal == Decimal(string: "12.5"))
    #expect(json["n"].int == nil)
    #expect(json["whole"].int == 1000)
  }

  private func refusal(of bytes: [UInt8]) -> String? {
    do throws(JSONError) {
      _ = try JSON(parsing: bytes)
      return nil
    } catch {
      return error.description
    }
  }
}
