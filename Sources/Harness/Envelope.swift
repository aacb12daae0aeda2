import FoundationEssentials
import Values

/// The shapes in which Lambda hands over an event; a step gets the bare one.
enum Envelope: Equatable {
  /// An event as it is: a direct call, or what EventBridge carries as its `detail`.
  case event(JSON)
  /// A request to a function URL, API Gateway or a load balancer: its body, or why there is none.
  case request(Result<JSON, Fault>)
  /// Messages of an SQS queue.
  case messages([Message], isOrdered: Bool)

  /// A message of a queue.
  struct Message: Equatable {
    let id: String
    let event: Result<JSON, Fault>
  }

  /// Tells the shapes apart by the keys that only they have; an invocation of ours is never one.
  init(_ json: JSON) {
    if json["input"].isNull, let records = json["Records"].array, !records.isEmpty,
      records.allSatisfy({ $0["eventSource"] == "aws:sqs" && $0["messageId"].string != nil })
    {
      self = .messages(
        records.map(Self.message), isOrdered: records.contains(where: Self.isOrdered))
    } else if json["input"].isNull, json["requestContext"].object != nil, Self.isRequest(json) {
      self = .request(Self.body(of: json))
    } else {
      self = .event(Self.bare(json))
    }
  }

  /// The event in EventBridge's envelope; anything else is itself.
  static func bare(_ json: JSON) -> JSON {
    guard json["input"].isNull, json["detail-type"].string != nil, json["source"].string != nil,
      json["detail"].object != nil
    else { return json }
    return json["detail"]
  }

  /// The body of a request to a raw web action of OpenWhisk, which is Base64 but for what the engine
  /// knows to be text; nil for what is no such request.
  static func webBody(of value: JSON) -> Result<JSON, Fault>? {
    guard let body = value["__ow_body"].string, value["__ow_method"].string != nil else {
      return nil
    }
    return parsed(Data(base64Encoded: body).map { Array($0) } ?? Array(body.utf8))
  }

  /// A document that came as text.
  static func parsed(_ bytes: [UInt8]) -> Result<JSON, Fault> {
    do throws(JSONError) {
      return .success(try JSON(parsing: bytes))
    } catch {
      return .failure(Fault(.notAnInvocation, "not an invocation: \(error)"))
    }
  }

  // MARK: Private

  /// A function URL and API Gateway's second version say the method in the context; its first
  /// version and load balancers at the top.
  private static func isRequest(_ json: JSON) -> Bool {
    json["requestContext"]["http"].object != nil || json["httpMethod"].string != nil
  }

  private static func body(of request: JSON) -> Result<JSON, Fault> {
    guard let body = request["body"].string, !body.isEmpty else {
      return .failure(Fault(.notAnInvocation, "the request has no body: an event is expected"))
    }
    guard request["isBase64Encoded"].bool == true else { return parsed(Array(body.utf8)) }
    guard let bytes = Data(base64Encoded: body) else {
      return .failure(Fault(.notAnInvocation, "the request's body is not Base64"))
    }
    return parsed(Array(bytes))
  }

  private static func message(_ record: JSON) -> Message {
    let event = parsed(Array((record["body"].string ?? "").utf8)).map(bare)
    return Message(id: record["messageId"].string ?? "", event: event)
  }

  private static func isOrdered(_ record: JSON) -> Bool {
    record["eventSourceARN"].string?.hasSuffix(".fifo") ?? false
  }
}
