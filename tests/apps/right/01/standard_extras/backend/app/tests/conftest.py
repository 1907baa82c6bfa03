import os

os.environ["CORS_ORIGINS"] = "http://testserver"
