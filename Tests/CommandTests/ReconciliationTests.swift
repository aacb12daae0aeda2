import Foundation
import StepKit
import Testing
import Values

/// `reconcile --keep`, and what people say of a result with `reconciliation`.
struct ReconciliationTests {
  /// A home with two connections and the invoice flow, and an invoice in Togai that nobody billed.
  private static let unbilled = """
    echo togai_sandbox | $m connection add togai --name t --secret token=- --set baseUrl=$togai >/dev/null
    echo test_sandbox | $m connection add chargebee --name c --secret apiKey=- --set site=acme \
      --set baseUrl=$chargebee --no-test >/dev/null
    $m flow connect togai-chargebee-invoice-sync --name bills --enable --no-check >/dev/null
    root=${togai%/togai*}/sandbox/togai
    post() { curl -s -o /dev/null -H 'Content-Type: application/json' -d "$2" "$root/$1"; }
    curl -s -o /dev/null -H "Authorization: Bearer togai_sandbox" -H 'Content-Type: application/json' \
      -d '{"id":"acme","name":"Acme","primaryEmail":"a@acme.example","address":{},"account":{"id":"acme","name":"Acme","invoiceCurrency":"USD","address":{}}}' \
      "$togai/customers"
    post invoices '{"account":"acme","id":"inv.1","totalAmount":12}'
    post invoices/inv.1/generate '{}'
    id() { $m reconciliation list --json | tail -1 | sed 's/.*"id":"\\([^"]*\\)".*/\\1/'; }
    """

  @Test func differencesAreExplainedAndTheResultIsSignedOff() throws {
    let finished = try Shell.runBesideSandbox(
      """
      \(Self.unbilled)
      $m reconcile --keep | tail -1
      id=$(id)
      $m reconciliation list | tail -1 | grep -o agrees
      $m reconciliation show $id --json > $said
      digest=$(sed 's/.*"digest":"\\([^"]*\\)".*/\\1/' $said)
      difference=$(sed 's/.*"differences":\\[.*"id":"\\([0-9a-f]*\\)".*/\\1/' $said)
      $m reconciliation show $id | grep -c inv.1
      $m reconciliation sign-off $id --digest 00; echo "status $?"
      $m reconciliation explain $id $difference --reason 'billed by hand' | sed s/$difference/D/
      $m reconciliation show $id | grep -o ': billed by hand'
      $m reconciliation reopen $id $difference | sed s/$difference/D/
      $m reconciliation explain $id none --reason x; echo "status $?"
      $m reconciliation sign-off $id --digest $digest --note fine | sed s/$id/ID/
      $m reconciliation rm $id --yes; echo "status $?"
      """)
    #expect(
      finished.output == """
        They agree; 1 may be on their way.
        agrees
        1
        status 77
        D is explained
        : billed by hand
        D is open
        status 66
        signed off ID
        status 77

        """, "\(finished.output)\n\(finished.error)")
    #expect(finished.error.contains("the result is not the one that was shown"))
    #expect(finished.error.contains("is signed off, and is kept"))
  }
}
