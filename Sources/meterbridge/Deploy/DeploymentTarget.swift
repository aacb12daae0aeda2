import Values

/// A system that steps can be deployed to.
enum DeploymentTarget: String, CaseIterable {
  case openfaas
  case lambda
  case openwhisk
  case systemd
  case cgi

  /// Whether steps need the bootstrap program there.
  var needsBootstrap: Bool { self != .systemd }

  /// The files of a package for it.
  func files(of package: StepPackage) throws(Problem) -> [PackagedFile] {
    switch self {
    case .openfaas: OpenFaaS.files(of: package)
    case .lambda: try Lambda.files(of: package)
    case .openwhisk: try OpenWhisk.files(of: package)
    case .systemd: Systemd.files(of: package)
    case .cgi: CGI.files(of: package)
    }
  }

  /// The command that deploys the package in a folder.
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
