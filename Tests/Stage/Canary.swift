import Foundation

/// The keys of the stage's connections: a word that must be found nowhere, since secrets are sealed.
///
/// `.ci/canary` looks for it in all that the tests say and leave behind.
public enum Canary {
  /// The word.
  public static let word = "canary-7f3a9c52"

  /// Chargebee's API key.
  public static let chargebeeKey = word + "-chargebee"
  /// Togai's API token.
  public static let togaiToken = word + "-togai"
  static let zohoSecret = word + "-zoho"
  static let webhookSecret = word + "-hook"
  /// The password of Chargebee's webhooks.
  public static let webhookPassword = word + "-password"

  /// How Chargebee's webhooks are authorized.
  public static let authorization =
    "Basic " + Data("meterbridge:\(webhookPassword)".utf8).base64EncodedString()

  /// The files below a folder in which the word is, as it is or in Base64.
  public static func finds(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      let content = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
      return forms.contains { content.range(of: $0) != nil }
    }
  }

  /// The word, and what Base64 makes of it wherever it begins in a text.
  private static let forms: [Data] =
    [Data(word.utf8)]
    + (0..<3).map { place in
      let text = Data((String(repeating: " ", count: place) + word).utf8).base64EncodedString()
      // The first and the last digits depend on what stands beside the word.
      return Data(text.dropFirst(place == 0 ? 0 : 4).dropLast(4).utf8)
    }
}
