import Dispatcher
import Values

/// Where steps can be taken to.
enum DeploymentTarget: String, CaseIterable {
  case openfaas
  case lambda
  case openwhisk
  case systemd
  case cgi

  /// Whether its engine needs something of ours before the step.
  var needsBootstrap: Bool { self != .systemd }

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
