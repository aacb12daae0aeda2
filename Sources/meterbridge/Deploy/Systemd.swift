/// Systemd: a socket, and for each connection a step that answers line by line.
enum Systemd {
  static func files(of parts: Parts) -> [PackagedFile] {
    parts.pieces.flatMap { piece in
      [
        PackagedFile(piece.name, mode: 0o755, bytes: piece.program.bytes),
        PackagedFile("meterbridge-\(piece.name).socket", text: socket(piece)),
        PackagedFile("meterbridge-\(piece.name)@.service", text: service(piece)),
      ]
    } + [PackagedFile("install", mode: 0o755, text: script(parts))]
  }

  // MARK: Private

  /// Where the programs go.
  private static let folder = "/usr/local/lib/meterbridge"

  private static func socket(_ piece: Parts.Piece) -> String {
    """
    # \(piece.title)
    #
    # A document a line in, a reply a line out, for as long as the connection stands:
    #   socat - UNIX-CONNECT:/run/meterbridge/\(piece.name).sock < event.json
    [Unit]
    Description=\(piece.title)

    [Socket]
    ListenStream=/run/meterbridge/\(piece.name).sock
    SocketMode=0660
    Accept=yes
    MaxConnections=64

    [Install]
    WantedBy=sockets.target
    """
  }

  private static func service(_ piece: Parts.Piece) -> String {
    """
    [Unit]
    Description=\(piece.title)
    CollectMode=inactive-or-failed

    [Service]
    ExecStart=\(folder)/\(piece.name)
    StandardInput=socket
    StandardOutput=socket
    StandardError=journal
    # What came in was no event: its sender is told by the end of the connection, the journal why.
    SuccessExitStatus=65
    RuntimeMaxSec=1h

    # It decides and does nothing, so it needs nothing: no network, no file, no privilege.
    DynamicUser=yes
    CapabilityBoundingSet=
    NoNewPrivileges=yes
    PrivateNetwork=yes
    PrivateDevices=yes
    PrivateTmp=yes
    PrivateUsers=yes
    ProtectSystem=strict
    ProtectHome=yes
    ProtectClock=yes
    ProtectControlGroups=yes
    ProtectHostname=yes
    ProtectKernelLogs=yes
    ProtectKernelModules=yes
    ProtectKernelTunables=yes
    ProtectProc=invisible
    ProcSubset=pid
    RestrictAddressFamilies=none
    RestrictNamespaces=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    LockPersonality=yes
    MemoryDenyWriteExecute=yes
    SystemCallArchitectures=native
    SystemCallFilter=@system-service
    SystemCallFilter=~@privileged @resources
    IPAddressDeny=any
    KeyringMode=private
    UMask=0777
    MemoryMax=64M
    TasksMax=4
    """
  }

  private static func script(_ parts: Parts) -> String {
    let names = parts.pieces.map(\.name).joined(separator: " ")
    return """
      #!/bin/sh
      # Installs the steps beside this file, and lets systemd listen for those who call them.
      set -eu
      cd "$(dirname "$0")"
      for step in \(names); do
        install -D -m 755 "$step" "${DESTDIR:-}\(folder)/$step"
        for unit in "meterbridge-$step.socket" "meterbridge-$step@.service"; do
          install -D -m 644 "$unit" "${DESTDIR:-}/etc/systemd/system/$unit"
        done
      done
      [ -z "${DESTDIR:-}" ] || exit 0
      systemctl daemon-reload
      for step in \(names); do systemctl enable --now "meterbridge-$step.socket"; done
      """
  }
}
