import FoundationEssentials
import StepKit
import Testing
import Togai
import Values

/// Properties of the lines of random revenue trees; `events/togai/invoice-generated` has named cases.
struct RevenueLinesTests {
  @Test(arguments: 0..<500)
  func linesAddUpToTotalOfAnyTree(seed: UInt64) {
    var random = Random(state: seed)
    let places = [0, 2, 3][random.below(3)]
    let tree = tree(depth: 1 + random.below(4), &random)
    // Half of the totals are near the sum of the tree, half are random
    let near = (tree["value"].decimal?.minor(places: places) ?? 0) + random.below(5) - 2
    let total = max(1, random.below(2) == 0 ? near : random.below(100_000))

    let lines = RevenueLines(tree, total: total, places: places, period: "January").lines()

    let sum = lines.reduce(Decimal(0)) { $0 + $1.amount }
    #expect(sum == Money(minor: total, places: places, "USD").amount)
    #expect(lines.allSatisfy { $0.amount != 0 && !$0.description.isEmpty })
    #expect(lines.allSatisfy { $0.amount.minor(places: places) != nil })
    #expect((1...100).contains(lines.count))
  }

  @Test func linesOfConsistentTreeAreKept() {
    var random = Random(state: 1)
    let children = (0..<50).map { _ in leaf(&random) }
    let sum = children.reduce(Decimal(0)) { $0 + ($1["value"].decimal ?? 0) }
    let tree: JSON = ["value": .number(Numeral(sum)), "lineItems": .array(children)]
    let total = sum.minor(places: 2) ?? 0
    let lines = RevenueLines(tree, total: total, places: 2, period: "").lines()
    #expect(lines.count == children.count)
  }
}

/// A node with children that add up to it, exactly, nearly, or not at all.
private func tree(depth: Int, _ random: inout Random) -> JSON {
  guard depth > 0 else { return leaf(&random) }
  var children: [JSON] = []
  for _ in 0...random.below(12) { children.append(tree(depth: depth - 1, &random)) }
  var value = children.reduce(Decimal(0)) { $0 + ($1["value"].decimal ?? 0) }
  switch random.below(6) {
  case 0: value += Decimal(random.below(9)) / 10000
  case 1: value += 1
  default: break
  }
  let type = ["NET_AMOUNT", "TOTAL_CREDITS", "USAGE_RATE_CARD_AMOUNT", ""][random.below(4)]
  return [
    "type": .string(type), "value": .number(Numeral(value)), "lineItems": .array(children),
  ]
}

private func leaf(_ random: inout Random) -> JSON {
  let type = ["USAGE_RATE_CARD_AMOUNT", "SUB_CREDITS", "TAX_AMOUNT"][random.below(3)]
  let value = Decimal(1 + random.below(1_000_000)) / 10000
  return ["description": "leaf", "type": .string(type), "value": .number(Numeral(value))]
}

/// SplitMix64, so that every run has the same trees.
private struct Random {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
