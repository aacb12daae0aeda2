import FoundationEssentials
import HTTPServer
import HTTPTypes
import StepKit
import Values

/// The credentials of a request in every form in which an API might quote them.
package struct Echo {
  /// The forms as they stand between the quotes of a JSON string.
  let forms: [String]

  /// The forms of the credentials in the header `Authorization` and in a form that asks for a token.
  init(of request: Request) {
    forms = Self.credentials(of: request).flatMap(Self.forms)
  }

  /// A JSON document with the forms: as further members and names of an object, in the message of an
  /// error, or as an array.
  func added(to body: [UInt8]) -> [UInt8] {
    var text = String(decoding: body, as: UTF8.self)
    let message = #""message":""#
    text.replace(message, with: message + forms.joined(separator: " ") + " ")
    let values = forms.map { "\"\($0)\"" }.joined(separator: ",")
    let names = Set(forms).sorted().filter { !$0.contains("\\") }.map { "\"x \($0)\":1" }
    guard text.hasPrefix("{") else { return Array("[\(values)]".utf8) }
    let rest = text.dropFirst()
    let others = #""echo":[\#(values)],"echoes":{\#(names.joined(separator: ","))}"#
    return Array(("{" + others + (rest.hasPrefix("}") ? "" : ",") + rest).utf8)
  }

  private static func credentials(of request: Request) -> [String] {
    var found: [String] = []
    if let header = request.headers["Authorization"] {
      let token = String(header.drop { $0 != " " }.dropFirst())
      found += [header, token]
      if let pair = Data(base64Encoded: token).flatMap({ String(validating: $0, as: UTF8.self) }) {
        found += [pair] + pair.split(separator: ":").map(String.init)
      }
    }
    let names = ["client_secret", "refresh_token", "code"]
    for field in Form.decode(request.body) ?? [] where names.contains(field.name) {
      found.append(field.value)
    }
    return found.filter { !$0.isEmpty }
  }

  /// The forms of a secret.
  package static func forms(of secret: String) -> [String] {
    let bytes = Array(secret.utf8)
    let escaped = secret.utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    let mixed = zip(secret.utf16, escaped).enumerated().map { index, unit in
      let isPlain = (0x30...0x7A).contains(unit.0) && unit.0 != 0x5C && index % 3 != 1
      return isPlain ? String(UnicodeScalar(UInt8(unit.0))) : unit.1
    }
    let percent = bytes.map { "%" + hex($0).uppercased() }.joined()
    let json = quoted(secret)
    let html = secret.unicodeScalars.map { "&#\($0.value);" }.joined()
    let htmlHex = secret.unicodeScalars.map { "&#x\(String($0.value, radix: 16));" }.joined()
    let named = secret.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing("\"", with: "&quot;").replacing("/", with: "&sol;").replacing("+", with: "&plus;")
    let base64 = ["", "x", "xy"].map {
      Data(($0 + " " + secret + ": y").utf8).base64EncodedString()
    }
    let url = base64.map { $0.replacing("+", with: "-").replacing("/", with: "_") }
    let plain = [
      json, json.replacing("/", with: "\\/"), quoted(json), quoted(quoted(json)),
      escaped.joined(), mixed.joined(), quoted(escaped.joined()), percent, percent.lowercased(),
      secret.percentEncoded, percent.percentEncoded, Form.encode([Field("key", secret)]), html,
      htmlHex, quoted(named), bytes.map(hex).joined(),
    ]
    let wrapped = Data(quoted(secret).utf8).base64EncodedString()
    return plain + base64 + url + base64.map { $0.percentEncoded } + [wrapped]
  }

  private static func quoted(_ text: String) -> String {
    String(JSON.string(text).text.dropFirst().dropLast())
  }

  private static func hex(_ byte: UInt8) -> String {
    String(String(UInt16(byte) + 0x100, radix: 16).dropFirst())
  }
}
