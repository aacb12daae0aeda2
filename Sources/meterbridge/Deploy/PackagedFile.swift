/// A file of a package, by its path in the package.
struct PackagedFile {
  let path: String
  let mode: UInt16
  let bytes: [UInt8]

  /// A text for people and tools.
  init(_ path: String, mode: UInt16 = 0o644, text: String) {
    (self.path, self.mode, bytes) = (path, mode, Array("\(text)\n".utf8))
  }

  /// A program or an archive.
  init(_ path: String, mode: UInt16, bytes: [UInt8]) {
    (self.path, self.mode, self.bytes) = (path, mode, bytes)
  }
}
