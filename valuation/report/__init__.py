"""What is handed over: workbooks, charts, documents."""
