extension UInt8 {
  /// The value of a hexadecimal digit; nil for another character.
  public var hexValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x41 + 10
    case 0x61...0x66: self - 0x61 + 10
    default: nil
    }
  }

  /// The hexadecimal digit of a value from 0 to 15.
  static func hexDigit(_ value: UInt8, isUppercase: Bool = false) -> UInt8 {
    value < 10 ? 0x30 + value : (isUppercase ? 0x41 : 0x61) + value - 10
  }
}
