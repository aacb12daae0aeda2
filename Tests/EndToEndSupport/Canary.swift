import Foundation

/// The secrets of the connections: each contains a word that no output or file may contain, since
/// secrets are encrypted.
///
/// `.ci/canary` searches everything that tests print and leave behind for it.
public enum Canary {
  /// The word.
  public static let word = "canary-7f3a9c52"

  /// Chargebee's API key.
  public static let chargebeeKey = word + "-chargebee"
  /// Togai's API token.
  public static let togaiToken = word + "-togai"
  static let zohoSecret = word + "-zoho"
  /// The secret of Togai's webhooks.
  public static let webhookSecret = word + "-hook"
  /// The password of Chargebee's webhooks.
  public static let webhookPassword = word + "-password"

  /// How Chargebee's webhooks are authorized.
  public static let authorization =
    "Basic " + Data("meterbridge:\(webhookPassword)".utf8).base64EncodedString()

  /// The files below a folder that contain the word, plain or in Base64.
  public static func files(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      let content = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
      return forms.contains { content.range(of: $0) != nil }
    }
  }

  /// The first of some texts that each file below a folder contains.
  public static func files(in folder: String, with texts: Set<String>) -> [String: String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.reduce(into: [:]) { files, name in
      let content = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
      files[name] = texts.first { content.range(of: Data($0.utf8)) != nil }
    }
  }

  /// The word, and its Base64 forms at each offset.
  private static let forms: [Data] =
    [Data(word.utf8)]
    + (0..<3).map { offset in
      let text = Data((String(repeating: " ", count: offset) + word).utf8).base64EncodedString()
      // The first and the last digits depend on the neighbours of the word.
      return Data(text.dropFirst(offset == 0 ? 0 : 4).dropLast(4).utf8)
    }
}
