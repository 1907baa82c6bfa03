import os

bind = f"0.0.0.0:{os.environ.get('PORT', '7860')}"
workers = 2
worker_class = "uvicorn_worker.UvicornWorker"
worker_tmp_dir = "/tmp"
graceful_timeout = 7
timeout = 120
accesslog = "-"
