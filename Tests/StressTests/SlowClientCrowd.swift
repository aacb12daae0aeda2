import Foundation
import TestSupport

/// Slow clients in a process of their own: this program with another command.
struct SlowClientCrowd {
  private let process = Process()

  /// Starts the process and waits until all clients are connected.
  init(port: Int) throws {
    let pipe = Pipe()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
    process.arguments = ["crowd", "\(port)"]
    process.standardOutput = pipe
    try process.run()
    _ = try pipe.fileHandleForReading.read(upToCount: 1)
  }

  func end() {
    process.terminate()
    process.waitUntilExit()
  }

  /// The command of the process; runs until it is killed.
  static func run(port: Int) -> Never {
    let request = Array("POST /hooks/chargebee HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".utf8)
    var sockets = (0..<SlowClients.connections).map { _ in TCPSocket.connected(to: port) }
    var sent = sockets.map { _ in 0 }
    print("+")
    fflush(nil)
    while true {
      // In turn, so that each sends a byte per second, and not all at once.
      for index in sockets.indices {
        usleep(UInt32(1_000_000 / sockets.count))
        if let socket = sockets[index], socket.isClosedByPeer {
          socket.close()
          sockets[index] = nil
        }
        guard let socket = sockets[index] else {
          sockets[index] = TCPSocket.connected(to: port)
          sent[index] = 0
          continue
        }
        guard index.isMultiple(of: 2) else { continue }
        let byte = sent[index] < request.count ? request[sent[index]] : UInt8(ascii: "a")
        socket.send([byte])
        sent[index] += 1
      }
    }
  }
}
