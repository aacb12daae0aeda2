import Crypto
import Testing

struct AES256GCMTests {
  private let key = [UInt8](0..<32)
  private let nonce = [UInt8](repeating: 7, count: 12)

  /// Test case 14 of the specification of GCM.
  @Test func sealedTextMatchesTheSpecification() throws {
    let zeros = [UInt8](repeating: 0, count: 32)
    let cipher = try #require(AES256GCM(key: zeros))
    let sealed = cipher.seal(Array(zeros.prefix(16)), nonce: Array(zeros.prefix(12)), bound: [])
    let hex = "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    #expect(sealed?.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined() == hex)
  }

  @Test(arguments: [0, 1, 16, 5000])
  func sealedTextOpens(count: Int) throws {
    let cipher = try #require(AES256GCM(key: key))
    let text = [UInt8](repeating: 42, count: count)
    let sealed = try #require(cipher.seal(text, nonce: nonce, bound: [1, 2]))
    #expect(sealed.count == count + 16)
    #expect(cipher.open(sealed, nonce: nonce, bound: [1, 2]) == text)
  }

  @Test func changedTextDoesNotOpen() throws {
    let cipher = try #require(AES256GCM(key: key))
    let sealed = try #require(cipher.seal([1, 2, 3], nonce: nonce, bound: [9]))
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(cipher.open(changed, nonce: nonce, bound: [9]) == nil)
    }
    #expect(cipher.open(sealed, nonce: nonce, bound: [8]) == nil)
    #expect(cipher.open(sealed, nonce: [UInt8](repeating: 8, count: 12), bound: [9]) == nil)
    #expect(cipher.open([], nonce: nonce, bound: [9]) == nil)
    let other = try #require(AES256GCM(key: [UInt8](1..<33)))
    #expect(other.open(sealed, nonce: nonce, bound: [9]) == nil)
    #expect(AES256GCM(key: [1]) == nil)
    #expect(cipher.seal([1], nonce: [1], bound: []) == nil)
  }
}

struct HMACSHA256Tests {
  /// Test case 2 of RFC 4231.
  @Test func codeMatchesTheStandard() {
    let code = HMACSHA256.code(
      of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
    let hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    #expect(code?.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined() == hex)
  }
}
