import Setup
import Testing
import Values

/// Secrets are found in every form in which an API might quote them, and nothing else is changed.
struct SecretMaskTests {
  static let secret = #"tok Bearer/42+x"&é\z"#

  @Test(arguments: [
    #""tok \u0042earer\/42\u002Bx\"&\u00e9\\z""#,
    #""tok%20Bearer%2F42%2bx%22%26%C3%A9%5cz""#,
    #""tok+Bearer%2F42%2Bx%22%26%C3%A9%5Cz""#,
    #""tok%2520Bearer%252F42%252Bx%2522%2526%25C3%25A9%255Cz""#,
    #""tok Bearer&#47;42&plus;x&quot;&amp;&#xE9;\\z""#,
    #""&#116;ok Bearer/42+x&#34;&#38;&#233;&bsol;z""#,
    #""tok \\u0042earer/42+x\\\"&\\u00E9\\\\z""#,
    #""\\x74ok \\u{42}earer/42+x\\\"&é\\\\z""#,
    #""dG9rIEJlYXJlci80Mit4IibDqVx6""#,
    #""eHRvayBCZWFyZXIvNDIreCImw6lcenk=""#,
    #""a/eHh0b2sgQmVhcmVyLzQyK3giJsOpXHp5eQ==""#,
    #""746f6b204265617265722f34322b782226c3a95c7a""#,
    #""dG9rJTIwQmVhcmVyJTJGNDIlMkJ4JTIyJTI2JUMzJUE5JTVDeg==""#,
  ])
  func encodedSecretIsReplaced(document: String) throws {
    let json = try JSON(parsing: document)
    let masked = SecretMask([Self.secret]).masked(["a": [json], "b": ["c": json]])
    #expect(masked["a"].items[0].string?.contains("…") == true)
    #expect(!masked.text.contains("Bearer"))
    #expect(masked["a"].items[0] == masked["b"]["c"])
    #expect(masked["a"].items[0].string.map { $0.utf8.count < 60 } == true)
    let named = SecretMask([Self.secret]).masked(JSON.object([json.string ?? "": 1]))
    #expect(named.object?.keys.first?.contains("…") == true)
  }

  @Test func textAroundASecretStays() {
    let mask = SecretMask(["s3cr3t-k3y"])
    #expect(mask.masked("key s3cr3t-k3y, again %733cr3t-k3y.") == "key …, again ….")
    #expect(mask.masked("a%20b s3cr3t-k3 &amp; c") == "a%20b s3cr3t-k3 &amp; c")
  }

  @Test(arguments: ["42", "a", "Z9~k", "secret1", "ü"])
  func shortSecretIsReplacedAsAWord(secret: String) {
    let mask = SecretMask([secret])
    #expect(mask.masked("is \"\(secret)\", wrong") == "is \"…\", wrong")
    #expect(mask.masked("key=\(secret)") == "key=…")
    #expect(mask.masked("cus_\(secret)x\(secret)") == "cus_\(secret)x\(secret)")
    #expect(mask.masked(["amount": 42]) == ["amount": 42])
  }

  @Test func numberIsReplaced() {
    #expect(SecretMask(["1234567890"]).masked(["n": 1_234_567_890]) == ["n": "…"])
  }

  @Test func keyOfAWebhookSecretIsReplaced() {
    #expect(SecretMask(["whsec_bWV0ZXJicmlkZ2U="]).masked("bWV0ZXJicmlkZ2U=") == "…")
  }

  @Test func emptySecretsReplaceNothing() {
    #expect(SecretMask([]).masked("text") == "text")
    #expect(SecretMask([""]).masked(["a": "text"]) == ["a": "text"])
  }

  @Test func textThatTakesTooLongIsReplacedAsAWhole() {
    let mask = SecretMask(["s3cr3t-k3y", "~k"])
    let hostile = String(repeating: "%25&#37;\\u0025+JTI1", count: 20_000)
    let start = ContinuousClock.now
    let masked = mask.masked(hostile)
    #expect(masked == hostile || masked == "…")
    #expect(ContinuousClock.now - start < .seconds(60))
  }
}
