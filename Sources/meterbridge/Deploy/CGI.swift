/// CGI: a folder for each step, whose `index.cgi` any web server can start for a request.
enum CGI {
  static func files(of package: StepPackage) -> [PackagedFile] {
    package.members.flatMap { step in
      [
        PackagedFile("\(step.name)/index.cgi", mode: 0o755, bytes: package.bootstrap?.bytes ?? []),
        PackagedFile("\(step.name)/step", mode: 0o755, bytes: step.program.bytes),
      ]
    } + [PackagedFile("lighttpd.conf", text: configuration(package))]
  }

  private static func configuration(_ package: StepPackage) -> String {
    """
    # POST an event to http://127.0.0.1:8789/STEP/, where STEP is one of:
    \(package.members.map { "#   \($0.name)" }.joined(separator: "\n"))
    # index.cgi starts the step with an empty environment, so that it sees no header of the request.
    server.document-root = var.CWD
    server.bind = "127.0.0.1"
    server.port = 8789
    server.modules = ("mod_access", "mod_cgi")
    index-file.names = ("index.cgi")
    cgi.assign = (".cgi" => "")
    # Do not serve the step itself or this file
    url.access-deny = ("/step", ".conf")
    # 16 MiB in KiB, the largest input of a step
    server.max-request-size = 16384
    """
  }
}
