import Foundation

/// The apps that tests use instead of real ones, as the files of a `functions` folder.
///
/// - `alpha` sends webhooks with Basic auth and has one trigger.
/// - `beta` has one action and an API with idempotency keys.
/// - `gamma` has an action and a trigger, an API without idempotency keys and webhooks with a secret in
///   the path.
/// - `delta` has one action and an API that requires OAuth 2.0 access tokens.
package enum TestApps {
  /// Writes the apps and the flows `to-beta` and `to-gamma`.
  package static func write(to folder: String) throws {
    for (app, text) in all {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(app)", withIntermediateDirectories: true)
      try write(text, to: "\(folder)/\(app)/app.json")
    }
    try FileManager.default.createDirectory(
      atPath: "\(folder)/flows", withIntermediateDirectories: true)
    for app in ["beta", "gamma"] {
      try write(
        #"{"name":"A to \#(app)","type":"inbound","when":{"step":"alpha/made"},"then":[{"step":"\#(app)/take"}]}"#,
        to: "\(folder)/flows/to-\(app).json")
    }
  }

  private static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  private static let all = ["alpha": alpha, "beta": beta, "gamma": gamma, "delta": delta]

  private static let alpha = #"""
    {"name":"Alpha","scope":"alpha:{account}",
     "settings":[{"name":"account","label":"Account"},
       {"name":"password","label":"Password","secret":true,"optional":true}],
     "http":{"base":"https://alpha.example","auth":{"basic":"x:"},"encoding":"json"},
     "webhook":{"auth":"basic","username":"user","password":"password","id":"id","type":"type",
       "time":"time","lane":["about"]},
     "steps":{"made":{"label":"Made","kind":"trigger","events":["made"],"gives":"thing"}}}
    """#

  private static let beta = #"""
    {"name":"Beta","scope":"beta:b","hub":true,
     "settings":[{"name":"key","label":"Key","secret":true}],
     "http":{"base":"https://beta.example","auth":{"basic":"{key}:"},"encoding":"form",
       "jsonFields":["meta"],"idempotency":{"header":"Idem","minutes":30,"replayed":"Replayed"}},
     "test":{"path":"/things"},
     "effects":{
       "POST /things":{"kind":"thing","amount":["body.amount"],"currency":["body.currency"]},
       "POST /notes":{"kind":"note"}},
     "steps":{"take":{"label":"Take","kind":"action","takes":"thing",
       "fields":[{"name":"count","label":"Count","type":"number","optional":true}]}}}
    """#

  private static let gamma = #"""
    {"name":"Gamma","scope":"gamma:g","hub":true,
     "settings":[{"name":"key","label":"Key","secret":true}],
     "http":{"base":"https://gamma.example","auth":{"bearer":"{key}"},"encoding":"json"},
     "webhook":{"auth":"path","secret":"key","lane":["id"]},
     "steps":{"take":{"label":"Take","kind":"action","takes":"thing"},
       "made":{"label":"Made","kind":"trigger","gives":"thing"}}}
    """#

  private static let delta = #"""
    {"name":"Delta","scope":"delta:d","hub":true,
     "settings":[{"name":"client","label":"Client"},
       {"name":"secret","label":"Client secret","secret":true},
       {"name":"code","label":"Code","secret":true,"optional":true},
       {"name":"refresh","label":"Refresh token","secret":true,"optional":true}],
     "http":{"base":"https://delta.example/v1","encoding":"json","query":{"org":"{client}"},
       "auth":{"oauth2":{"url":"https://accounts.delta.example/token","clientId":"{client}",
         "clientSecret":"{secret}","refreshToken":"refresh","code":"code","scheme":"Delta",
         "server":"api"}},
       "refusals":{"member":"code","good":0,"statuses":{"44":429}}},
     "test":{"path":"/things"},
     "steps":{"take":{"label":"Take","kind":"action","takes":"thing"}}}
    """#
}
