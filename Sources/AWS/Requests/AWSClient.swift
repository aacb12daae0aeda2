public import HTTPClient
public import Values

/// Calls actions of AWS, and repeats them while the trouble may pass.
///
/// Every action that is called must be one that may be repeated: what it does twice is what it does once,
/// or a condition of it fails the second time.
public final class AWSClient: Sendable {
  /// The account.
  public let account: AWSAccount
  private let transport: any HTTPTransport
  private let retries: RetryPolicy

  /// A client.
  public init(
    _ account: AWSAccount, transport: any HTTPTransport = CurlClient(),
    retries: RetryPolicy = RetryPolicy()
  ) {
    (self.account, self.transport, self.retries) = (account, transport, retries)
  }

  /// Calls an action, and returns its answer.
  ///
  /// - Throws: ``AWSError``, after the last try. If any try is in doubt, so is a passing error.
  public func call(
    _ service: AWSService, _ action: String, _ body: JSON
  ) throws(AWSError) -> JSON {
    let request = account.request(service, action, body)
    var isInDoubt = false
    var failures = 0
    while true {
      do throws(AWSError) {
        return try send(request)
      } catch {
        failures += 1
        isInDoubt = isInDoubt || error.isInDoubt
        guard error.isPassing, failures < retries.tries else {
          throw isInDoubt && error.isPassing
            ? .transient(error.description, inDoubt: true) : error
        }
        retries.wait(after: failures)
      }
    }
  }

  private func send(_ request: ClientRequest) throws(AWSError) -> JSON {
    let response: ClientResponse
    do throws(TransportFailure) {
      response = try transport.send(request)
    } catch {
      switch error {
      case .notSent(let reason): throw .transient(reason, inDoubt: false)
      case .doubtful(let reason): throw .transient(reason, inDoubt: true)
      case .forbidden(let reason): throw .rejected(reason)
      }
    }
    guard response.status == 200 else {
      throw AWSError(status: response.status, body: response.body)
    }
    do throws(JSONError) {
      return try JSON(parsing: response.body)
    } catch {
      throw .transient("the answer is not JSON: \(error)", inDoubt: true)
    }
  }
}
