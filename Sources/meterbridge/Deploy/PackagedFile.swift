import Archive
import Catalog
import Values

/// A file of a package, with its path in the package.
struct PackagedFile {
  let path: String
  let mode: UInt16
  let bytes: [UInt8]

  init(_ path: String, mode: UInt16, bytes: [UInt8]) {
    (self.path, self.mode, self.bytes) = (path, mode, bytes)
  }

  init(_ path: String, mode: UInt16 = 0o644, text: String) {
    self.init(path, mode: mode, bytes: Array("\(text)\n".utf8))
  }
}
