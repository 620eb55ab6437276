"""Income approach (收益法): what the asset will bring, at its present value."""
