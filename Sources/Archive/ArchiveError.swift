/// Why an archive cannot be made.
public enum ArchiveError: Error, Equatable, CustomStringConvertible {
  /// With this file it would be larger than the format allows.
  case tooLarge(String)
  /// zlib gave up, with its number for the reason.
  case notPacked(Int)

  /// What is wrong.
  public var description: String {
    switch self {
    case .tooLarge(let name): "with \(name) the archive is larger than 4 GiB"
    case .notPacked(let code): "zlib cannot compress, error \(code)"
    }
  }
}
