import Foundation
import Values

/// DynamoDB on this machine, for the time of the tests: Python's moto, which checks signatures.
///
/// It answers one request after another: moto's transactions are not made for several at a time.
package final class AWSEmulator: Sendable {
  /// The URL.
  package let endpoint: String
  /// The id and the secret of a key that may use the tables.
  package let key: (id: String, secret: String)
  /// The id and the secret of a key that may only read.
  package let readingKey: (id: String, secret: String)

  /// The emulator of this process, which ends with it.
  package static let shared = Result { try AWSEmulator() }

  /// The variables of a key, for a command.
  package var environment: [String: String] {
    [
      "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": key.id,
      "AWS_SECRET_ACCESS_KEY": key.secret,
    ]
  }

  private init() throws {
    let folder = NSTemporaryDirectory() + "meterbridge-aws-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (program, ready, errors) = (
      "\(folder)/server.py", "\(folder)/ready", "\(folder)/errors"
    )
    try Data(Self.program.utf8).write(to: URL(filePath: program))
    try Data().write(to: URL(filePath: errors))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-W", "ignore", program, ready]
    var environment = ProcessInfo.processInfo.environment
    environment["PYTHONPATH"] = Self.packages
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    environment["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"
    process.environment = environment
    // The server ends when the pipe does, also if the tests crash
    process.standardInput = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    try waitUntil(within: 120) {
      FileManager.default.fileExists(atPath: ready) || !process.isRunning
    }
    guard let data = FileManager.default.contents(atPath: ready) else {
      let reason = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
      throw Problem(
        .unavailable, "moto does not start; README.md says how it is installed: \(reason)")
    }
    let json = try JSON(parsing: Array(data))
    endpoint = "http://127.0.0.1:\(json["port"].int ?? 0)"
    key = (json["key"]["id"].string ?? "", json["key"]["secret"].string ?? "")
    readingKey = (json["reading"]["id"].string ?? "", json["reading"]["secret"].string ?? "")
  }

  /// The folder into which README.md installs moto.
  private static let packages =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/.build/moto"

  /// The server.
  ///
  /// Users and keys are made in the process, so that no request goes unsigned.
  private static let program = #"""
    import json, os, sys, threading
    import collections, copy
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import Table
    from moto.iam.models import iam_backends
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    # A transaction of moto copies the whole table, to restore it. Copying what it may change is enough.
    whole, touched = DynamoDBBackend.transact_write_items, set()

    def transact(self, writes):
        touched.clear()
        for write in writes:
            for part in write.values():
                key = part.get("Key") or part["Item"]
                touched.add((key["pk"]["S"], key["sk"]["S"]))
        whole(self, writes)

    def copy_table(self, memo):
        new = copy.copy(self)
        new.items = collections.defaultdict(dict)
        for partition, items in self.items.items():
            new.items[partition] = {
                sort: copy.deepcopy(item) if (partition.value, sort.value) in touched else item
                for sort, item in items.items()}
        return new

    DynamoDBBackend.transact_write_items, Table.__deepcopy__ = transact, copy_table

    class Handler(WSGIRequestHandler):
        def log(self, *words):
            pass

    def key(name, actions):
        iam = iam_backends["123456789012"]["aws"]
        iam.create_user("us-east-1", name)
        iam.put_user_policy(name, "all", json.dumps({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}))
        key = iam.create_access_key(user_name=name)
        return {"id": key.access_key_id, "secret": key.secret_access_key}

    def end_with_parent():
        sys.stdin.read()
        os._exit(0)

    server = make_server(
        "127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False,
        request_handler=Handler)
    threading.Thread(target=end_with_parent, daemon=True).start()
    record = {
        "port": server.port, "key": key("worker", ["dynamodb:*"]),
        "reading": key("reader", ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem"])}
    with open(sys.argv[1] + ".new", "w") as file:
        json.dump(record, file)
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    server.serve_forever()
    """#
}
