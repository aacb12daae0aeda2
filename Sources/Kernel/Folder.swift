import Glibc

/// The folders of the file system.
public enum Folder {
  /// The names in a folder; none if it cannot be read.
  public static func names(in path: String) -> [String] {
    guard let open = opendir(path) else { return [] }
    defer { closedir(open) }
    var found: [String] = []
    while let entry = readdir(open) {
      found.append(
        withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return found
  }
}
