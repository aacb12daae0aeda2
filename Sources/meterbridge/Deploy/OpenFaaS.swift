/// OpenFaaS: a watchdog starts the step for each request, and pipes the body to it.
enum OpenFaaS {
  static func files(of parts: Parts) -> [PackagedFile] {
    parts.pieces.flatMap { piece in
      [
        PackagedFile("\(piece.name)/Dockerfile", text: dockerfile(piece)),
        PackagedFile("\(piece.name)/step", mode: 0o755, bytes: piece.program.bytes),
      ]
    } + [PackagedFile("stack.yaml", text: stack(parts))]
  }

  // MARK: Private

  /// What the watchdogs read in their environment.
  ///
  /// `combine_output=false`: the classic watchdog would mix standard error into the reply.
  /// `cgi_headers=false`: it would hand the request's headers to the step as its environment,
  /// Http_Authorization among them. `mode=serializing`: of-watchdog's other modes answer 200 for a
  /// step that failed.
  private static let settings: KeyValuePairs = [
    "cgi_headers": "false", "combine_output": "false", "content_type": "application/json",
    "exec_timeout": "10s", "max_inflight": "8", "mode": "serializing", "read_timeout": "15s",
    "write_timeout": "15s",
  ]

  private static func dockerfile(_ piece: Parts.Piece) -> String {
    let environment = settings.map { "\($0)=\($1)" }.joined(separator: " \\\n    ")
    return """
      # \(piece.title)
      #
      # OpenFaaS's classic watchdog starts a process for each request.
      # cgi_headers=false keeps the request's headers (Http_Authorization among them) out of the step's
      # environment. of-watchdog, --build-arg WATCHDOG=ghcr.io/openfaas/of-watchdog:0.11.5, runs it in
      # mode=serializing, but has no such switch: let the gateway or an ingress take the header off.
      # The watchdog writes a lock file to /tmp: docker run --read-only --tmpfs /tmp.
      ARG WATCHDOG=ghcr.io/openfaas/classic-watchdog:0.3.4
      FROM ${WATCHDOG} AS watchdog

      FROM scratch
      COPY --from=watchdog /fwatchdog /fwatchdog
      COPY step /step
      ENV fprocess=/step \\
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
            memory: 64Mi
          requests:
            memory: 16Mi
      """
  }
}
