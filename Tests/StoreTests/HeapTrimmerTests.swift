import Testing

struct HeapTrimmerTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  /// A background compaction returns the free memory of the process to the system.
  @Test func compactionReturnsFreeMemory() throws {
    let process = try StoreProcess(scratch, "allocate")
    try process.go()
    let kilobytes = process.lines().compactMap { Int($0) }
    try #require(kilobytes.count == 2)
    #expect(kilobytes[0] > 64 << 10)
    #expect(kilobytes[1] < 32 << 10)
  }
}
