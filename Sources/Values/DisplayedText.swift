extension String {
  /// The text as a terminal or a log may show it, whoever wrote it.
  ///
  /// Characters that would move the cursor, start an escape sequence, begin a line, reverse the
  /// direction of writing or show nothing at all are written as `\n`, `\t`, `\u{1b}` and so on. A page that we
  /// laid out keeps its lines and tabs, if `isPage` is set.
  public func displayed(isPage: Bool = false) -> String {
    guard unicodeScalars.contains(where: { $0.isHidden(isPage: isPage) }) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      guard scalar.isHidden(isPage: isPage) else {
        text.unicodeScalars.append(scalar)
        continue
      }
      switch scalar {
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default: text += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return text
  }
}

extension JSON {
  /// The document on one line, as a terminal may show it: what ``Swift/String/displayed(isPage:)``
  /// would change in its strings is written as an escape of JSON.
  public var displayedText: String {
    let text = text
    guard text.unicodeScalars.contains(where: { $0.isHidden(isPage: false) }) else { return text }
    return text.unicodeScalars.reduce(into: "") { shown, scalar in
      guard scalar.isHidden(isPage: false) else { return shown.unicodeScalars.append(scalar) }
      for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
        let digits = String(unit, radix: 16)
        shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether it is a control or format character, a line or paragraph separator, or one for private use.
  ///
  /// The joiner and the selectors of emoji stay, but not the tags.
  fileprivate func isHidden(isPage: Bool) -> Bool {
    switch value {
    case 0x20...0x7E, 0x200D: return false
    case 0x0A, 0x09: return !isPage
    case 0x00..<0xA0: return true
    case ..<0x0300: return value == 0xAD
    default: break
    }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
      return true
    default: return false
    }
  }
}
