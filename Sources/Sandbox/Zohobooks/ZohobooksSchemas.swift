/// The request bodies of the simulated operations of Zoho Books:
/// https://www.zoho.com/books/api/v3.
enum ZohobooksSchemas {
  static let book = SchemaBook(text)

  private static let text = """
    CreateContact
      contact_name* text 1..200
      company_name text ..200
      contact_type one customer vendor
      customer_sub_type one individual business
      currency_id,notes,website text
      payment_terms int
      payment_terms_label text ..100
      billing_address,shipping_address Address
      contact_persons list 0..50 ContactPerson
    Address
      attention,city,state,country text ..100
      address text ..500
      street2 text ..255
      zip,phone,fax text ..50
    ContactPerson
      salutation text ..25
      first_name,last_name,email text ..100
      phone,mobile text ..50
      is_primary_contact flag
    CreateInvoice
      customer_id* text
      line_items* list 1..100 LineItem
      reference_number,invoice_number,payment_terms_label,adjustment_description text ..100
      date,due_date date
      payment_terms int
      discount,adjustment number
      discount_type one entity_level item_level
      is_discount_before_tax flag
      notes text ..5000
      terms text ..10000
    LineItem
      name text ..100
      description text ..2000
      rate*,quantity number
      tax_id text
    """
}
