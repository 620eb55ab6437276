"""Market approach (市场法): what buyers paid for like things, brought to the subject and the valuation date."""
