import Archive
import Catalog
import Values

/// The steps of a package.
struct StepPackage {
  /// A step and its program.
  struct Member {
    let step: StepID
    let label: String
    let program: Executable

    /// The name of the program and of the function.
    var name: String { step.executable }
    /// A one-line description.
    var title: String { "Meterbridge step \(step): \(label)" }
  }

  let members: [Member]
  /// The program that runs a step in the target, if the target needs one.
  let bootstrap: Executable?
  /// The registry of the container images.
  let registry: String

  /// A zip archive of a member and the bootstrap.
  ///
  /// - Throws: `cannotCreate` if the archive would be too large.
  func archive(
    _ member: Member, as name: String, bootstrapName: String,
    with texts: KeyValuePairs<String, String> = [:]
  ) throws(Problem) -> PackagedFile {
    var archive = ZipArchive()
    do throws(ArchiveError) {
      if let bootstrap { try archive.add(bootstrapName, mode: 0o755, bootstrap.bytes) }
      try archive.add(name, mode: 0o755, member.program.bytes)
      for (name, text) in texts { try archive.add(name, mode: 0o644, Array(text.utf8)) }
    } catch {
      throw Problem(.cannotCreate, "cannot archive \(member.name): \(error)")
    }
    return PackagedFile("\(member.name).zip", mode: 0o644, bytes: archive.bytes)
  }
}
