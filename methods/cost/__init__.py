"""Cost approach (成本法): what it takes to have the asset again, less what it has lost."""
