/// The values that several parameters accept; a table refers to a list as `$name`.
enum Vocabularies {
  /// The values by the name of their list.
  static let lists = [
    "webhookEvents": webhookEvents,
    "cardGateways": "\(gateways) chargebee",
    "gateways": "\(gateways) gocardless",
    "methodTypes": "\(methodTypes) generic unionpay automated_bank_transfer",
    "intentTypes": "\(methodTypes) boleto",
    "offlineMethods": """
    no_preference cash check bank_transfer ach_credit sepa_credit boleto
    us_automated_bank_transfer eu_automated_bank_transfer uk_automated_bank_transfer
    jp_automated_bank_transfer mx_automated_bank_transfer custom
    """,
    "entityCodes": """
    a b c d e f g h i j k l m n p q r med1 med2
    """,
    "commentEntities": """
    customer subscription invoice quote credit_note transaction plan addon coupon order
    business_entity item_family item item_price price_variant
    """,
  ]

  // MARK: Private

  private static let gateways = """
    chargebee_payments adyen stripe wepay braintree authorize_net paypal_pro pin eway eway_rapid
    worldpay balanced_payments beanstream bluepay elavon first_data_global hdfc migs nmi ogone
    paymill paypal_payflow_pro sage_pay tco wirecard amazon_payments paypal_express_checkout
    orbital moneris_us moneris bluesnap cybersource vantiv checkout_com paypal ingenico_direct
    exact mollie quickbooks razorpay global_payments bank_of_america ecentric metrics_global
    windcave pay_com ebanx dlocal nuvei solidgate paystack jp_morgan deutsche_bank ezidebit
    twikey tempus moyasar payway
    """

  private static let methodTypes = """
    card paypal_express_checkout amazon_payments direct_debit alipay apple_pay wechat_pay ideal
    google_pay sofort bancontact giropay dotpay upi netbanking_emandates venmo pay_to
    faster_payments sepa_instant_transfer klarna_pay_now online_banking_poland
    payconiq_by_bancontact electronic_payment_standard kbc_payment_button pay_by_bank trustly
    stablecoin kakao_pay naver_pay revolut_pay cash_app_pay twint go_pay grab_pay pay_co
    after_pay swish payme pix klarna alipay_hk paypay gcash south_korean_cards paynow bizum
    promptpay dana touch_n_go tamara qpay
    """
}
