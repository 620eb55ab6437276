"""Values the assets of AI companies and says what may be lent on them."""
