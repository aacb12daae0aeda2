import Setup
import Values

/// OpenWhisk: an archive for each step, whose `exec` works with both of its proxies.
enum OpenWhisk {
  static func files(of package: StepPackage) throws(Problem) -> [PackagedFile] {
    try package.members.map { (step) throws(Problem) in
      try package.archive(
        step, as: "step", bootstrapName: "exec", with: ["exec.env": environment])
    } + [PackagedFile("manifest.yaml", text: manifest(package))]
  }

  /// The kind of the proxy that keeps a process.
  ///
  /// It accepts an archive with a program only if the archive's exec.env names its image.
  private static let kind = "go:1.22"
  private static let environment = "openwhisk/action-golang-v1.22"

  private static func manifest(_ package: StepPackage) -> String {
    """
    # Each archive runs in both of OpenWhisk's proxies; exec detects which one it has:
    #   a process for each call:  wsk action create NAME NAME.zip --native
    #   a process that is kept:   wsk action create NAME NAME.zip --kind \(kind)
    # The second reads the name of its image, \(environment), from exec.env.
    # The step receives the parameters of the action and an empty environment, without the API key of
    # the activation. A web action receives the event with --web true, in the second proxy also with
    # --web raw. If the step refuses its input, the second proxy answers {"error": …}, the first one
    # status 502 with a line in the activation's log.
    packages:
      meterbridge:
        version: \(Version.text)
        actions:
    \(package.members.map(action).joined(separator: "\n"))
    """
  }

  private static func action(_ step: StepPackage.Member) -> String {
    """
          # \(step.title)
          \(step.name):
            function: \(step.name).zip
            native: true
            limits:
              timeout: 15000
              memorySize: 128
    """
  }
}
