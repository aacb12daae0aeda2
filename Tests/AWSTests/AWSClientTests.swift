import AWS
import HTTPClient
import HTTPTypes
import Store
import TestSupport
import Testing
import Values

@Suite struct AWSClientTests {
  private let transport = FaultyTransport()

  private func list(_ changes: [String: String] = [:], tries: Int = 4) throws -> JSON {
    try Stand.client(transport, environment: changes, tries: tries)
      .call(.dynamoDB, "ListTables", [:])
  }

  // MARK: - Signatures

  @Test func signedRequestIsAnswered() throws {
    #expect(try list()["TableNames"].array != nil)
    // A value that a header or a path would have to encode
    let client = try Stand.client(transport)
    #expect(throws: AWSError.self) {
      try client.call(.dynamoDB, "DescribeTable", ["TableName": "a b/%c+é"])
    }
  }

  @Test func wrongSecretIsDenied() throws {
    for changes in [
      ["AWS_SECRET_ACCESS_KEY": "s3same"], ["AWS_ACCESS_KEY_ID": "AKIANOBODY"],
      ["AWS_SECRET_ACCESS_KEY": "s3same", "AWS_SESSION_TOKEN": "t0ken"],
    ] {
      transport.reset()
      #expect { try list(changes) } throws: { error in
        guard case .denied? = error as? AWSError else { return false }
        return !"\(error)".contains("s3same") && !"\(error)".contains("t0ken")
      }
      #expect(transport.actions.count == 1)
    }
  }

  @Test func actionOutsideThePolicyIsDenied() throws {
    let reader = try AWSEmulator.shared.get().readingKey
    let client = try Stand.client(
      transport,
      environment: ["AWS_ACCESS_KEY_ID": reader.id, "AWS_SECRET_ACCESS_KEY": reader.secret])
    #expect { try client.call(.dynamoDB, "DeleteTable", ["TableName": "t"]) } throws: { error in
      guard case .denied? = error as? AWSError else { return false }
      return true
    }
  }

  @Test func missingTableIsNamed() throws {
    let client = try Stand.client(transport)
    let error = #expect(throws: StoreError.self) {
      try DynamoDBStore(client: client, table: "nowhere", space: "home")
    }
    #expect(error?.isTemporary == false)
    #expect("\(try #require(error))".contains("has no such table"))
  }

  // MARK: - Trouble that passes

  @Test(arguments: FaultyTransport.Fault.allCases)
  func passingTroubleIsRepeated(_ fault: FaultyTransport.Fault) throws {
    transport.reset { number, _ in number < 2 ? fault : nil }
    #expect(try list()["TableNames"].array != nil)
    #expect(transport.actions.count == (fault == .conflict ? 1 : 3))
  }

  @Test func troubleThatStaysIsTyped() throws {
    typealias Case = (fault: FaultyTransport.Fault, error: (AWSError) -> Bool)
    let cases: [Case] = [
      (.throttled, { if case .throttled = $0 { true } else { false } }),
      (.unreachable, { if case .transient(_, inDoubt: false) = $0 { true } else { false } }),
      (.lostAnswer, { if case .transient(_, inDoubt: true) = $0 { true } else { false } }),
      (.serverError, { if case .transient(_, inDoubt: true) = $0 { true } else { false } }),
    ]
    for (fault, isMeant) in cases {
      transport.reset { _, _ in fault }
      #expect { try list(tries: 3) } throws: { ($0 as? AWSError).map(isMeant) ?? false }
      #expect(transport.actions.count == 3)
    }
    // One try in doubt leaves all in doubt
    transport.reset { number, _ in number == 0 ? .lostAnswer : .throttled }
    #expect { try list(tries: 3) } throws: { error in
      guard case .transient(_, inDoubt: true)? = error as? AWSError else { return false }
      return true
    }
  }

  // MARK: - Settings

  @Test func accountNeedsItsVariables() throws {
    let all = [
      "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s3cret",
    ]
    let account = try AWSAccount(environment: all)
    #expect(account.endpoint == nil)
    for name in all.keys {
      let error = #expect(throws: Problem.self) {
        try AWSAccount(environment: all.filter { $0.key != name })
      }
      #expect(error?.kind == .configuration)
      #expect(error?.description.contains(name) == true)
    }
    var dumped = ""
    dump(account, to: &dumped)
    #expect(!dumped.contains("s3cret") && !"\(account)".contains("s3cret"))
    let signing = RequestSigning(region: "r", service: "s", keyID: "AKIA", secret: "s3cret")
    dump(signing, to: &dumped)
    #expect(!dumped.contains("s3cret") && !"\(signing)".contains("s3cret"))
  }

  @Test func endpointIsOfThisMachineOrConfidential() throws {
    func account(_ endpoint: String, region: String = "eu-central-1") throws -> AWSAccount {
      try AWSAccount(region: region, keyID: "AKIA", secret: Secret("s"), endpoint: endpoint)
    }
    for good in ["http://127.0.0.1:5000", "http://localhost:5000/", "https://vpce-1.amazonaws.com"]
    { #expect(try account(good).endpoint == good) }
    for bad in [
      "http://10.0.0.1:5000", "http://example.com", "https://example.com/path", "ftp://localhost",
      "https://user:word@example.com", "https://example.com?x=1", "",
    ] { #expect(throws: Problem.self) { try account(bad) } }
    for bad in ["", "eu central", "x.evil.example#", "EU"] {
      #expect(throws: Problem.self) { try account("http://localhost", region: bad) }
    }
  }
}
