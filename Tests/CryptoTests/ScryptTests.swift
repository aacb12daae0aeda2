import Crypto
import Testing

struct ScryptTests {
  /// The second test vector of RFC 7914, section 12.
  @Test func keyIsThatOfTheRFC() throws {
    let cost = try #require(Scrypt.Cost(logN: 10, r: 8, p: 16))
    let key = try #require(
      Scrypt.key(of: Array("password".utf8), salt: Array("NaCl".utf8), cost: cost, count: 64))
    let text = key.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    #expect(
      text
        == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
    )
  }

  @Test func costHasLimits() {
    #expect(Scrypt.Cost(logN: 0, r: 8, p: 1) == nil)
    #expect(Scrypt.Cost(logN: 21, r: 8, p: 1) == nil)
    #expect(Scrypt.Cost(logN: 15, r: 8, p: 0) == nil)
  }

  @Test func comparisonIsByBytes() {
    #expect(ConstantTime.areEqual([1, 2, 3], [1, 2, 3]))
    #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2, 4]))
    #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2]))
    #expect(ConstantTime.areEqual([], []))
  }
}
