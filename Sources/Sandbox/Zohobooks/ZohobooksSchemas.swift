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
      currency_id text
      payment_terms int
      payment_terms_label text ..100
      notes text
      website text
      billing_address Address
      shipping_address Address
      contact_persons list 0..50 ContactPerson
    Address
      attention text ..100
      address text ..500
      street2 text ..255
      city text ..100
      state text ..100
      zip text ..50
      country text ..100
      phone text ..50
      fax text ..50
    ContactPerson
      salutation text ..25
      first_name text ..100
      last_name text ..100
      email text ..100
      phone text ..50
      mobile text ..50
      is_primary_contact flag
    CreateInvoice
      customer_id* text
      line_items* list 1..100 LineItem
      reference_number text ..100
      invoice_number text ..100
      date date
      due_date date
      payment_terms int
      payment_terms_label text ..100
      discount number
      discount_type one entity_level item_level
      is_discount_before_tax flag
      adjustment number
      adjustment_description text ..100
      notes text ..5000
      terms text ..10000
    LineItem
      name text ..100
      description text ..2000
      rate* number
      quantity number
      tax_id text
    """
}
