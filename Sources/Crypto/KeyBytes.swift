import CCrypto

/// Bytes of a key, which are overwritten when nobody refers to them any more.
///
/// An array cannot promise that: it is copied where it grows or is changed, and freed as it is.
public final class KeyBytes: @unchecked Sendable {
  // Never changed after the initialization, so that threads may share it.
  private let bytes: UnsafeMutableRawBufferPointer

  /// Bytes that a closure fills in, all of them zero before.
  public init<Failure: Error>(
    count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    bytes = .allocate(byteCount: count, alignment: 16)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    try fill(bytes)
  }

  /// A copy of bytes.
  public convenience init(copying other: some Collection<UInt8>) {
    self.init(count: other.count) { $0.copyBytes(from: other) }
  }

  deinit {
    OPENSSL_cleanse(bytes.baseAddress, bytes.count)
    bytes.deallocate()
  }

  /// The number of bytes.
  public var count: Int { bytes.count }

  /// Uses the bytes; the pointer is valid during the call.
  public func withBytes<Value, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try body(UnsafeRawBufferPointer(bytes))
  }
}

extension [UInt8] {
  /// Overwrites bytes that were secret, in the memory of this array if no other refers to it.
  public mutating func wipe() {
    withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
  }
}
