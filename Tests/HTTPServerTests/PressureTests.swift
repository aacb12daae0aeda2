import TestSupport
import Testing

@testable import HTTPServer

/// A server with more clients than it has room for.
@Suite struct PressureTests {
  private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
  private static let trusted = "GET /trusted HTTP/1.1\r\nHost: h\r\n\r\n"

  /// Requests for `/trusted` are authenticated.
  private static let handle: @Sendable ([Request]) -> [Response] = { requests in
    requests.map { request in
      var response = Response(200)
      response.isAuthenticated = request.path == ["trusted"]
      return response
    }
  }

  private static func limits(_ change: (inout ServerLimits) -> Void = { _ in }) -> ServerLimits {
    var limits = ServerLimits()
    limits.connections = 8
    limits.reserved = 0
    change(&limits)
    return limits
  }

  /// A connection whose first request was answered.
  private func client(_ server: Server, _ request: String = PressureTests.get) -> TCPSocket {
    let socket = TCPSocket(port: server.port)
    socket.send(request)
    #expect(socket.read(until: "\r\n\r\n").contains("200 OK"))
    return socket
  }

  private func answers(_ socket: TCPSocket) -> Bool {
    socket.send(Self.get)
    return socket.read(until: "\r\n\r\n").contains("200 OK")
  }

  @Test func idlestConnectionMakesRoomForANewOne() throws {
    let reports = ConcurrentList<ServerPressure>()
    let report: @Sendable (ServerPressure, String) -> Void = { pressure, _ in
      reports.add(pressure)
    }
    try serving(limits: Self.limits(), report: report, Self.handle) { server in
      var idle: [TCPSocket] = []
      for _ in 1...8 { idle.append(client(server)) }
      #expect(answers(idle[0]), "it is not the idlest any more")
      let new = client(server)
      #expect(answers(new))
      #expect(idle[1].readAll().isEmpty, "it was closed")
      #expect(answers(idle[0]))
    }
    #expect(reports.all.first?.closedIdle == 1)
    #expect(reports.all.first?.refused == 0)
  }

  @Test func thousandIdleClientsDoNotShutOutADelivery() throws {
    try serving(limits: Self.limits { $0.connections = 64 }, Self.handle) { server in
      let deliverer = client(server, Self.trusted)
      let idle = (1...300).map { _ in client(server) }
      #expect(answers(deliverer), "an authenticated connection is closed last")
      let other = client(server, Self.trusted)
      #expect(answers(other))
      #expect(answers(deliverer))
      withExtendedLifetime(idle) {}
    }
  }

  /// All connections send their requests slowly, so that none is idle.
  @Test func authenticatedAddressHasRoomBesideSlowClients() throws {
    try serving(limits: Self.limits(), Self.handle) { server in
      client(server, Self.trusted).close()
      let slow = (1...20).map { _ in TCPSocket(port: server.port) }
      for socket in slow { socket.send("GET / HTTP/1.1\r\nX: ") }
      #expect(answers(client(server, Self.trusted)))
    }
  }

  @Test func addressHasAMostNumberOfConnections() throws {
    let limits = Self.limits {
      $0.connectionsOfAddress = 3
      $0.limitsPrivateAddresses = true
    }
    try serving(limits: limits, Self.handle) { server in
      let first = (1...3).map { _ in client(server) }
      let refused = TCPSocket(port: server.port)
      refused.send(Self.get)
      #expect(refused.readAll().contains("503"))
      #expect(first.allSatisfy(answers))
    }
  }

  /// A proxy stands for many clients.
  @Test func privateAddressIsNotLimited() throws {
    let limits = Self.limits { $0.connectionsOfAddress = 3 }
    try serving(limits: limits, Self.handle) { server in
      #expect((1...6).map { _ in client(server) }.allSatisfy(answers))
    }
  }
}
