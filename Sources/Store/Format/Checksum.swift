import CChecksum

/// CRC-32C, computed by an instruction of the processor where it has one: about 8 GB/s.
struct Checksum: Sendable {
  private var state = ~UInt32(0)

  var value: UInt32 { ~state }

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var checksum = Checksum()
    checksum.add(bytes)
    return checksum.value
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    state = meterbridge_crc32c(state, bytes.baseAddress, bytes.count)
  }
}
