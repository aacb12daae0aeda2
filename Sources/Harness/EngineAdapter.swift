import CLinux
import Glibc
import Kernel
import Values

/// Runs any step under an engine that does not call it through pipes.
///
/// The engine is recognized by what it provides: the address of the Lambda runtime API, the variables
/// of CGI, or the descriptor that OpenWhisk's ActionLoop reads. Under any other, this process becomes
/// the step. In all cases the step's environment is empty.
public enum EngineAdapter {
  /// Runs until the engine stops it; returns the exit status.
  public static func run() -> Int32 {
    if let address = variable("AWS_LAMBDA_RUNTIME_API") { return lambda(address) }
    let step = "\(folder)/step"
    makeExecutable(step)
    if variable("GATEWAY_INTERFACE")?.hasPrefix("CGI/") ?? false { return cgi(step) }
    guard ActionLoop.isPresent else { return become(step) }
    ignoreBrokenPipes()
    ActionLoop(step: WarmStep(step), log: log).run(
      acknowledges: variable("__OW_WAIT_FOR_ACK") != nil)
    return 0
  }

  // MARK: Private

  private static func lambda(_ address: String) -> Int32 {
    ignoreBrokenPipes()
    do throws(InvocationError) {
      let api = RuntimeAPI(try LoopbackClient(address))
      let path: String
      do throws(InvocationError) {
        path = try TaskRoot(variable("LAMBDA_TASK_ROOT") ?? folder).step(variable("_HANDLER"))
      } catch {
        try api.failInit(error)
        throw error
      }
      try LambdaFunction(api: api, step: WarmStep(path), log: log).run()
    } catch {
      log(error.reason)
      return 69
    }
  }

  private static func cgi(_ step: String) -> Int32 {
    ignoreBrokenPipes()
    let length = variable("CONTENT_LENGTH").flatMap { Int($0) }
    let response = CGIProgram(step: WarmStep(step), log: log)
      .response(method: variable("REQUEST_METHOD"), length: length)
    return writeAll(response, to: STDOUT_FILENO) == nil ? 0 : 74
  }

  /// Some engines unpack an archive without the modes of its files.
  private static func makeExecutable(_ path: String) {
    if access(path, X_OK) != 0 { _ = chmod(path, 0o755) }  // if it fails, the start reports it
  }

  private static func become(_ path: String) -> Int32 {
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    path.withCString { path in
      var arguments: [UnsafeMutablePointer<CChar>?] = [UnsafeMutablePointer(mutating: path), nil]
      _ = execve(path, &arguments, &environment)
    }
    log("cannot run \(path): \(String(cString: strerror(errno)))")
    return 69
  }

  /// A step or engine that closes its end must not end this process: the write fails instead.
  private static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// The folder of this program, according to the kernel.
  ///
  /// `CommandLine` reads /proc, and crashes where there is none.
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

  private static func log(_ text: String) {
    // There is no other place to report a failure to write to standard error.
    writeAll(Array("\(text.truncated(to: 2000))\n".utf8), to: STDERR_FILENO)
  }
}
