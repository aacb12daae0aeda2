/// An error of writing an archive.
public enum ArchiveError: Error, Equatable, CustomStringConvertible {
  /// The archive would exceed 4 GiB with this file.
  case tooLarge(String)
  /// zlib failed with this code.
  case notPacked(Int)

  /// A description for people.
  public var description: String {
    switch self {
    case .tooLarge(let name): "with \(name) the archive is larger than 4 GiB"
    case .notPacked(let code): "zlib cannot compress, error \(code)"
    }
  }
}
