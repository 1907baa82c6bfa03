# empty for now, everything is in main.py
