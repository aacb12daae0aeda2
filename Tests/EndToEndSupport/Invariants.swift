import Dispatcher
import Records
import Sandbox
public import Setup
import StepKit
import Values

/// What must hold in all systems once every run has ended: each record exists exactly once.
public struct Invariants {
  private let chargebee: JSON
  private let togai: JSON
  private let zohobooks: JSON
  private let links: [Links.Row]
  private let runs: [Run]
  private var violations: [String] = []
  private var expected = 0

  /// An invariant.
  public enum Claim: Sendable, Hashable {
    /// Each customer of Chargebee has one customer and one account in Togai, and one link.
    case customers
    /// Each customer of Chargebee has one comment on Togai.
    case comments
    /// Each payment for a plan has one purchase, whose order is paid once.
    case grants
    /// Each invoice of Togai has one in Chargebee of the same total, and one link.
    case invoices
    /// Each invoice is paid once in Togai, and once in Chargebee.
    case paid
    /// Togai has the new name of the customer.
    case renamed
    /// Each account of Togai has one contact in Zoho Books.
    case contacts
    /// Each invoice of Togai has one in Zoho Books.
    case bills
    /// The invoice has a status in Togai and one in Chargebee, and as many payments on both sides.
    case ended(String, String)
    /// All credits that were granted are void.
    case voided
    /// What was not synced was told by mail and in Slack: a second mail is the same one.
    case told
    /// The only price plan of the account is this one, with an open end or ended.
    case plan(String, isOpen: Bool)
    /// The only promotional credit is of this amount, in cents.
    case credited(Int)
    /// The quantity of the license is this one.
    case licenses(Int)
  }

  /// The invariants that do not hold.
  ///
  /// `payments` is the number of Chargebee's payments that were for a plan, nil for all; `home` is the
  /// home with the runs, if not the fixture's.
  public static func violations(
    in fixture: EndToEnd, payments: Int? = nil, home: Home? = nil,
    claims: Set<Claim> = [.customers, .comments, .grants, .invoices]
  ) throws -> [String] {
    var invariants = try Invariants(fixture, home ?? fixture.registry.home)
    let booked = invariants.all(invariants.chargebee["transactions"]).filter {
      $0["type"] == "payment"
    }
    invariants.expected = payments ?? booked.count
    for claim in claims { invariants.check(claim) }
    if claims.contains(.told) { try invariants.checkNotices(fixture) }
    invariants.checkRuns(besides: claims.contains(.told) ? [.notSynced] : [])
    invariants.violations += Canary.files(in: fixture.path).map { "a key is in \($0)" }
    return invariants.violations
  }

  private init(_ fixture: EndToEnd, _ home: Home) throws {
    let state = fixture.sandbox.state
    chargebee = state["chargebee"]
    togai = state["togai"]
    zohobooks = state["zohobooks"]
    links = try Links(home: home).rows()
    runs = try RunStore(home: home).runs()
  }

  private func all(_ things: JSON) -> [JSON] { things.array ?? [] }

  private mutating func expect(_ holds: Bool, _ violation: @autoclosure () -> String) {
    if !holds { violations.append(violation()) }
  }

  private mutating func check(_ claim: Claim) {
    switch claim {
    case .customers: checkCustomers()
    case .comments: checkComments()
    case .grants: checkGrants()
    case .invoices: checkInvoices()
    case .paid: checkPaid()
    case .renamed:
      let isRenamed = all(togai["accounts"]).contains { $0["name"] == "Renamed Ltd" }
      expect(isRenamed, "Togai does not have the new name")
    case .contacts: checkContacts()
    case .bills: checkBills()
    case .voided:
      for credit in all(togai["credits"]) {
        expect(credit["status"] == "VOIDED", "credits are \(credit["status"].text)")
      }
    case .plan(let plan, let isOpen):
      let schedules = (togai["schedules"].object ?? [:]).values.flatMap(all)
      let open = schedules.filter { $0["endDate"].string?.hasPrefix("9999") == true }
      expect(!schedules.isEmpty, "no price plan was associated")
      expect(schedules.allSatisfy { $0["pricePlanId"].string == plan }, "\(schedules)")
      expect(open.count == (isOpen ? 1 : 0), "\(open.count) price plans have an open end")
    case .credited(let cents):
      let amounts = all(chargebee["promotional_credits"]).map { $0["amount"].int }
      expect(amounts == [cents], "the promotional credits are of \(amounts)")
    case .licenses(let quantity):
      let last = all(togai["licenseUpdates"]).last?["quantity"].int
      expect(last == quantity, "the quantity is \(last ?? -1), not \(quantity)")
    case .ended(let togai, let chargebee): checkEnding(togai, chargebee)
    case .told: break
    }
  }

  /// The invoices of Togai that are no orders.
  private var due: [JSON] { all(togai["invoices"]).filter { $0["invoiceClass"] == "INVOICE" } }

  private mutating func checkCustomers() {
    let customers = all(chargebee["customers"]).compactMap { $0["id"].string }
    expect(all(togai["customers"]).count == customers.count, "not one Togai customer for each")
    expect(all(togai["accounts"]).count == customers.count, "not one Togai account for each")
    for id in customers {
      let same = all(togai["accounts"]).count { $0["id"].string == id }
      expect(same == 1, "customer \(id) has \(same) accounts")
      let rows = links.count { $0.kind == .customer && $0.ids["chargebee:acme"] == id }
      expect(rows == 1, "customer \(id) has \(rows) links")
    }
  }

  private mutating func checkComments() {
    for id in all(chargebee["customers"]).compactMap({ $0["id"].string }) {
      // Another app may be said later, by itself
      let comments = all(chargebee["comments"]).count {
        $0["entity_type"] == "customer" && $0["entity_id"].string == id
          && $0["notes"].string?.contains("Togai customer") == true
      }
      expect(comments == 1, "customer \(id) has \(comments) comments on Togai")
    }
  }

  private mutating func checkGrants() {
    let expected = expected
    let purchases = all(togai["purchases"])
    expect(
      purchases.count == expected, "\(purchases.count) purchases for \(expected) payments")
    for purchase in purchases {
      let id = purchase["id"].string ?? "?"
      expect(purchase["status"] == "SUCCESS", "purchase \(id) is \(purchase["status"].text)")
      let order = purchase["invoiceId"].string ?? "?"
      let invoice = all(togai["invoices"]).first { $0["id"].string == order } ?? .null
      expect(invoice["status"] == "PAID", "order \(order) is \(invoice["status"].text)")
      let paid = all(togai["payments"]).count { $0.text.contains(order) }
      expect(paid == 1, "order \(order) was paid \(paid) times")
      expect(
        links.count { $0.kind == .grant && $0.ids.values.contains(id) } == 1,
        "purchase \(id) is not linked once")
    }
    let granted = all(togai["credits"]).reduce(0) { $0 + ($1["granted"].int ?? 0) }
    expect(
      granted == 1000 * expected, "\(granted) credits granted for \(expected) payments")
  }

  private mutating func checkInvoices() {
    let due = due
    let made = all(chargebee["invoices"])
    let own = made.filter { !$0["po_number"].isNull }
    expect(own.count == due.count, "\(own.count) invoices made for \(due.count)")
    for invoice in due {
      let id = invoice["id"].string ?? "?"
      let same = own.filter { $0["po_number"].string == id }
      expect(same.count == 1, "invoice \(id) was made \(same.count) times")
      let total = invoice["totalAmount"].decimal?.minor(places: 2)
      expect(same.first?["total"].int == total, "the totals of \(id) differ")
      let comments = all(chargebee["comments"]).count { $0["entity_id"] == same.first?["id"] }
      expect(comments <= 1, "invoice \(id) has \(comments) comments")
      let row = links.first { $0.kind == .invoice && $0.ids.values.contains(id) }
      expect(
        row?.ids["chargebee:acme"] == same.first?["id"].string, "invoice \(id) is linked wrongly")
    }
  }

  private mutating func checkPaid() {
    for invoice in due {
      let id = invoice["id"].string ?? "?"
      expect(invoice["status"] == "PAID", "invoice \(id) is \(invoice["status"].text) in Togai")
      let paid = all(togai["payments"]).count { $0.text.contains(id) }
      expect(paid == 1, "invoice \(id) was paid \(paid) times in Togai")
    }
    for payment in all(togai["payments"]) {
      let id = payment["id"].string ?? "?"
      let invoices = all(payment["lineItemRecords"]).compactMap { $0["togaiId"].string }
      let rows = links.filter { row in
        // A payment whose answer was lost is linked by its invoice.
        guard row.kind == .payment, let own = row.ids["togai:production"] else { return false }
        return own == id || invoices.contains { own.hasPrefix("\($0)#") }
      }
      expect(rows.count == 1, "payment \(id) has \(rows.count) links")
    }
    let made = all(chargebee["invoices"])
    for invoice in made where invoice["status"] != "paid" {
      violations.append("invoice \(invoice["id"].text) is \(invoice["status"].text) in Chargebee")
    }
    let expected = made.count { $0["credits_applied"] == 0 }
    let payments = all(chargebee["transactions"]).count
    expect(
      payments == expected, "\(payments) payments in Chargebee for \(expected) invoices")
  }

  private mutating func checkContacts() {
    let (contacts, accounts) = (all(zohobooks["contacts"]), all(togai["accounts"]))
    expect(
      contacts.count == accounts.count,
      "\(contacts.count) contacts for \(accounts.count) accounts")
    for contact in contacts {
      let id = contact["contact_id"].string ?? "?"
      let rows = links.filter { $0.kind == .customer && $0.ids[Self.books] == id }
      let account = rows.first?.ids["togai:production"]
      expect(rows.count == 1, "contact \(id) has \(rows.count) links")
      expect(
        accounts.contains { $0["id"].string == account }, "contact \(id) is linked wrongly")
    }
  }

  private mutating func checkBills() {
    let (bills, due) = (all(zohobooks["invoices"]), due)
    expect(bills.count == due.count, "\(bills.count) invoices in Zoho Books for \(due.count)")
    for invoice in due {
      let id = invoice["id"].string ?? "?"
      let rows = links.filter { $0.kind == .invoice && $0.ids["togai:production"] == id }
      let bill = rows.first?.ids[Self.books]
      expect(rows.count == 1, "invoice \(id) has \(rows.count) links")
      expect(
        bills.contains { $0["invoice_id"].string == bill },
        "invoice \(id) is linked to none in Zoho Books")
    }
  }

  private mutating func checkEnding(_ togaiStatus: String, _ chargebeeStatus: String) {
    for invoice in due {
      let id = invoice["id"].string ?? "?"
      expect(invoice["status"].string == togaiStatus, "invoice \(id) is \(invoice["status"].text)")
      let made = all(chargebee["invoices"]).filter { $0["po_number"].string == id }
      expect(made.count == 1, "invoice \(id) was made \(made.count) times")
      let status = made.first?["status"] ?? .null
      expect(status.string == chargebeeStatus, "invoice \(id) is \(status.text) in Chargebee")
      let due = made.first?["amount_due"].int ?? 0
      expect(due == 0, "\(due) of invoice \(id) are due in Chargebee")
    }
    let writeOffs = all(chargebee["credit_notes"]).filter { $0["reason_code"] == "write_off" }
    let expected = togaiStatus == "UN_COLLECTIBLE" ? due.count : 0
    expect(writeOffs.count == expected, "\(writeOffs.count) write-offs for \(expected)")
    let payments = all(chargebee["transactions"]).filter { $0["type"] == "payment" }.count
    let paid = ["PAID", "REFUND_INITIATED"].contains(togaiStatus) ? due.count : 0
    expect(payments == paid, "\(payments) payments in Chargebee for \(paid)")
    let recorded = all(togai["payments"]).count
    let wanted = togaiStatus == "REFUND_INITIATED" ? paid : 0
    expect(recorded == wanted, "\(recorded) payments in Togai for \(wanted)")
  }

  private static let books = "zohobooks:10234695"

  private mutating func checkNotices(_ fixture: EndToEnd) throws {
    expect(runs.contains { $0.status == .notSynced }, "all is synced")
    let mails = try fixture.mails()
    let ids = Set(mails.map { $0["headers"]["Message-ID"].text })
    expect(ids.count == 1, "\(mails.count) mails with \(ids.count) ids")
    expect(mails.allSatisfy { $0["text"] == mails[0]["text"] }, "the mails differ")
    let messages = fixture.sandbox.slackMessages()
    expect(Set(messages).count == 1, "\(messages.count) different messages in Slack")
  }

  private mutating func checkRuns(besides: Set<Run.Status>) {
    for run in runs
    where run.status != .success && run.status != .stopped && !besides.contains(run.status) {
      violations.append("run \(run.id) is \(run.status.rawValue): \(run.reason ?? "")")
    }
  }
}
