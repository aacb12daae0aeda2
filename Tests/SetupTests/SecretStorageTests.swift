import Catalog
import Dispatcher
import Foundation
import Operations
import Records
import Service
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Setup

/// Secrets are stored encrypted, with a key that is created once and never replaced silently.
struct SecretStorageTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "meterbridge-seal-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private var home: String { "\(folder)/home" }

  private func read(_ name: String) -> String? {
    try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  @Test func secretIsEncryptedAndKeyIsPrivate() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Home(at: home).secrets.put(Secret("sesame-open"), "apiKey", of: "acme")
    #expect(try Home(at: home).secrets.get("apiKey", of: "acme")?.reveal() == "sesame-open")
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    #expect(files.contains("home/key"))
    #expect(files.compactMap(read).allSatisfy { !$0.contains("sesame") })
    let mode = try FileManager.default.attributesOfItem(atPath: "\(home)/key")[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func missingKeyFileIsReported() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try Home(at: home, keyFile: "\(folder)/mine")
    let error = #expect(throws: StoreError.self) {
      try home.secrets.put(Secret("x"), "apiKey", of: "acme")
    }
    #expect(
      error.map { "\($0)" }?.contains("METERBRIDGE_KEY_FILE names \(folder)/mine, which") == true)
    #expect(read("home/key") == nil)
  }

  @Test func lostKeyIsNotReplaced() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Home(at: home).secrets.put(Secret("one"), "apiKey", of: "acme")
    try FileManager.default.removeItem(atPath: "\(home)/key")
    for key in [nil, "no key at all", String(repeating: "0f", count: 32)] {
      try key?.write(toFile: "\(home)/key", atomically: true, encoding: .utf8)
      let home = try Home(at: home)
      #expect(throws: Problem.self) { try home.checkSecrets() }
      #expect(throws: StoreError.self) { try home.secrets.get("apiKey", of: "acme") }
      #expect(throws: StoreError.self) { try home.secrets.put(Secret("x"), "other", of: "acme") }
      #expect(read("home/key") == key)
    }
    do {
      try Home(at: home).checkSecrets()
    } catch {
      #expect(error.kind == .configuration)
      #expect(error.description.contains("METERBRIDGE_KEY_FILE"), "\(error)")
    }
  }

  @Test func secretIsEncryptedWithTheUsersKey() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = "\(folder)/mine"
    #expect(throws: StoreError.self) {
      try Home(at: home, keyFile: file).secrets.put(Secret("one"), "apiKey", of: "acme")
    }
    try String(repeating: "a1", count: 32).write(toFile: file, atomically: true, encoding: .utf8)
    try Home(at: home, keyFile: file).secrets.put(Secret("one"), "apiKey", of: "acme")
    #expect(
      try Home(at: home, keyFile: file).secrets.get("apiKey", of: "acme")?.reveal() == "one")
    #expect(read("home/key") == nil)
    #expect(throws: StoreError.self) { try Home(at: home).secrets.get("apiKey", of: "acme") }
  }

  @Test func secretIsBoundToItsName() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let opened = try Home(at: home)
    try opened.secrets.put(Secret("one"), "apiKey", of: "acme")
    let kept = try FileStore(at: "\(home)/secrets")
    try kept.put(#require(try kept.get("acme/apiKey")), at: "other/apiKey")
    #expect(throws: StoreError.self) { try Home(at: home).secrets.get("apiKey", of: "other") }
  }

  @Test func keyIsReplacedWhileAHomeIsOpen() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let serving = try Home(at: home)
    try serving.secrets.put(Secret("one"), "apiKey", of: "acme")
    let old = read("home/key")
    #expect(try Home(at: home).replaceKey(with: nil) == "\(home)/key")
    #expect(read("home/key") != old)
    #expect(read("home/key.next") == nil)
    #expect(try serving.secrets.get("apiKey", of: "acme")?.reveal() == "one")
    try serving.secrets.put(Secret("two"), "apiKey", of: "acme")
    #expect(try Home(at: home).secrets.get("apiKey", of: "acme")?.reveal() == "two")

    let file = "\(folder)/mine"
    #expect(try Home(at: home).replaceKey(with: file) == file)
    #expect(
      try Home(at: home, keyFile: file).secrets.get("apiKey", of: "acme")?.reveal() == "two")
  }

  /// The new key exists and encrypts already, but the process ended before it replaced the old one.
  @Test func interruptedKeyReplacementIsCompleted() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Home(at: home).secrets.put(Secret("one"), "apiKey", of: "acme")
    let old = try #require(read("home/key"))
    _ = try Home(at: home).replaceKey(with: nil)
    try #require(read("home/key")).write(
      toFile: "\(home)/key.next", atomically: true, encoding: .utf8)
    try old.write(toFile: "\(home)/key", atomically: true, encoding: .utf8)

    #expect(try Home(at: home).secrets.get("apiKey", of: "acme")?.reveal() == "one")
    _ = try Home(at: home).replaceKey(with: nil)
    #expect(read("home/key.next") == nil)
    try Home(at: home).checkSecrets()
    try Home(at: home).secrets.put(Secret("two"), "apiKey", of: "acme")
  }
}
