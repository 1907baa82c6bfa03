from alembic import op

revision = "001"
down_revision = None


def upgrade():
    op.execute("""
        create table "user" (
            id uuid primary key,
            email varchar(320) not null unique check (email = lower(email)),
            name text not null,
            hashed_password char(60) not null,
            created_at timestamptz not null default clock_timestamp()
        )
    """)
    op.execute("""
        create table task (
            id uuid primary key,
            user_id uuid not null references "user" on delete cascade,
            title text not null check (length(title) between 1 and 200),
            description text,
            status text not null check (status in ('pending', 'in_progress', 'completed')),
            created_at timestamptz not null default clock_timestamp(),
            updated_at timestamptz not null default clock_timestamp()
        )
    """)
    op.execute("create index on task (user_id, created_at desc)")


def downgrade():
    op.execute('drop table task, "user"')
