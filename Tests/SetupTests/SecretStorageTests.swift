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

  /// Writes the file of a key, by default for its owner only.
  private func writeKey(_ text: String, _ path: String, mode: Int = 0o600) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test(arguments: [0o644, 0o640, 0o604, 0o620]) func keyThatOthersCanReadIsRefused(mode: Int)
    throws
  {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = "\(folder)/mine"
    try writeKey(String(repeating: "a1", count: 32), file, mode: mode)
    let error = #expect(throws: StoreError.self) {
      try Home(at: home, keyFile: file).secrets.put(Secret("one"), "apiKey", of: "acme")
    }
    #expect(error.map { "\($0)" }?.contains("chmod 600") == true)
    try Home(at: home).secrets.put(Secret("one"), "apiKey", of: "acme")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(home)/key")
    #expect(throws: StoreError.self) { try Home(at: home).secrets.get("apiKey", of: "acme") }
  }

  @Test func keyThatTheSystemProvidesMayBeReadByAGroup() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = "\(folder)/mine"
    try writeKey(String(repeating: "a1", count: 32), file, mode: 0o440)
    setenv("CREDENTIALS_DIRECTORY", folder, 1)
    defer { unsetenv("CREDENTIALS_DIRECTORY") }
    try Home(at: home, keyFile: file).secrets.put(Secret("one"), "apiKey", of: "acme")
  }

  @Test func pipeInPlaceOfAKeyDoesNotHang() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = "\(folder)/mine"
    #expect(mkfifo(file, 0o600) == 0)
    let error = #expect(throws: StoreError.self) {
      try Home(at: home, keyFile: file).secrets.put(Secret("one"), "apiKey", of: "acme")
    }
    #expect(error.map { "\($0)" }?.contains("is no file") == true)
  }

  @Test func lostKeyWithoutItsNoteIsNotReplaced() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Home(at: home).secrets.put(Secret("one"), "apiKey", of: "acme")
    for name in ["key", "key.id"] { try FileManager.default.removeItem(atPath: "\(home)/\(name)") }
    let error = #expect(throws: StoreError.self) {
      try Home(at: home).secrets.put(Secret("x"), "other", of: "acme")
    }
    #expect(error.map { "\($0)" }?.contains("is lost") == true)
    #expect(read("home/key") == nil)
  }

  @Test func draftOfAKeyIsRemovedWithItsProcess() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Home(at: home).secrets.put(Secret("one"), "apiKey", of: "acme")
    let (gone, alive) = ("\(home)/key.next.4194303.draft", "\(home)/key.\(getppid()).draft")
    for path in [gone, alive] { try writeKey("draft", path) }
    _ = try Home(at: home)
    #expect(!FileManager.default.fileExists(atPath: gone))
    #expect(FileManager.default.fileExists(atPath: alive))
  }

  /// A link in the place of a file would make a home write into the file of another.
  @Test(arguments: ["dispatcher.lock", "store/lock"]) func linkInAHomeIsRefused(name: String) throws
  {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let victim = "\(folder)/victim"
    try Data("precious".utf8).write(to: URL(filePath: victim))
    let opened = try Home(at: home)
    let path = "\(home)/\(name)"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: victim)
    #expect(throws: Problem.self) {
      _ = try Home(at: home)
      _ = try DispatcherLock(home: opened)
    }
    #expect(read("victim") == "precious")
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
      if let key { try writeKey(key, "\(home)/key") }
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
    try writeKey(String(repeating: "a1", count: 32), file)
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
    try writeKey(#require(read("home/key")), "\(home)/key.next")
    try writeKey(old, "\(home)/key")

    #expect(try Home(at: home).secrets.get("apiKey", of: "acme")?.reveal() == "one")
    _ = try Home(at: home).replaceKey(with: nil)
    #expect(read("home/key.next") == nil)
    try Home(at: home).checkSecrets()
    try Home(at: home).secrets.put(Secret("two"), "apiKey", of: "acme")
  }
}
