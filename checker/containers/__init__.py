"""Container engines, and the images that the app's images are built on."""
