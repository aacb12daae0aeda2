/// A character reference of HTML: `&#66;`, `&#x42;` or the name of a character of ASCII.
enum HTMLEntity {
  private static let names: [String: UInt8] = [
    "Tab": 0x09, "NewLine": 0x0A, "nbsp": 0x20, "excl": 0x21, "quot": 0x22, "QUOT": 0x22,
    "num": 0x23, "dollar": 0x24, "percnt": 0x25, "amp": 0x26, "AMP": 0x26, "apos": 0x27,
    "lpar": 0x28, "rpar": 0x29, "ast": 0x2A, "midast": 0x2A, "plus": 0x2B, "comma": 0x2C,
    "hyphen": 0x2D, "dash": 0x2D, "period": 0x2E, "sol": 0x2F, "colon": 0x3A, "semi": 0x3B,
    "lt": 0x3C, "LT": 0x3C, "equals": 0x3D, "gt": 0x3E, "GT": 0x3E, "quest": 0x3F, "commat": 0x40,
    "lsqb": 0x5B, "lbrack": 0x5B, "bsol": 0x5C, "rsqb": 0x5D, "rbrack": 0x5D, "Hat": 0x5E,
    "lowbar": 0x5F, "UnderBar": 0x5F, "grave": 0x60, "lcub": 0x7B, "lbrace": 0x7B, "verbar": 0x7C,
    "vert": 0x7C, "rcub": 0x7D, "rbrace": 0x7D,
  ]

  /// The reference that bytes begin with; browsers need no semicolon after a number.
  static func read(_ bytes: ArraySlice<UInt8>) -> Decoding.Escape? {
    let rest = bytes.dropFirst()
    guard rest.first == UInt8(ascii: "#") else {
      let name = rest.prefix(9).prefix { (0x41...0x7A).contains($0) }
      guard rest.dropFirst(name.count).first == UInt8(ascii: ";"),
        let byte = names[String(decoding: name, as: UTF8.self)]
      else { return nil }
      return ([byte], name.count + 2)
    }
    let isHexadecimal = rest.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
    let number = rest.dropFirst(isHexadecimal ? 2 : 1)
    let digits = number.prefix(8).prefix { byte in
      (0x30...0x39).contains(byte) || isHexadecimal && (0x61...0x66).contains(byte | 0x20)
    }
    guard
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10)
    else { return nil }
    let end = number.dropFirst(digits.count).first == UInt8(ascii: ";") ? 1 : 0
    return (Decoding.utf8(value), (isHexadecimal ? 3 : 2) + digits.count + end)
  }
}
