import Dispatcher
import Setup
import Values

/// AWS Lambda: an archive a step, in which `bootstrap` serves the runtime API and keeps the step
/// alive.
enum Lambda {
  static func files(of parts: Parts) throws(Problem) -> [PackagedFile] {
    var files: [PackagedFile] = []
    for piece in parts.pieces {
      let archive = try Archives.archive(parts, holding: "bootstrap", before: piece, as: piece.name)
      files.append(PackagedFile("\(piece.name).zip", mode: 0o644, bytes: archive))
    }
    return files + [PackagedFile("template.yaml", text: template(parts))]
  }

  // MARK: Private

  private static func template(_ parts: Parts) -> String {
    let processor = parts.pieces.first?.program.processor ?? .intel
    return """
      AWSTemplateFormatVersion: '2010-09-09'
      Transform: AWS::Serverless-2016-10-31
      Description: Steps of Meterbridge \(Version.text), which decide and do nothing
      # Besides its URL, which wants requests signed by IAM (AuthType: NONE opens it to anybody), a
      # function may be given events:
      #   Events:
      #     Queue:
      #       Type: SQS
      #       Properties: {Queue: ARN, BatchSize: 10, FunctionResponseTypes: [ReportBatchItemFailures]}
      #     Chargebee:
      #       Type: EventBridgeRule
      #       Properties: {EventBusName: BUS, Pattern: {source: [{prefix: aws.partner/chargebee.com}]}}
      Globals:
        Function:
          Runtime: provided.al2023
          Architectures: [\(processor.rawValue)]
          MemorySize: 128
          Timeout: 15
      Resources:
      \(parts.pieces.map(function).joined(separator: "\n"))
      Outputs:
      \(parts.pieces.map(output).joined(separator: "\n"))
      """
  }

  private static func function(_ piece: Parts.Piece) -> String {
    """
      \(identifier(piece)):
        Type: AWS::Serverless::Function
        Properties:
          Description: '\(piece.title.replacing("'", with: "''"))'
          CodeUri: ./\(piece.name).zip
          Handler: \(piece.name)
          FunctionUrlConfig:
            AuthType: AWS_IAM
    """
  }

  private static func output(_ piece: Parts.Piece) -> String {
    """
      \(identifier(piece)):
        Description: 'Where \(piece.step) is called'
        Value: !GetAtt \(identifier(piece))Url.FunctionUrl
    """
  }

  /// `ChargebeeCustomerCreated`: CloudFormation takes letters and digits only.
  private static func identifier(_ piece: Parts.Piece) -> String {
    piece.name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
