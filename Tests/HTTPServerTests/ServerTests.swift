import Foundation
import Kernel
import TestSupport
import Testing

@testable import HTTPServer

@Suite struct ServerTests {
  private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

  @Test func listenErrorNamesItsReason() throws {
    let server = try Server(listen: "127.0.0.1:0")
    let address = "127.0.0.1:\(server.port)"
    #expect(throws: ListenError.addressInUse(address)) { try Server(listen: address) }
    #expect(throws: ListenError.notAnAddress("8787")) { try Server(listen: "8787") }
    #expect(throws: ListenError.notAnAddress("example.com:80")) {
      try Server(listen: "example.com:80")
    }
    #expect(try Server(listen: "[::1]:0").port > 0)
  }

  @Test(arguments: ["127.0.0.1", "[::1]", "localhost"])
  func serverTellsItsAddress(host: String) throws {
    let server = try Server(listen: "\(host):0")
    #expect(server.address == "\(host):\(server.port)")
  }

  @Test func readyRequestsAreHandledTogether() throws {
    let sizes = ConcurrentList<Int>()
    let handle: @Sendable ([Request]) -> [Response] = { requests in
      sizes.add(requests.count)
      if requests.first?.path == ["first"] { Thread.sleep(forTimeInterval: 0.5) }
      return echo(requests)
    }
    try serving(handle) { server in
      let first = TCPSocket(port: server.port)
      first.send("GET /first HTTP/1.1\r\nHost: h\r\n\r\n")
      Thread.sleep(forTimeInterval: 0.05)
      let others = (0..<8).map { _ in TCPSocket(port: server.port) }
      for socket in others { socket.send(Self.get) }
      for socket in others { #expect(socket.read(until: ">").contains("200 OK")) }
    }
    #expect(sizes.all.first == 1)
    #expect((sizes.all.max() ?? 0) >= 4)
  }

  @Test func delayedResponseDelaysNoOther() throws {
    let handle: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { Response(200, delay: $0.path == ["slow"] ? 1 : 0) }
    }
    try serving(handle) { server in
      let start = MonotonicClock.now
      let slow = TCPSocket(port: server.port)
      slow.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n" + Self.get)
      let quick = TCPSocket(port: server.port)
      quick.send(Self.get)
      #expect(quick.read(until: "\r\n\r\n").contains("200 OK"))
      #expect(MonotonicClock.now - start < 0.9)
      #expect(slow.read(until: "\r\n\r\n", times: 2).contains("200 OK"))
      #expect(MonotonicClock.now - start >= 1)
    }
  }

  @Test func connectionMayBeDroppedWithoutResponse() throws {
    let handle: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { $0.path == ["drop"] ? .dropConnection : Response(200) }
    }
    try serving(handle) { server in
      let socket = TCPSocket(port: server.port)
      socket.send(Self.get + "GET /drop HTTP/1.1\r\nHost: h\r\n\r\n" + Self.get)
      #expect(socket.readAll().components(separatedBy: "200 OK").count == 2)
    }
  }

  @Test func stopAnswersPendingRequests() throws {
    let server = try Server(listen: "127.0.0.1:0")
    let socket = TCPSocket(port: server.port)
    let idle = TCPSocket(port: server.port)
    idle.send(Self.get)
    let ended = DispatchSemaphore(value: 0)
    Thread {
      server.run { requests in
        requests.map { request in
          guard request.path == ["last"] else { return Response(200) }
          server.stop()
          return Response(200, type: "text/plain", text: String(repeating: "x", count: 3_000_000))
        }
      }
      ended.signal()
    }.start()
    #expect(idle.read(until: "\r\n\r\n").contains("200 OK"))
    socket.send("GET /last HTTP/1.1\r\nHost: h\r\n\r\n")
    #expect(socket.readAll().utf8.count > 3_000_000)
    #expect(ended.wait(timeout: .now() + 3) == .success)
    #expect(idle.readAll() == "")
    #expect(throws: Never.self) { try Server(listen: "127.0.0.1:\(server.port)") }
  }

  @Test func stopBeforeRunEndsTheServer() throws {
    let server = try Server(listen: "127.0.0.1:0")
    server.stop()
    server.run(echo)
  }

  @Test func missingResponsesAreErrors() throws {
    let silent: @Sendable ([Request]) -> [Response] = { _ in [] }
    try serving(silent) { server in
      let socket = TCPSocket(port: server.port)
      socket.send(Self.get)
      #expect(socket.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 500 "))
    }
  }

  @Test func clientThatLeavesDoesNotEndTheServer() throws {
    let handle: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { _ in Response(200, body: [UInt8](repeating: 0, count: 5_000_000)) }
    }
    try serving(handle) { server in
      for _ in 0..<5 {
        let socket = TCPSocket(port: server.port)
        socket.send(Self.get + Self.get)
        Thread.sleep(forTimeInterval: 0.02)
        socket.resetAfterInput()
      }
      let socket = TCPSocket(port: server.port)
      socket.send("GET / HTTP/1.0\r\n\r\n")
      #expect(socket.readAll().contains("200 OK"))
    }
  }
}

@Suite struct LimitTests {
  private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

  @Test func halfOpenConnectionsDelayNoRequest() throws {
    try serving { server in
      let half = (0..<1000).map { _ in
        let socket = TCPSocket(port: server.port)
        socket.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Le")
        return socket
      }
      let start = MonotonicClock.now
      let good = TCPSocket(port: server.port)
      for _ in 0..<50 {
        good.send(Self.get)
        #expect(good.read(until: ">").contains("200 OK"))
      }
      #expect(MonotonicClock.now - start < 5)
      #expect(half.count == 1000)
    }
  }

  @Test func connectionBeyondTheLimitIsAnswered503() throws {
    var limits = ServerLimits()
    limits.connections = 2
    try serving(limits: limits) { server in
      let kept = (0..<2).map { _ in TCPSocket(port: server.port) }
      for socket in kept {
        socket.send(Self.get)
        #expect(socket.read(until: ">").contains("200 OK"))
        // An idle one would make room.
        socket.send("GET / HT")
      }
      Thread.sleep(forTimeInterval: 0.1)
      let third = TCPSocket(port: server.port)
      third.send(Self.get)
      let answer = third.readAll()
      #expect(answer.hasPrefix("HTTP/1.1 503 "))
      #expect(answer.contains("Retry-After: 1\r\n"))
      third.finish()
      kept[0].finish()
      Thread.sleep(forTimeInterval: 0.1)
      let fourth = TCPSocket(port: server.port)
      fourth.send(Self.get)
      #expect(fourth.read(until: ">").contains("200 OK"))
    }
  }

  @Test func slowClientIsClosed() throws {
    var limits = ServerLimits()
    (limits.headTime, limits.bodyTime, limits.idleTime) = (0.3, 0.3, 0.3)
    try serving(limits: limits) { server in
      let start = MonotonicClock.now
      let silent = TCPSocket(port: server.port)
      let slowHead = TCPSocket(port: server.port)
      let slowBody = TCPSocket(port: server.port)
      let idle = TCPSocket(port: server.port)
      slowHead.send("GET / HT")
      slowBody.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
      idle.send(Self.get)
      for _ in 0..<3 {
        Thread.sleep(forTimeInterval: 0.05)
        slowHead.send("x")
        slowBody.send("x")
      }
      #expect(slowHead.readAll().hasPrefix("HTTP/1.1 408 "))
      #expect(slowBody.readAll().hasPrefix("HTTP/1.1 408 "))
      #expect(idle.readAll().hasSuffix("<GET   >"))
      #expect(silent.readAll() == "")
      #expect((0.25..<5).contains(MonotonicClock.now - start))
    }
  }

  @Test func memoryOfAllBodiesIsLimited() throws {
    var limits = ServerLimits()
    limits.memory = 100_000
    try serving(limits: limits) { server in
      let first = TCPSocket(port: server.port)
      first.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 90001\r\n\r\n")
      first.send([UInt8](repeating: 97, count: 90_000))
      Thread.sleep(forTimeInterval: 0.1)
      let second = TCPSocket(port: server.port)
      second.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 90001\r\n\r\n")
      second.send([UInt8](repeating: 97, count: 90_000))
      #expect(second.readAll().hasPrefix("HTTP/1.1 503 "))
      first.send("b")
      #expect(first.read(until: ">").contains("200 OK"))
    }
  }
}
