import Archive
import Dispatcher
import Values

/// Archives of a step and what holds it.
enum Archives {
  static func archive(
    _ parts: Parts, holding holder: String, before piece: Parts.Piece, as name: String,
    with texts: KeyValuePairs<String, String> = [:]
  ) throws(Problem) -> [UInt8] {
    var archive = ZipArchive()
    do throws(ArchiveError) {
      if let bootstrap = parts.bootstrap { try archive.add(holder, mode: 0o755, bootstrap.bytes) }
      try archive.add(name, mode: 0o755, piece.program.bytes)
      for (name, text) in texts { try archive.add(name, mode: 0o644, Array(text.utf8)) }
    } catch {
      throw Problem(.cannotCreate, "cannot pack \(piece.name): \(error)")
    }
    return archive.bytes
  }
}
