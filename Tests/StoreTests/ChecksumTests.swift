import Testing

@testable import Store

@Suite struct ChecksumTests {
  @Test func checksumMatchesStandardVectors() {
    #expect(checksum(Array("123456789".utf8)) == 0xe306_9283)
    #expect(checksum([]) == 0)
    #expect(checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
  }

  @Test func checksumOfPiecesMatchesWhole() {
    let bytes = (0..<100).map { UInt8($0) }
    for cut in 0...100 {
      var pieces = Checksum()
      bytes[..<cut].withUnsafeBytes { pieces.add($0) }
      bytes[cut...].withUnsafeBytes { pieces.add($0) }
      #expect(pieces.value == checksum(bytes))
    }
  }

  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { Checksum.of($0) }
  }
}
