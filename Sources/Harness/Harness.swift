import CLinux
import Glibc
import Values

/// Holds one step before an engine that does not speak in pipes, the same for every step.
///
/// Which engine it is shows in what the engine gives: the address of the Lambda runtime API, the
/// variables of CGI, or the descriptor on which OpenWhisk's ActionLoop reads. Any other is taken for one that does speak in
/// pipes, and the step takes this program's place. Either way the step's environment is empty.
public enum Harness {
  /// Runs until the engine ends it; the status to end with.
  public static func run() -> Int32 {
    if let address = variable("AWS_LAMBDA_RUNTIME_API") { return lambda(address) }
    let step = "\(folder)/step"
    makeExecutable(step)
    if variable("GATEWAY_INTERFACE")?.hasPrefix("CGI/") ?? false { return commonGateway(step) }
    guard ActionLoop.isAsked else { return become(step) }
    ignoreBrokenPipes()
    ActionLoop(Worker(step), tell: tell).run(acknowledges: variable("__OW_WAIT_FOR_ACK") != nil)
    return 0
  }

  // MARK: Private

  private static func lambda(_ address: String) -> Int32 {
    ignoreBrokenPipes()
    do throws(Fault) {
      let api = RuntimeAPI(try Loopback(address))
      let path: String
      do throws(Fault) {
        path = try TaskRoot(variable("LAMBDA_TASK_ROOT") ?? folder).step(variable("_HANDLER"))
      } catch {
        try api.failInit(error)
        throw error
      }
      try LambdaFunction(api, Worker(path), tell: tell).run()
    } catch {
      tell(error.reason)
      return 69
    }
  }

  private static func commonGateway(_ step: String) -> Int32 {
    ignoreBrokenPipes()
    let length = variable("CONTENT_LENGTH").flatMap { Int($0) }
    let response = CommonGateway(Worker(step), tell: tell)
      .response(method: variable("REQUEST_METHOD"), length: length)
    return Output(descriptor: STDOUT_FILENO).write(response) ? 0 : 74
  }

  /// Some engines unpack an archive without its files' modes.
  private static func makeExecutable(_ path: String) {
    if access(path, X_OK) != 0 { _ = chmod(path, 0o755) }  // where it fails, the start will say so
  }

  private static func become(_ path: String) -> Int32 {
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    path.withCString { path in
      var arguments: [UnsafeMutablePointer<CChar>?] = [UnsafeMutablePointer(mutating: path), nil]
      _ = execve(path, &arguments, &environment)
    }
    tell("cannot run \(path): \(String(cString: strerror(errno)))")
    return 69
  }

  /// A step that ends must not end us: the write fails instead.
  private static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// The folder in which this program lies, as the kernel was told: Swift's `CommandLine` asks /proc,
  /// and crashes where there is none.
  private static var folder: String {
    guard let start = UnsafePointer<CChar>(bitPattern: getauxval(UInt(AT_EXECFN))) else {
      return "."
    }
    let path = String(cString: start)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).flatMap { String(cString: $0).nonBlank }
  }

  private static func tell(_ text: String) {
    // There is nobody else to be told where it fails.
    _ = Output(descriptor: STDERR_FILENO).write(Array("\(text.truncated(to: 2000))\n".utf8))
  }
}
