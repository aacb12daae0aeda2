import FoundationEssentials
public import StepKit
public import Values

/// The lines of an invoice, from Togai's revenue tree.
///
/// The lines always add up to the total. A node whose children do not add up to it (as in Togai's own
/// example) is a line itself, the rounding difference goes to the largest line, and a tree that does
/// not fit the total becomes one line. No line has the amount 0. A line that is not expanded may hold
/// taxes: so says the line of a node with taxes below it, and of a total without parts.
public struct RevenueLines: Sendable {
  /// The most lines; further ones are grouped, since Chargebee documents no limit.
  private static let most = 100

  private let tree: JSON
  private let total: Int
  private let places: Int
  private let period: String

  /// The lines for a total in minor units; the period describes a line
  /// without a name.
  public init(_ tree: JSON, total: Int, places: Int, period: String) {
    self.tree = tree
    self.total = total
    self.places = places
    self.period = period
  }

  /// The lines, in the order of the tree.
  public func lines() -> [InvoiceLine] {
    let root = RevenueNode(tree.array == nil ? tree : ["lineItems": tree])
    guard reconciles(root.amount, Decimal(minor: total, places: places)) else {
      return [single(root.description, mayHoldTax: root.holdsTax)]
    }
    guard !root.children.isEmpty else { return [single(nil, mayHoldTax: true)] }

    let leaves = leaves(of: root, sign: 1, isTax: false)
    guard let lines = balanced(leaves) else {
      return [single(root.description, mayHoldTax: root.holdsTax)]
    }
    return grouped(lines).map(line)
  }
}

// MARK: - Leaves

extension RevenueLines {
  /// A line in minor units.
  private struct Leaf {
    var text: String
    var minor: Int
    var isTax: Bool
    var mayHoldTax = false
  }

  private func line(_ leaf: Leaf) -> InvoiceLine {
    var line = InvoiceLine(
      description: leaf.text, amount: Decimal(minor: leaf.minor, places: places), isTax: leaf.isTax)
    line.mayHoldTax = leaf.mayHoldTax
    return line
  }

  /// The nodes that are not expanded; nil for an amount that does not fit an integer.
  private func leaves(of node: RevenueNode, sign: Decimal, isTax: Bool) -> [Leaf?] {
    let isTax = isTax || node.isTax
    guard let signs = signs(of: node) else {
      let minor = (sign * node.amount).minor(places: places)
      let mayHoldTax = !isTax && node.holdsTax
      return [minor.map { Leaf(text: node.text, minor: $0, isTax: isTax, mayHoldTax: mayHoldTax) }]
    }
    return zip(node.children, signs).flatMap { child, own in
      leaves(of: child, sign: sign * own, isTax: isTax)
    }
  }

  /// The signs with which the children add up to the node; nil if they do not, or are only slabs.
  ///
  /// Credits are negative numbers, or positive ones that are deducted.
  private func signs(of node: RevenueNode) -> [Decimal]? {
    guard !node.children.isEmpty, !node.isRateCard else { return nil }
    let unchanged = node.children.map { _ in Decimal(1) }
    let deducted = node.children.map { Decimal($0.isCredit ? -1 : 1) }
    return [unchanged, deducted].first { signs in
      let sum = zip(node.children, signs).reduce(Decimal(0)) { $0 + $1.0.amount * $1.1 }
      return reconciles(sum, node.amount)
    }
  }

  /// Whether two amounts differ by less than a minor unit; false if one is not a number.
  private func reconciles(_ one: Decimal, _ other: Decimal) -> Bool {
    let difference = (one - other).magnitude
    return !difference.isNaN && difference < Decimal(minor: 1, places: places)
  }
}

// MARK: - Balance

extension RevenueLines {
  /// The leaves, with the difference to the total on the largest one; nil if the difference is more
  /// than rounding explains, one unit a line.
  private func balanced(_ leaves: [Leaf?]) -> [Leaf]? {
    let lines = leaves.compactMap(\.self)
    guard lines.count == leaves.count, let sum = sum(lines) else { return nil }
    let (difference, overflow) = total.subtractingReportingOverflow(sum)
    guard !overflow, difference.magnitude <= UInt(lines.count),
      let largest = lines.indices.max(by: { lines[$0].minor < lines[$1].minor })
    else { return nil }
    var balanced = lines
    balanced[largest].minor += difference
    return balanced.filter { $0.minor != 0 }
  }

  /// The sum; nil if it, or a partial sum, might not fit an integer.
  private func sum(_ lines: [Leaf]) -> Int? {
    var gross: UInt = 0
    for line in lines {
      let (next, overflow) = gross.addingReportingOverflow(line.minor.magnitude)
      guard !overflow, next < UInt(Int.max / 2) else { return nil }
      gross = next
    }
    return lines.reduce(0) { $0 + $1.minor }
  }

  /// The first lines unchanged, and the rest as one line each of charges, taxes and credits.
  private func grouped(_ lines: [Leaf]) -> [Leaf] {
    guard lines.count > Self.most else { return lines }
    let kept = Self.most - 3
    let rest = lines.dropFirst(kept)
    func group(_ text: String, isTax: Bool, _ isMember: (Leaf) -> Bool) -> [Leaf] {
      let members = rest.filter(isMember)
      let sum = members.reduce(0) { $0 + $1.minor }
      guard !members.isEmpty else { return [] }
      return [
        Leaf(
          text: "\(text) (\(members.count) lines)", minor: sum, isTax: isTax,
          mayHoldTax: members.contains(where: \.mayHoldTax))
      ]
    }
    return Array(lines.prefix(kept))
      + group("More charges", isTax: false) { !$0.isTax && $0.minor > 0 }
      + group("More taxes", isTax: true) { $0.isTax && $0.minor > 0 }
      + group("More credits", isTax: false) { $0.minor < 0 }
  }

  private func single(_ text: String?, mayHoldTax: Bool) -> InvoiceLine {
    let text = (text ?? "Usage \(period)").truncated(to: 250)
    return line(Leaf(text: text, minor: total, isTax: false, mayHoldTax: mayHoldTax))
  }
}
