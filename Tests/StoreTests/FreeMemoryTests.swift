import Testing

struct FreeMemoryTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// What a process took for a while, it has no longer once its store was compacted by the way.
  @Test func isGivenBackAfterACompaction() throws {
    let probe = try Probe(scratch, "swell")
    try probe.go()
    let kilobytes = probe.lines().compactMap { Int($0) }
    try #require(kilobytes.count == 2)
    #expect(kilobytes[0] > 64 << 10)
    #expect(kilobytes[1] < 32 << 10)
  }
}
