import Dispatcher
import Setup
import Values

/// OpenWhisk: an archive a step, whose `exec` speaks with either of its proxies.
enum OpenWhisk {
  static func files(of parts: Parts) throws(Problem) -> [PackagedFile] {
    var files: [PackagedFile] = []
    for piece in parts.pieces {
      let archive = try Archives.archive(
        parts, holding: "exec", before: piece, as: "step", with: ["exec.env": environment])
      files.append(PackagedFile("\(piece.name).zip", mode: 0o644, bytes: archive))
    }
    return files + [PackagedFile("manifest.yaml", text: manifest(parts))]
  }

  // MARK: Private

  /// The kind of the proxy that keeps a process; it takes an archive with a program only if that says
  /// to be made for its image.
  private static let kind = "go:1.22"
  private static let environment = "openwhisk/action-golang-v1.22"

  private static func manifest(_ parts: Parts) -> String {
    """
    # Each archive runs in both of OpenWhisk's proxies, since its exec sees which one it has:
    #   a process for each call:  wsk action create NAME NAME.zip --native
    #   a process that stays:     wsk action create NAME NAME.zip --kind \(kind)
    # The second looks into exec.env for the name of its image, \(environment).
    # The step is given what the action is called with, and an empty environment: neither the
    # activation's API key nor anything else of the engine reaches it. A web action takes the event
    # with --web true, in the second proxy with --web raw, too. What a step refuses is {"error": …} there,
    # and in the first status 502 and a line in the activation's log.
    packages:
      meterbridge:
        version: \(Version.text)
        actions:
    \(parts.pieces.map(action).joined(separator: "\n"))
    """
  }

  private static func action(_ piece: Parts.Piece) -> String {
    """
          # \(piece.title)
          \(piece.name):
            function: \(piece.name).zip
            native: true
            limits:
              timeout: 15000
              memorySize: 128
    """
  }
}
