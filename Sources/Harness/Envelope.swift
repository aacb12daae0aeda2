import FoundationEssentials
import Values

/// The forms in which Lambda delivers an event; a step gets the bare event.
enum Envelope: Equatable {
  /// A bare event: from a direct call, or the `detail` of EventBridge.
  case event(JSON)
  /// The body of a request to a function URL, API Gateway or a load balancer.
  case request(Result<JSON, InvocationError>)
  /// Messages of an SQS queue, which is ordered if it is a FIFO queue.
  case messages([Message], isOrdered: Bool)

  /// A message of a queue.
  struct Message: Equatable {
    let id: String
    let event: Result<JSON, InvocationError>
  }

  /// Distinguishes the forms by their characteristic keys; an invocation with `input` is a bare event.
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

  /// The event in EventBridge's envelope, or the document itself if it is none.
  static func bare(_ json: JSON) -> JSON {
    guard json["input"].isNull, json["detail-type"].string != nil, json["source"].string != nil,
      json["detail"].object != nil
    else { return json }
    return json["detail"]
  }

  /// The body of a request to a raw web action of OpenWhisk, which is Base64 unless the engine knows it
  /// to be text; nil for anything else.
  static func webBody(of value: JSON) -> Result<JSON, InvocationError>? {
    guard let body = value["__ow_body"].string, value["__ow_method"].string != nil else {
      return nil
    }
    return parsed(Data(base64Encoded: body).map { Array($0) } ?? Array(body.utf8))
  }

  /// The document that bytes contain, or an error of the kind `notAnInvocation`.
  static func parsed(_ bytes: [UInt8]) -> Result<JSON, InvocationError> {
    do throws(JSONError) {
      return .success(try JSON(parsing: bytes))
    } catch {
      return .failure(InvocationError(.notAnInvocation, "not an invocation: \(error)"))
    }
  }

  // MARK: Private

  /// Function URLs and version 2 of API Gateway give the method in the context, version 1 and load
  /// balancers at the top.
  private static func isRequest(_ json: JSON) -> Bool {
    json["requestContext"]["http"].object != nil || json["httpMethod"].string != nil
  }

  private static func body(of request: JSON) -> Result<JSON, InvocationError> {
    guard let body = request["body"].string, !body.isEmpty else {
      return .failure(
        InvocationError(.notAnInvocation, "the request has no body: an event is expected"))
    }
    guard request["isBase64Encoded"].bool == true else { return parsed(Array(body.utf8)) }
    guard let bytes = Data(base64Encoded: body) else {
      return .failure(InvocationError(.notAnInvocation, "the request's body is not Base64"))
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
