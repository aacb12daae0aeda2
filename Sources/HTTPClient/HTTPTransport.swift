import HTTPTypes

/// Sends HTTP requests over the network, or over a simulation of it.
public protocol HTTPTransport: Sendable {
  /// Sends a request and waits for the whole response, whatever its status.
  ///
  /// - Throws: ``TransportFailure``, which tells whether the server can have seen the request.
  func send(_ request: ClientRequest) throws(TransportFailure) -> ClientResponse
}
