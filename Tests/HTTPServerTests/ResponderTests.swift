import Foundation
import HTTPTypes
import Kernel
import TestSupport
import Testing

@testable import HTTPServer

@Suite struct ResponderTests {
  private static func get(_ path: String, version: String = "1.1", method: String = "GET") -> String
  {
    "\(method) \(path) HTTP/\(version)\r\nHost: h\r\n\r\n"
  }

  @Test func requestThatTakesLongDelaysNoOther() throws {
    let gate = DispatchSemaphore(value: 0)
    try forwarding { request, responder in
      Thread {
        if request.path == ["slow"] { gate.wait() }
        responder.respond(Response(200, type: "text/plain", text: "<\(request.target)>"))
      }.start()
    } _: { server in
      let slow = TCPSocket(port: server.port)
      slow.send(Self.get("/slow"))
      for _ in 0..<20 {
        let quick = TCPSocket(port: server.port)
        quick.send(Self.get("/quick"))
        #expect(quick.read(until: ">").contains("</quick>"))
      }
      gate.signal()
      #expect(slow.read(until: ">").contains("</slow>"))
    }
  }

  @Test func answersToOneClientKeepTheOrderOfItsRequests() throws {
    try forwarding { request, responder in
      Thread {
        if request.path == ["1"] { Thread.sleep(forTimeInterval: 0.2) }
        responder.respond(Response(200, type: "text/plain", text: "<\(request.target)>"))
      }.start()
    } _: { server in
      let socket = TCPSocket(port: server.port)
      socket.send((1...12).map { Self.get("/\($0)") }.joined())
      let text = socket.read(until: ">", times: 12)
      let answered = text.matches(of: /<\/(\d+)>/).map { String($0.output.1) }
      #expect(answered == (1...12).map(String.init))
    }
  }

  @Test func requestThatNobodyAnswersIsAnswered500() throws {
    try forwarding { _, _ in
    } _: { server in
      let socket = TCPSocket(port: server.port)
      socket.send(Self.get("/"))
      #expect(socket.read(until: "response\"}").contains("500 Internal Server Error"))
    }
  }

  @Test func secondAnswerIsNotSent() throws {
    try forwarding { _, responder in
      responder.respond(Response(200, type: "text/plain", text: "<one>"))
      responder.respond(Response(500))
      #expect(!responder.begin(Response(200)).write([1]))
    } _: { server in
      let socket = TCPSocket(port: server.port)
      socket.send(Self.get("/") + Self.get("/"))
      #expect(!socket.read(until: "<one>", times: 2).contains("500"))
    }
  }

  @Test func bodyIsSentInChunksWhileItIsWritten() throws {
    let isRead = DispatchSemaphore(value: 0)
    try forwarding { _, responder in
      let writer = responder.begin(Response(200, headers: ["Content-Type": "text/plain"]))
      Thread {
        #expect(writer.write(Array("first".utf8)))
        isRead.wait()
        #expect(writer.write(Array("second".utf8)))
        writer.end()
      }.start()
    } _: { server in
      let socket = TCPSocket(port: server.port)
      socket.send(Self.get("/"))
      let first = socket.read(until: "first")
      #expect(first.contains("Transfer-Encoding: chunked\r\n") && !first.contains("Content-Length"))
      #expect(first.hasSuffix("\r\n\r\n5\r\nfirst\r\n") || first.hasSuffix("5\r\nfirst"))
      isRead.signal()
      #expect(socket.read(until: "0\r\n\r\n").hasSuffix("6\r\nsecond\r\n0\r\n\r\n"))
      // The connection goes on
      isRead.signal()
      socket.send(Self.get("/"))
      #expect(socket.read(until: "0\r\n\r\n").contains("second"))
    }
  }

  @Test func oldClientGetsABodyWithoutChunksAndHEADNone() throws {
    try forwarding { request, responder in
      let writer = responder.begin(Response(200))
      Thread {
        // A moment may pass until the loop knows that nobody reads the body of an answer to HEAD.
        var tries = 0
        while writer.write(Array("body".utf8)), request.method == "HEAD", tries < 1000 {
          tries += 1
          usleep(10_000)
        }
        #expect(tries < 1000)
        writer.end()
      }.start()
    } _: { server in
      let old = TCPSocket(port: server.port)
      old.send(Self.get("/", version: "1.0"))
      let text = old.readAll()
      #expect(text.hasSuffix("\r\n\r\nbody") && !text.contains("chunked"))
      let head = TCPSocket(port: server.port)
      head.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      #expect(head.readAll().hasSuffix("\r\n\r\n"))
    }
  }

  @Test func writerThatGivesUpCutsTheConnection() throws {
    try forwarding { _, responder in
      let writer = responder.begin(Response(200))
      #expect(writer.write(Array("part".utf8)))
    } _: { server in
      let socket = TCPSocket(port: server.port)
      socket.send(Self.get("/"))
      let text = socket.readAll()
      #expect(text.contains("part") && !text.hasSuffix("0\r\n\r\n"))
    }
  }

  @Test func writerWaitsForTheClientAndEndsWithIt() throws {
    let written = ConcurrentList<Int>()
    let isGone = DispatchSemaphore(value: 0)
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)
    try forwarding { _, responder in
      let writer = responder.begin(Response(200))
      Thread {
        while writer.write(piece) { written.add(piece.count) }
        isGone.signal()
      }.start()
    } _: { server in
      let socket = TCPSocket(port: server.port)
      socket.send(Self.get("/"))
      // What the sockets' buffers take, and no more
      var count = -1
      while count != written.all.count, count < 400 {
        count = written.all.count
        Thread.sleep(forTimeInterval: 1)
      }
      #expect(count < 400)
      socket.close()
      #expect(isGone.wait(timeout: .now() + 5) == .success)
    }
  }

  @Test func stopEndsABodyThatNobodyReads() throws {
    let isGone = DispatchSemaphore(value: 0)
    let piece = [UInt8](repeating: 0, count: 64 * 1024)
    let sockets = ConcurrentList<TCPSocket>()
    try forwarding { _, responder in
      let writer = responder.begin(Response(200))
      Thread {
        while writer.write(piece) {}
        isGone.signal()
      }.start()
    } _: { server in
      let socket = TCPSocket(port: server.port)
      sockets.add(socket)
      socket.send(Self.get("/"))
      #expect(socket.read(until: "200 OK").contains("200 OK"))
    }
    #expect(isGone.wait(timeout: .now() + 5) == .success)
  }

  /// Runs a server that forwards its requests during the body.
  private func forwarding(
    _ handle: @escaping @Sendable (Request, Responder) -> Void, _ body: (Server) throws -> Void
  ) throws {
    let server = try Server(listen: "127.0.0.1:0")
    let ended = DispatchSemaphore(value: 0)
    Thread {
      server.run(forwarding: handle)
      ended.signal()
    }.start()
    defer {
      server.stop()
      ended.wait()
    }
    try body(server)
  }
}
