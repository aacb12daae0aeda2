import Store
import Testing

@Suite struct SecretsTests {
  let scratch: ScratchDirectory
  let secrets: Secrets

  init() throws {
    scratch = try ScratchDirectory()
    secrets = try Secrets(at: scratch.path)
  }

  @Test func getReturnsAnyStoredText() throws {
    for text in ["", "live_key", "two\nlines", "\\n", "\\", "a\\\n\0\r\t\u{e9}\u{1f600}"] {
      try secrets.put(Secret(text), "apiKey", of: "acme")
      let reopened = try Secrets(at: scratch.path)
      #expect(try secrets.get("apiKey", of: "acme")?.reveal().utf8.elementsEqual(text.utf8) == true)
      #expect(
        try reopened.get("apiKey", of: "acme")?.reveal().utf8.elementsEqual(text.utf8) == true)
    }
    #expect(try secrets.get("apiKey", of: "other") == nil)
  }

  @Test func namesListSecretsOfOneConnection() throws {
    for name in ["user", "password"] { try secrets.put(Secret("x"), name, of: "acme") }
    try secrets.put(Secret("x"), "apiKey", of: "acme 2")
    #expect(try secrets.names(of: "acme") == ["password", "user"])
    try secrets.removeAll(of: "acme")
    #expect(try secrets.names(of: "acme") == [])
    #expect(try secrets.names(of: "acme 2") == ["apiKey"])
  }

  @Test(arguments: [("", "key"), ("a/b", "key"), ("acme", "a\nb")])
  func putRefusesInvalidName(connection: String, name: String) {
    #expect(throws: StoreError.self) { try secrets.put(Secret("x"), name, of: connection) }
  }

  @Test func replacedSecretIsInNoFile() throws {
    try secrets.put(Secret("sesame-1"), "apiKey", of: "acme")
    try secrets.put(Secret("sesame-2"), "apiKey", of: "acme")
    #expect(try !files(scratch).contains("sesame-1"))
    try secrets.remove("apiKey", of: "acme")
    #expect(try !files(scratch).contains("sesame"))
    #expect(try secrets.get("apiKey", of: "acme") == nil)
  }

  @Test func printedSecretIsRedacted() {
    let secret = Secret("sesame")
    var dumped = ""
    dump(["nested": [secret]], to: &dumped)
    var printed = ""
    print(secret, Optional(secret) as Any, [secret], to: &printed)
    let texts = [
      "\(secret)", secret.description, secret.debugDescription, String(reflecting: secret),
      String(describing: Optional(secret)), dumped, printed,
      "\(Mirror(reflecting: secret).children)",
    ]
    for text in texts { #expect(!text.contains("sesame")) }
    #expect("\(secret)" == "(secret)")
  }

  @Test func filesContainSealedTextOnly() throws {
    let scratch = try ScratchDirectory()
    let seal = SecretCipher(
      seal: { text, name throws(StoreError) in "\(name):\(String(text.reversed()))\n" },
      open: { text, name throws(StoreError) in
        guard text.hasPrefix("\(name):") else { throw .sealed("another key") }
        return String(text.dropFirst(name.count + 1).dropLast().reversed())
      })
    let secrets = try Secrets(at: scratch.path, cipher: seal)
    try secrets.put(Secret("sesame"), "apiKey", of: "acme")
    #expect(try secrets.get("apiKey", of: "acme")?.reveal() == "sesame")
    #expect(try files(scratch).contains("acme/apiKey:emases\\n"))
    let strange = SecretCipher(
      seal: seal.seal, open: { _, _ throws(StoreError) in throw .sealed("another key") })
    #expect(throws: StoreError.sealed("another key")) {
      try Secrets(at: scratch.path, cipher: strange).get("apiKey", of: "acme")
    }
  }

  private func files(_ scratch: ScratchDirectory) throws -> String {
    try scratch.names().map { try scratch.text($0) }.joined()
  }
}
