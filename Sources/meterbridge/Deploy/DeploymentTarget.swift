import Dispatcher

/// Where steps can be taken to.
enum DeploymentTarget: String, CaseIterable {
  case openfaas
  case lambda
  case openwhisk
  case systemd
  case cgi

  /// Whether its engine needs something of ours before the step.
  var needsBootstrap: Bool { self == .lambda || self == .openwhisk || self == .cgi }

  /// What it wants.
  func files(of parts: Parts) throws(Problem) -> [PackagedFile] {
    switch self {
    case .openfaas: OpenFaaS.files(of: parts)
    case .lambda: try Lambda.files(of: parts)
    case .openwhisk: try OpenWhisk.files(of: parts)
    case .systemd: Systemd.files(of: parts)
    case .cgi: CGI.files(of: parts)
    }
  }

  /// How one goes on with what was written to a folder.
  func advice(_ folder: String) -> String {
    switch self {
    case .openfaas: "cd \(folder) && faas-cli up"
    case .lambda: "cd \(folder) && sam deploy --guided --capabilities CAPABILITY_IAM"
    case .openwhisk: "cd \(folder) && wskdeploy"
    case .systemd: "sh \(folder)/install"
    case .cgi: "cd \(folder) && lighttpd -D -f lighttpd.conf"
    }
  }
}

/// What is packaged.
struct Parts {
  /// A step and its program.
  struct Piece {
    let step: StepID
    let label: String
    let program: Executable

    /// The program's name, which is the function's, too.
    var name: String { step.executable }
    /// What it is, in a line.
    var title: String { "Meterbridge step \(step): \(label)" }
  }

  let pieces: [Piece]
  /// What holds a step before an engine, where the target needs it.
  let bootstrap: Executable?
  /// Where container images are kept.
  let registry: String
}

/// A file of a package, by its path in the package.
struct PackagedFile {
  let path: String
  let mode: UInt16
  let bytes: [UInt8]

  /// A text for people and tools.
  init(_ path: String, mode: UInt16 = 0o644, text: String) {
    (self.path, self.mode, bytes) = (path, mode, Array("\(text)\n".utf8))
  }

  /// A program or an archive.
  init(_ path: String, mode: UInt16, bytes: [UInt8]) {
    (self.path, self.mode, self.bytes) = (path, mode, bytes)
  }
}
