"""The README.md of a Space that the Hub takes."""

CARD = (
    "---\ntitle: T\nemoji: 🚀\ncolorFrom: blue\ncolorTo: green\nsdk: docker\napp_port: 7860\n---\n"
)
