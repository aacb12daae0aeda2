import Catalog
import Dispatcher
import Foundation
import Operations
import Records
import Service
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Setup

/// Imports of links add all rows, or none and name every wrong line.
struct LinkImportTests {
  private static func rows(_ ids: [[String: String]]) -> [ImportedLink] {
    ids.enumerated().map {
      ImportedLink(line: $0.offset + 2, row: Links.Row(kind: .customer, ids: $0.element))
    }
  }

  @Test func importedRowIsAddedOnce() throws {
    let links = Links(home: try TestHome().home)
    let rows = Self.rows([["a:1": "x", "b:1": "X"], ["a:1": "y", "b:1": "Y"]])
    #expect(try links.add(rows) == 2)
    #expect(try links.add(rows) == 0)
    #expect(try links.row(.customer, anyOf: ["b:1": "Y"])?.ids == ["a:1": "y", "b:1": "Y"])
    #expect(try links.rows().count == 2)
  }

  @Test func importedRowsOfOneRecordAreJoined() throws {
    let links = Links(home: try TestHome().home)
    try links.link(.customer, ["a:1": "x", "d:1": "!"])
    let rows = Self.rows([
      ["a:1": "x", "b:1": "X"], ["c:1": "ξ", "e:1": "E"], ["b:1": "X", "c:1": "ξ"],
    ])
    #expect(try links.add(rows) == 1)
    let ids = ["a:1": "x", "b:1": "X", "c:1": "ξ", "d:1": "!", "e:1": "E"]
    for (scope, id) in ids {
      #expect(try links.row(.customer, anyOf: [scope: id])?.ids == ids)
    }
  }

  @Test func importedIDsThatDifferInBytesAreTwoThings() throws {
    let links = Links(home: try TestHome().home)
    let rows = Self.rows([["a:1": "é", "b:1": "x"], ["a:1": "e\u{301}", "b:1": "y"]])
    #expect(try links.add(rows) == 2)
    #expect(try links.add(rows) == 0)
    #expect(try links.rows().count == 2)
  }

  @Test func importWithConflictsNamesEachLineAndAddsNothing() throws {
    let links = Links(home: try TestHome().home)
    try links.link(.customer, ["a:1": "x", "b:1": "X"])
    let rows = Self.rows([
      ["a:1": "new", "b:1": "NEW"], ["a:1": "x", "b:1": "other"], ["a:1": "new", "b:1": "THIRD"],
      ["a:1": "alone"],
    ])
    let problem = #expect(throws: Problem.self) { try links.add(rows) }
    let lines = problem?.description.split(separator: "\n") ?? []
    #expect(lines.map { $0.prefix(7) } == ["line 3:", "line 4:", "line 5:"])
    #expect(try links.rows().count == 1)
  }

  @Test func importOfManyRowsIsAdded() throws {
    let links = Links(home: try TestHome().home)
    let rows = Self.rows((0..<1201).map { ["a:1": "a\($0)", "b:1": "b\($0)"] })
    #expect(try links.add(rows) == 1201)
    #expect(try links.rows().count == 1201)
  }
}
