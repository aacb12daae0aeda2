import Setup

/// OpenFaaS: for each request a watchdog starts `exec`, which becomes the step in an empty environment,
/// and pipes the body to it.
enum OpenFaaS {
  static func files(of package: StepPackage) -> [PackagedFile] {
    package.members.flatMap { step in
      [
        PackagedFile("\(step.name)/Dockerfile", text: dockerfile(step)),
        PackagedFile("\(step.name)/exec", mode: 0o755, bytes: package.bootstrap?.bytes ?? []),
        PackagedFile("\(step.name)/step", mode: 0o755, bytes: step.program.bytes),
      ]
    } + [PackagedFile("stack.yaml", text: stack(package))]
  }

  /// The environment variables of the watchdogs.
  ///
  /// - `combine_output=false`: otherwise the classic watchdog mixes standard error into the reply.
  /// - `cgi_headers=false`: otherwise it passes the request's headers, Http_Authorization among them, to
  ///   `exec` as environment variables.
  /// - `mode=serializing`: the other modes of of-watchdog answer 200 if a step fails.
  /// - `healthcheck_interval`: a watchdog that is stopped goes on for so long, by default for
  ///   `write_timeout`, but `docker stop` kills it after ten seconds.
  private static let settings: KeyValuePairs = [
    "cgi_headers": "false", "combine_output": "false", "content_type": "application/json",
    "exec_timeout": "10s", "healthcheck_interval": "3s", "max_inflight": "8",
    "mode": "serializing", "read_timeout": "15s", "write_timeout": "15s",
  ]

  private static func dockerfile(_ step: StepPackage.Member) -> String {
    let environment = settings.map { "\($0)=\($1)" }.joined(separator: " \\\n    ")
    return """
      # \(step.title)
      #
      # OpenFaaS's classic watchdog starts a process for each request. of-watchdog does the same in
      # mode=serializing: --build-arg WATCHDOG=ghcr.io/openfaas/of-watchdog:0.11.5.
      # The step sees neither the request's headers (Http_Authorization among them) nor the variables of
      # the deployment: exec starts it in an empty environment.
      # A step that refuses its input exits with status 65, and the watchdogs answer 500; the function's
      # log has the reason. They hold bodies of any size in memory: limit the size in the ingress.
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

  private static func stack(_ package: StepPackage) -> String {
    """
    version: 1.0
    provider:
      name: openfaas
      gateway: http://127.0.0.1:8080
    functions:
    \(package.members.map { function($0, package.registry) }.joined(separator: "\n"))
    """
  }

  private static func function(_ step: StepPackage.Member, _ registry: String) -> String {
    let environment = settings.map { "      \($0): \"\($1)\"" }.joined(separator: "\n")
    return """
        # \(step.title)
        \(step.name):
          lang: dockerfile
          handler: ./\(step.name)
          image: \(registry)/\(step.name):\(Version.text)
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
