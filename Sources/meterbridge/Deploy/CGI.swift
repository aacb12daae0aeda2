/// CGI: a folder a step, whose `index.cgi` any web server can start for a request.
enum CGI {
  static func files(of parts: Parts) -> [PackagedFile] {
    parts.pieces.flatMap { piece in
      [
        PackagedFile("\(piece.name)/index.cgi", mode: 0o755, bytes: parts.bootstrap?.bytes ?? []),
        PackagedFile("\(piece.name)/step", mode: 0o755, bytes: piece.program.bytes),
      ]
    } + [PackagedFile("lighttpd.conf", text: configuration(parts))]
  }

  // MARK: Private

  private static func configuration(_ parts: Parts) -> String {
    """
    # An event is POSTed to http://127.0.0.1:8789/STEP/ with STEP one of:
    \(parts.pieces.map { "#   \($0.name)" }.joined(separator: "\n"))
    # index.cgi starts the step with an empty environment: no header of the request reaches it.
    server.document-root = var.CWD
    server.bind = "127.0.0.1"
    server.port = 8789
    server.modules = ("mod_access", "mod_cgi")
    index-file.names = ("index.cgi")
    cgi.assign = (".cgi" => "")
    # The step itself and this file are not for everybody.
    url.access-deny = ("/step", ".conf")
    # 16 MiB, in KiB, as a step takes it
    server.max-request-size = 16384
    """
  }
}
