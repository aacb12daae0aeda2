import FoundationEssentials
import Setup
import Values

/// What has left by a flow connection, as far as its policy counts it: the document
/// `spent/<flow connection>`.
///
/// `total` is the number of changes since the policy counts them, and `buckets` has the number and the sums
/// by currency of each quarter of an hour, of the last days only: hours and days of all time zones begin
/// with one. A change is counted in the transaction that stores it as intended, before it is sent, so a crash
/// cannot let more leave. One that is known not to have happened is counted anew when it is tried again.
/// `failures` has the times of changes that failed, and `brokenSince` says that the breaker is open.
struct Spending {
  /// The changes of a quarter of an hour.
  struct Bucket {
    var count = 0
    var sums: [String: Decimal] = [:]
  }

  /// A change that was counted.
  struct Counted {
    let bucket: String
    let money: Money?

    init(bucket: String, money: Money?) { (self.bucket, self.money) = (bucket, money) }

    /// Reads what ``json`` is; nil if it is not there.
    init?(_ json: JSON) {
      guard let bucket = json["at"].string else { return nil }
      self.bucket = bucket
      money = json["currency"].string.flatMap { currency in
        json["amount"].amount.map { Money($0, currency) }
      }
    }

    var json: JSON {
      .members([
        "at": .string(bucket), "amount": .decimal(money?.amount),
        "currency": .text(money?.currency),
      ])
    }
  }

  private(set) var total = 0
  private var buckets: [String: Bucket] = [:]
  private var failures: [Timestamp] = []
  private(set) var brokenSince: Timestamp?

  /// The age from which a bucket is not kept, in seconds: no day is as long.
  private static let kept = 27 * 3600

  init() {}

  /// Reads a document.
  ///
  /// - Throws: An `io` problem if it is not JSON, a `configuration` problem if it is not as it is written.
  init(_ text: String, at key: String) throws(Problem) {
    let facts = ObjectReader(try Home.document(in: text, at: key), of: "the record \(key)")
    total = min(max(facts.json["total"].int ?? 0, 0), 1_000_000_000)
    for (name, document) in facts.json["buckets"].object ?? [:] {
      guard let count = document["count"].int, count >= 0 else {
        throw facts.wrong("buckets", "has no count at \(name)")
      }
      var bucket = Bucket(count: min(count, 1_000_000_000))
      for (currency, sum) in document["sums"].object ?? [:] {
        guard let sum = sum.amount else { throw facts.wrong("buckets", "has no sum at \(name)") }
        bucket.sums[currency] = sum
      }
      buckets[name] = bucket
    }
    failures = facts.json["failures"].items.compactMap(\.time)
    brokenSince = facts.json["brokenSince"].time
  }

  var json: JSON {
    .members([
      "total": total == 0 ? nil : .int(total),
      "buckets": buckets.isEmpty
        ? nil
        : .object(
          buckets.mapValues { bucket in
            .members([
              "count": .int(bucket.count),
              "sums": bucket.sums.isEmpty
                ? nil : .object(bucket.sums.mapValues { .number(Numeral($0)) }),
            ])
          }),
      "failures": failures.isEmpty ? nil : .array(failures.map { .string($0.text) }),
      "brokenSince": .text(brokenSince?.text),
    ])
  }

  /// Counts a change that is about to leave.
  mutating func count(_ money: Money?, at now: Timestamp) -> Counted {
    let oldest = Self.bucket(now.adding(seconds: -Self.kept))
    buckets = buckets.filter { $0.key >= oldest }
    let name = Self.bucket(now)
    total += 1
    buckets[name, default: Bucket()].count += 1
    if let money {
      buckets[name, default: Bucket()].sums[money.currency, default: 0] += money.amount
    }
    return Counted(bucket: name, money: money)
  }

  /// Takes back a change that has not happened.
  mutating func uncount(_ counted: Counted) {
    total = max(total - 1, 0)
    guard var bucket = buckets[counted.bucket] else { return }
    bucket.count = max(bucket.count - 1, 0)
    if let money = counted.money {
      bucket.sums[money.currency] = max((bucket.sums[money.currency] ?? 0) - money.amount, 0)
    }
    buckets[counted.bucket] = bucket
  }

  /// The number of changes since a time with which a quarter of an hour begins.
  func count(since start: Timestamp) -> Int {
    buckets.reduce(0) { $0 + ($1.key >= Self.bucket(start) ? $1.value.count : 0) }
  }

  /// The sum of a currency since a time with which a quarter of an hour begins.
  func sum(of currency: String, since start: Timestamp) -> Decimal {
    buckets.reduce(Decimal(0)) { sum, entry in
      sum + (entry.key >= Self.bucket(start) ? entry.value.sums[currency] ?? 0 : 0)
    }
  }

  /// Notes a failure, and opens the breaker if there were too many.
  mutating func fail(at now: Timestamp, _ breaker: Policy.Breaker) {
    let oldest = now.adding(seconds: -60 * breaker.minutes)
    failures = (failures.filter { $0 > oldest } + [now]).suffix(breaker.failures)
    if failures.count >= breaker.failures { brokenSince = brokenSince ?? now }
  }

  /// Closes the breaker, and begins to count the first changes.
  mutating func reset() {
    (total, failures, brokenSince) = (0, [], nil)
  }

  private static func bucket(_ time: Timestamp) -> String {
    let quarter = Timestamp(seconds: time.seconds - ((time.seconds % 900) + 900) % 900)
    return String(quarter.text.prefix(16))
  }
}
