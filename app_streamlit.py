"""Starts the app from a checkout: streamlit run app_streamlit.py."""

from valuation.app.main import main

main()
