import FoundationEssentials

/// The user name and the password of a header `Authorization: Basic` (RFC 7617).
public struct BasicCredentials: Sendable {
  /// The user name.
  public let name: String
  /// The password.
  public let password: String

  /// Reads the value of the header; nil if it has another form.
  public init?(header: String) {
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "basic",
      let pair = Data(base64Encoded: String(parts[1])).map({ Array($0) })
    else { return nil }
    let colon = pair.firstIndex(of: UInt8(ascii: ":")) ?? pair.endIndex
    name = String(decoding: pair[..<colon], as: UTF8.self)
    password = String(decoding: pair[colon...].dropFirst(), as: UTF8.self)
  }
}
