import CLinux
import Crypto
import Foundation
import Glibc
import Setup
import Store
import TestHomes
import Testing
import Values

/// The key of a home is in no memory of the process once the home is closed.
struct KeyMemoryTests {
  /// The search runs in a process of its own: other tests map, unmap and read memory while they run.
  @Test func keyIsWipedAfterUse() async {
    await #expect(processExitsWith: .success) {
      let fixture = try TestHome()
      let path = fixture.home.path
      // Two needles in memory of their own, where the search does not look: the key and its digits.
      let page = try #require(
        mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
      let needles = UnsafeMutableRawBufferPointer(start: page, count: 4096)
      try KeyMemoryTests.useKey(ofHomeAt: path)
      try KeyMemoryTests.readKey("\(path)/key", digits: needles)
      let digits = UnsafeRawBufferPointer(rebasing: needles[0..<64])
      let key = UnsafeRawBufferPointer(rebasing: needles[64..<96])
      try #require(key.contains { $0 != 0 })
      #expect(try Memory.places(of: [digits, key], except: page) == 0)
      // The search finds what is there
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 16)
      copy.copyMemory(from: digits)
      #expect(try Memory.places(of: [digits, key], except: page) == 1)
      copy.deallocate()
    }
  }

  /// Uses the key of a new home in each way: seals, opens, derives, replaces.
  fileprivate static func useKey(ofHomeAt path: String) throws {
    let home = try Home(at: path)
    try home.keep(Secret("canary-7f3a9c52-k"), "token", of: "t")
    try home.checkSecrets()
    #expect(try home.derivedKey(for: "a test")?.count == 32)
    _ = try home.replaceKey(with: nil)
    #expect(try Home(at: path).secret("token", of: "t") == Secret("canary-7f3a9c52-k"))
  }

  /// Reads the 64 digits of a key file, and appends the 32 bytes that they mean, without a buffer between.
  fileprivate static func readKey(_ path: String, digits: UnsafeMutableRawBufferPointer) throws {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    try #require(Glibc.read(file, digits.baseAddress, 64) == 64)
    for index in 0..<64 {
      let digit = digits[index]
      let value = digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - 87
      digits[64 + index / 2] |= index.isMultiple(of: 2) ? value << 4 : value
    }
  }
}

/// The writable memory of this process.
private enum Memory {
  /// How often one of some texts is in it, outside of a page.
  static func places(
    of needles: [UnsafeRawBufferPointer], except page: UnsafeMutableRawPointer
  ) throws -> Int {
    let except = UInt(bitPattern: page)
    let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
    try #require(memory >= 0)
    defer { close(memory) }
    // The copy that is searched is in memory, too: it is not searched itself.
    let size = 1 << 20
    let buffer = try #require(
      mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    defer {
      explicit_bzero(buffer, size)
      munmap(buffer, size)
    }
    let own = UInt(bitPattern: buffer)
    var places = 0
    for range in try ranges() {
      var address = range.lowerBound
      while address < range.upperBound {
        let count = min(UInt(size), range.upperBound - address)
        let read = pread(memory, buffer, Int(count), off_t(exactly: address) ?? 0)
        guard read > 0 else { break }
        for needle in needles {
          var from = 0
          while let found = memmem(buffer + from, read - from, needle.baseAddress, needle.count) {
            from = found - buffer + 1
            let place = address + UInt(from - 1)
            if place < except || place >= except + 4096, place < own || place >= own + UInt(size) {
              places += 1
            }
          }
        }
        if read < needles[0].count * 2 { break }
        address += UInt(read == Int(count) && count == UInt(size) ? read - 64 : read)
      }
    }
    return places
  }

  fileprivate static func ranges() throws -> [Range<UInt>] {
    try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\n").compactMap
    {
      let words = $0.split(separator: " ")
      let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard words[1].hasPrefix("rw"), ends.count == 2, !$0.contains("[vvar") else { return nil }
      return ends[0]..<ends[1]
    }
  }
}
