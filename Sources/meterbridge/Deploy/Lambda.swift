import Setup
import Values

/// AWS Lambda: an archive for each step, in which `bootstrap` serves the runtime API and keeps the
/// step running.
enum Lambda {
  static func files(of package: StepPackage) throws(Problem) -> [PackagedFile] {
    try package.members.map { (step) throws(Problem) in
      try package.archive(step, as: step.name, bootstrapName: "bootstrap")
    } + [PackagedFile("template.yaml", text: template(package))]
  }

  private static func template(_ package: StepPackage) -> String {
    let processor = package.members.first?.program.processor ?? .intel
    return """
      AWSTemplateFormatVersion: '2010-09-09'
      Transform: AWS::Serverless-2016-10-31
      Description: Steps of Meterbridge \(Version.text); each is a pure function
      # The URL of a function requires requests signed by IAM (AuthType: NONE makes it public).
      # To send events to a function, add:
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
      \(package.members.map(function).joined(separator: "\n"))
      Outputs:
      \(package.members.map(output).joined(separator: "\n"))
      """
  }

  private static func function(_ step: StepPackage.Member) -> String {
    """
      \(identifier(step)):
        Type: AWS::Serverless::Function
        Properties:
          Description: '\(step.title.replacing("'", with: "''"))'
          CodeUri: ./\(step.name).zip
          Handler: \(step.name)
          FunctionUrlConfig:
            AuthType: AWS_IAM
    """
  }

  private static func output(_ step: StepPackage.Member) -> String {
    """
      \(identifier(step)):
        Description: 'URL of \(step.step)'
        Value: !GetAtt \(identifier(step))Url.FunctionUrl
    """
  }

  /// The logical id, such as `ChargebeeCustomerCreated`: CloudFormation permits letters and digits only.
  private static func identifier(_ step: StepPackage.Member) -> String {
    step.name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
