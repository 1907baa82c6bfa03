"""Weigh what a browser loads for a page: python weigh.py URL"""
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
    page = b.new_page()
    page.goto(sys.argv[1]); page.get_by_label("Email").wait_for(); page.wait_for_timeout(1500)
    rows = page.evaluate("performance.getEntriesByType('resource').map(r => [r.name.split('/').slice(3).join('/'), r.initiatorType, r.encodedBodySize, r.decodedBodySize])")
    for r in rows: print(*r)
    print("js", sum(r[2] for r in rows if ".js" in r[0]), "css", sum(r[2] for r in rows if ".css" in r[0]))
    nav = page.evaluate("(()=>{const n=performance.getEntriesByType('navigation')[0];return [n.encodedBodySize,n.decodedBodySize]})()")
    print("html", nav)
    b.close()
