import Setup

/// OpenFaaS: a watchdog starts `exec` for each request, which becomes the step in an empty environment,
/// and pipes the body to it.
enum OpenFaaS {
  static func files(of parts: Parts) -> [PackagedFile] {
    parts.pieces.flatMap { piece in
      [
        PackagedFile("\(piece.name)/Dockerfile", text: dockerfile(piece)),
        PackagedFile("\(piece.name)/exec", mode: 0o755, bytes: parts.bootstrap?.bytes ?? []),
        PackagedFile("\(piece.name)/step", mode: 0o755, bytes: piece.program.bytes),
      ]
    } + [PackagedFile("stack.yaml", text: stack(parts))]
  }

  // MARK: Private

  /// What the watchdogs read in their environment.
  ///
  /// `combine_output=false`: the classic watchdog would mix standard error into the reply.
  /// `cgi_headers=false`: it would hand the request's headers to `exec` as its environment,
  /// Http_Authorization among them. `mode=serializing`: of-watchdog's other modes answer 200 for a
  /// step that failed. `healthcheck_interval`: for so long a watchdog that is told to end goes on, by
  /// default for the whole of `write_timeout`, and `docker stop` kills after ten seconds.
  private static let settings: KeyValuePairs = [
    "cgi_headers": "false", "combine_output": "false", "content_type": "application/json",
    "exec_timeout": "10s", "healthcheck_interval": "3s", "max_inflight": "8",
    "mode": "serializing", "read_timeout": "15s", "write_timeout": "15s",
  ]

  private static func dockerfile(_ piece: Parts.Piece) -> String {
    let environment = settings.map { "\($0)=\($1)" }.joined(separator: " \\\n    ")
    return """
      # \(piece.title)
      #
      # OpenFaaS's classic watchdog starts a process for each request; of-watchdog, --build-arg
      # WATCHDOG=ghcr.io/openfaas/of-watchdog:0.11.5, does so too in mode=serializing.
      # Neither the request's headers (Http_Authorization among them) nor the deployment's variables
      # reach the step: exec becomes it in an empty environment.
      # A step that refuses its input ends with status 65, to which the watchdogs answer 500; why is in the
      # function's log. They hold a body of any size in memory: let the ingress limit it.
      # The watchdog does not start without /tmp: docker run --read-only --tmpfs /tmp.
      ARG WATCHDOG=ghcr.io/openfaas/classic-watchdog:0.3.4
      FROM ${WATCHDOG} AS watchdog

      FROM scratch
      COPY --from=watchdog /fwatchdog /fwatchdog
      COPY exec step /
      ENV fprocess=/exec \\
          \(environment)
      USER 65534:65534
      EXPOSE 8080
      HEALTHCHECK --interval=3s CMD ["/fwatchdog", "-run-healthcheck"]
      CMD ["/fwatchdog"]
      """
  }

  private static func stack(_ parts: Parts) -> String {
    """
    version: 1.0
    provider:
      name: openfaas
      gateway: http://127.0.0.1:8080
    functions:
    \(parts.pieces.map { function($0, parts.registry) }.joined(separator: "\n"))
    """
  }

  private static func function(_ piece: Parts.Piece, _ registry: String) -> String {
    let environment = settings.map { "      \($0): \"\($1)\"" }.joined(separator: "\n")
    return """
        # \(piece.title)
        \(piece.name):
          lang: dockerfile
          handler: ./\(piece.name)
          image: \(registry)/\(piece.name):\(Version.text)
          environment:
      \(environment)
          readonly_root_filesystem: true
          limits:
            memory: 256Mi
          requests:
            memory: 16Mi
      """
  }
}
