import FoundationEssentials
import StepKit
import Values

/// The items that an invoice or a subscription sold, by item price.
struct PaidItems {
  /// A paid item, and the id of the customer who uses it.
  typealias Item = (item: PaidItem, user: String?)

  /// The term of a subscription in seconds.
  typealias Term = Range<Int>

  /// The current terms of subscriptions, by the bytes of their ids; with one, a part of a term can be told
  /// from a whole.
  let terms: [[UInt8]: Term]
  /// The lines of credit notes: a change in the middle of a term may pay back the former quantity there.
  var noted: [PaidLine] = []

  /// The items of lines, in the order of the lines and of their periods.
  ///
  /// Periods of one price that follow each other are items of their own: a term each. A change in the
  /// middle of a term leaves several lines for one price of a subscription: credits, which are not
  /// purchases, and charges that overlap, the latest of which holds from then on. Lines of several
  /// subscriptions for the same time add up.
  func items(of lines: [PaidLine]) -> [Item] {
    struct Key: Hashable { let price: [UInt8], user: [UInt8]? }
    func key(_ line: PaidLine) -> Key {
      Key(price: line.price.byteKey, user: line.user?.byteKey)
    }
    let byKey = Dictionary(grouping: lines, by: key)
    var taken: Set<Key> = []
    return lines.filter { !$0.isCredit }.filter { taken.insert(key($0)).inserted }
      .flatMap { line in items(of: byKey[key(line)] ?? []).map { ($0, line.user) } }
  }

  // MARK: Private

  /// The items of the lines of one price and one user.
  private func items(of lines: [PaidLine]) -> [PaidItem] {
    let bySubscription = Dictionary(grouping: lines, by: \.subscription.byteKey)
    let sorted = bySubscription.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let items = sorted.flatMap { subscription, lines in
      let credits = lines.filter(\.isCredit)
      return periods(of: lines.filter { !$0.isCredit })
        .map { item(of: $0, credits, terms[subscription]) }
    }
    return merged(items.sorted { ($0.from ?? Self.first) < ($1.from ?? Self.first) })
  }

  /// The charges of a subscription by period; of those that overlap, the ones that begin last.
  private func periods(of charges: [PaidLine]) -> [[PaidLine]] {
    var periods: [[PaidLine]] = []
    for line in charges.sorted(by: { $0.from < $1.from }) {
      guard let last = periods.last?.first, last.overlaps(line) || last.from == line.from else {
        periods.append([line])
        continue
      }
      if last.from == line.from {
        periods[periods.count - 1].append(line)
      } else {
        periods[periods.count - 1] = [line]
      }
    }
    return periods
  }

  private func item(of lines: [PaidLine], _ credits: [PaidLine], _ term: Term?) -> PaidItem {
    var item = PaidItem(
      price: lines[0].price, quantity: lines.reduce(0) { $0 + $1.quantity })
    item.amount = lines.reduce(Decimal(0)) { $0 + $1.amount }
    item.from = lines.compactMap(\.start).min().map(Timestamp.init(seconds:))
    item.to = lines.compactMap(\.to).max().map(Timestamp.init(seconds:))
    if let term, let share = share(of: lines[0], in: term) {
      item.share = share
      // Of several changes on one invoice, the first credit is for what was granted before
      item.formerQuantity =
        credits.filter { $0.overlaps(lines[0]) }.min { $0.from < $1.from }?.quantity
        ?? noted.first { $0.isFormer(of: lines[0]) }?.quantity
    }
    return item
  }

  /// The subscriptions that changed in the middle of a term, without a credit of the former quantity among
  /// the lines themselves.
  func changed(in lines: [PaidLine]) -> [String] {
    let credits = lines.filter(\.isCredit)
    let changes = lines.filter { line in
      guard !line.isCredit, let term = terms[line.subscription.byteKey] else { return false }
      let isKnown = credits.contains {
        $0.price.hasBytes(of: line.price) && $0.subscription.hasBytes(of: line.subscription)
          && $0.overlaps(line)
      }
      return !isKnown && share(of: line, in: term) != nil
    }
    return changes.map(\.subscription).distinctByBytes
  }

  /// The share of a term in millionths, rounded down; nil for a whole term.
  private func share(of line: PaidLine, in term: Term) -> Decimal? {
    guard let to = line.to, line.from < to, !term.isEmpty else { return nil }
    let length = to - line.from
    let isInside =
      line.from >= term.lowerBound && to <= term.upperBound && length < term.count
    // Of an earlier or later term, whose length may differ by the days of a month
    let isShort = length < term.count - 4 * 86_400
    guard isInside || (isShort && !term.overlaps(line.from..<to)) else { return nil }
    return Decimal(minor: length * 1_000_000 / term.count, places: 6)
  }

  /// The items with those of several subscriptions for the same time added up.
  private func merged(_ items: [PaidItem]) -> [PaidItem] {
    var merged: [PaidItem] = []
    for item in items {
      guard var last = merged.last, last.share == nil, item.share == nil,
        item.from ?? Self.first < last.to ?? Self.last
      else {
        merged.append(item)
        continue
      }
      last.quantity += item.quantity
      last.amount = item.amount.map { (last.amount ?? 0) + $0 }
      last.to = [last.to, item.to].compactMap(\.self).max()
      merged[merged.count - 1] = last
    }
    return merged
  }

  private static let first = Timestamp(seconds: .min)
  private static let last = Timestamp(seconds: .max)
}
