/// Systemd: a socket for each step, and for each connection to it a process that answers line by line.
enum Systemd {
  static func files(of package: StepPackage) -> [PackagedFile] {
    package.members.flatMap { step in
      [
        PackagedFile(step.name, mode: 0o755, bytes: step.program.bytes),
        PackagedFile("meterbridge-\(step.name).socket", text: socket(step)),
        PackagedFile("meterbridge-\(step.name)@.service", text: service(step)),
      ]
    } + [PackagedFile("install", mode: 0o755, text: script(package))]
  }

  /// The directory of the programs.
  private static let folder = "/usr/local/lib/meterbridge"

  private static func socket(_ step: StepPackage.Member) -> String {
    """
    # \(step.title)
    #
    # One document per line in, one reply per line out, until the connection is closed:
    #   socat - UNIX-CONNECT:/run/meterbridge/\(step.name).sock < event.json
    [Unit]
    Description=\(step.title)

    [Socket]
    ListenStream=/run/meterbridge/\(step.name).sock
    SocketMode=0660
    Accept=yes
    MaxConnections=64

    [Install]
    WantedBy=sockets.target
    """
  }

  private static func service(_ step: StepPackage.Member) -> String {
    """
    [Unit]
    Description=\(step.title)
    CollectMode=inactive-or-failed

    [Service]
    ExecStart=\(folder)/\(step.name)
    StandardInput=socket
    StandardOutput=socket
    StandardError=journal
    # Invalid input: the connection is closed, and the journal has the reason.
    SuccessExitStatus=65
    RuntimeMaxSec=1h

    # A step is a pure function: it needs no network, no files and no privileges.
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

  private static func script(_ package: StepPackage) -> String {
    let names = package.members.map(\.name).joined(separator: " ")
    return """
      #!/bin/sh
      # Installs the steps beside this file and enables their sockets.
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
