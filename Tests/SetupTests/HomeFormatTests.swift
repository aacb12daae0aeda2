import Dispatcher
import Foundation
import Operations
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Setup

struct HomeFormatTests {
  private let stated = #"{"build":"Meterbridge \#(Version.text)","format":1}"# + "\n"
  private let newer = #"{"build":"Meterbridge 9.8.7","format":999,"more":[]}"#

  private func withFolder(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "meterbridge-format-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private func format(of home: String) throws -> String {
    try String(contentsOfFile: "\(home)/format", encoding: .utf8)
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  @Test func newHomeStatesItsFormat() throws {
    try withFolder { path in
      _ = try Home(at: path)
      #expect(try format(of: path) == stated)
    }
  }

  @Test func homeOfAnOlderBuildGetsAFormat() throws {
    try withFolder { path in
      try Home(at: path).store.put("x", at: "key")
      try FileManager.default.removeItem(atPath: "\(path)/format")
      #expect(try Home(at: path).store.get("key") == "x")
      #expect(try format(of: path) == stated)
    }
  }

  @Test func knownFormatIsLeftUnchanged() throws {
    try withFolder { path in
      let other = #"{"build":"Meterbridge 0.0.9","format":1}"#
      try write(other, to: "\(path)/format")
      _ = try Home(at: path)
      #expect(try format(of: path) == other)
    }
  }

  /// A home of a newer build is neither read nor written.
  @Test func newerHomeIsRefused() throws {
    try withFolder { path in
      try write(newer, to: "\(path)/format")
      for open in [{ _ = try Home(at: path) }, { _ = try Home.restore(path, from: "/dev/null") }] {
        let problem = #expect(throws: Problem.self) { try open() }
        #expect(problem?.kind == .configuration)
        #expect(problem?.description.contains("written by Meterbridge 9.8.7") == true)
        #expect(problem?.description.contains("upgrade Meterbridge") == true)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["format"])
      #expect(try format(of: path) == newer)
    }
  }

  @Test(arguments: ["", "1\n", "{}", #"{"format":0}"#, #"{"format":"1"}"#, #"{"format":1"#])
  func malformedFormatIsRefused(text: String) throws {
    try withFolder { path in
      try write(text, to: "\(path)/format")
      let problem = #expect(throws: Problem.self) { try Home(at: path) }
      #expect(problem?.kind == .configuration)
      #expect(problem?.description.contains("has no format number") == true)
    }
  }

  @Test func backupHasTheFormat() throws {
    try withFolder { path in
      let home = try Home(at: "\(path)/home")
      try home.store.put("{}", at: "key")
      _ = try home.backUp(to: "\(path)/backup", now: WallClock.system.now())
      let text = try String(contentsOfFile: "\(path)/backup", encoding: .utf8)
      let own = stated.trimmingCharacters(in: .newlines)
      for (number, (written, isTaken)) in [(own, true), ("null", true), (newer, false)].enumerated()
      {
        let other = "\(path)/other\(number)"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        try write(text.replacing(own, with: written), to: "\(path)/backup")
        if isTaken {
          #expect(try Home.restore(other, from: "\(path)/backup", trusts: true).records == 1)
          #expect(try Home(at: other).store.get("key") == "{}")
        } else {
          let problem = #expect(throws: Problem.self) {
            try Home.restore(other, from: "\(path)/backup")
          }
          #expect(problem?.kind == .configuration)
          #expect(try FileManager.default.contentsOfDirectory(atPath: other).isEmpty)
        }
      }
    }
  }
}
