import Testing

struct StepPlaceTests {
  @Test func stepPlaceSetsAndRemovesPlaces() throws {
    let finished = try Shell.run(
      """
      m=.build/debug/meterbridge
      x=$(mktemp)
      echo k | $m connection add chargebee --name c --set site=acme --secret apiKey=- --no-test >$x
      echo k | $m connection add togai --name t --secret token=- --no-test >$x
      $m flow connect chargebee-togai-customer-sync --name n >$x
      s=togai/create-customer
      $m step place $s https://faas.example/one
      printf canary-7f3a9c52-place | $m step place $s https://faas.example/two \\
        --flow-connection n --secret bearer=-
      $m step list | grep $s | tr -s ' '
      $m step list --json | grep $s
      $m step place $s local --flow-connection n
      $m step place $s default --flow-connection n
      $m step place $s default
      $m step list | grep -c https
      echo k | $m step place $s local --secret bearer=-; echo "$?"
      $m step place togai/record-payment local --flow-connection n; echo "$?"
      $m step place $s http://faas.example/one; echo "$?"
      """)
    #expect(
      finished.output == """
        togai/create-customer is called at https://faas.example/one
        togai/create-customer is called at https://faas.example/two in n
        togai/create-customer action https://faas.example/one
        togai/create-customer action https://faas.example/two n
        {"kind":"action","place":"https://faas.example/one","step":"togai/create-customer"}
        {"auth":"bearer","flowConnection":"n","kind":"action","place":"https://faas.example/two",\
        "step":"togai/create-customer"}
        togai/create-customer is called on this machine in n
        togai/create-customer is called at https://faas.example/one in n
        togai/create-customer is called on this machine
        0
        64
        64
        77

        """, "\(finished.error)")
  }
}
