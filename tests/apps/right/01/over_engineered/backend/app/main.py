from app.container import Container

app = Container().build()
