import Values

/// The path of a request, as servers may read it.
///
/// Servers and their proxies decode percent-encoded letters, dots and hyphens, resolve dot segments, some
/// take a backslash or an encoded slash as a slash, and merge slashes that follow each other.
struct EffectPath {
  private let segments: [Substring]
  private let isPlain: Bool

  init(_ path: String) {
    isPlain =
      path.hasPrefix("/")
      && path.utf8.allSatisfy { byte in
        byte > 0x20 && byte < 0x7F && !"?#\\@:".utf8.contains(byte)
      }
    segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
  }

  /// Whether a server that takes encoded characters as parts of ids reads it below the app's base URL.
  var isBelowBase: Bool {
    guard isPlain, segments.dropLast().allSatisfy({ !$0.isEmpty }) else { return false }
    return segments.allSatisfy { segment in
      guard segment != ".", segment != "..", let text = String(segment).percentDecoded else {
        return false
      }
      return !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    }
  }

  /// Whether a server that normalises it would read another path: an id in it has a slash, a backslash or
  /// is a dot segment, which are encoded once or twice.
  var isNormalised: Bool {
    segments.contains { segment in
      guard let text = String(segment).percentDecoded else { return true }
      return [text, text.percentDecoded ?? text].contains { text in
        text == "." || text == ".." || text.contains { "/\\".contains($0) }
      }
    }
  }
}
