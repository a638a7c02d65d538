"""What PostgreSQL alone has to show: schema, transactions, and that the hot statements find their rows by index."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace
from piccolo.conf.apps import AppConfig
from piccolo.engine.exceptions import TransactionError
from store_rows import NOW, SECOND, contract, created, delivery, known, moved, notice

from faturat.checkpoints.signing import SigningKey, new_secret
from faturat.checkpoints.types import make_checkpoint
from faturat.invoices.types import InvoiceState
from faturat.payments.states import LIVE, OCCUPYING
from faturat.payments.types import IdempotencyKey, PaymentState
from faturat.store.port import Reading
from faturat.store.postgres import APP, TABLES, Database, DatabaseUnavailable, PostgresStore, SchemaError
from faturat.store.postgres.tables import ContractRow

LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
FIRST = [("faturat", file.stem.split("_")[1]) for file in sorted(Path(APP.migrations_folder_path).glob("faturat_*.py"))]


def app(folder: Path, *migrations: str) -> AppConfig:
    """A Piccolo app `extra` whose migrations each make one table."""
    for name in migrations:
        (folder / f"extra_{name}.py").write_text(
            "from piccolo.apps.migrations.auto.migration_manager import MigrationManager\n"
            "from faturat.store.postgres.migrations import run_ddl\n"
            f"ID = '{name}'\n"
            "async def forwards():\n"
            "    manager = MigrationManager(migration_id=ID, app_name='extra', description='')\n"
            f"    async def make(): await run_ddl('CREATE TABLE extra_{name} (id integer)')\n"
            "    manager.add_raw(make)\n"
            "    return manager\n"
        )
    return AppConfig(app_name="extra", migrations_folder_path=folder)


@pytest.fixture
async def empty(empty_database_url: str) -> Any:
    database = await Database.open(empty_database_url)
    yield database
    await database.close()


# migrations


async def test_migrations_run_once_and_forwards(empty: Database, tmp_path: Path) -> None:
    extra = app(tmp_path, "0001")
    assert await empty.pending_migrations([APP, extra]) == [*FIRST, ("extra", "0001")]
    assert await empty.migrate([APP, extra]) == [*FIRST, ("extra", "0001")]
    assert await empty.migrate([APP, extra]) == []
    extra = app(tmp_path, "0002")
    with pytest.raises(SchemaError, match=r"older.*faturat migrate.*extra 0002"):
        await empty.require_schema([APP, extra])
    assert await empty.migrate([APP, extra]) == [("extra", "0002")]
    await empty.require_schema([APP, extra])


async def test_a_newer_database_is_refused(empty: Database, tmp_path: Path) -> None:
    await empty.migrate([app(tmp_path, "0001", "0002")])
    (tmp_path / "extra_0002.py").unlink()
    for refused in (empty.pending_migrations, empty.require_schema, empty.migrate):
        with pytest.raises(SchemaError, match=r"newer than this version of extra.*0002"):
            await refused([app(tmp_path)])


async def test_a_migration_that_fails_leaves_nothing(empty: Database, tmp_path: Path) -> None:
    extra = app(tmp_path, "0001", "0002")
    (tmp_path / "extra_0002.py").write_text((tmp_path / "extra_0002.py").read_text().replace("(id integer)", "(("))
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await empty.migrate([APP, extra])
    assert await empty.pending_migrations([APP]) == FIRST
    [row] = await empty.fetch("SELECT to_regclass('payment') AS payment, to_regclass('extra_0001') AS extra")
    assert (row["payment"], row["extra"]) == (None, None)


async def test_processes_that_migrate_at_once_do_it_once(empty: Database, empty_database_url: str) -> None:
    code = (
        "import asyncio, sys\n"
        "from faturat.store.postgres import APP, Database\n"
        "async def main():\n"
        "    database = await Database.open(sys.argv[1])\n"
        "    print(len(await database.migrate([APP])))\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", code, empty_database_url]
    processes = [
        await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)
    ]
    outputs = [await process.communicate() for process in processes]
    assert sorted(output.strip() for output, _ in outputs) == [b"0"] * 3 + [str(len(FIRST)).encode()], outputs
    await empty.require_schema([APP])


async def test_the_schema_is_what_the_tables_say(database: Database) -> None:
    for table in TABLES:
        rows = await database.fetch(
            "SELECT column_name, data_type, is_nullable = 'YES' FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position",
            table._meta.tablename,
        )
        kinds = {"TIMESTAMPTZ": "timestamp with time zone", "TIMESTAMPTZ[]": "ARRAY"}
        said = [
            (column._meta.name, kinds.get(column.column_type, column.column_type.lower()), column._meta.null)
            for column in table._meta.columns
        ]
        assert [tuple(row) for row in rows] == said


async def test_the_index_of_occupied_invoices_names_the_occupying_states(database: Database) -> None:
    for index, states in (("payment_occupied", OCCUPYING), ("payment_live", LIVE)):
        [row] = await database.fetch("SELECT indexdef FROM pg_indexes WHERE indexname = $1", index)
        assert set(re.findall(r"'(\w+)'::text", row["indexdef"])) == set(states)


# what the database itself refuses


async def test_the_database_refuses_what_must_not_be(database: Database) -> None:
    store = PostgresStore(database)
    mine = contract()
    await store.add_contract(mine, [known("inv_1", mine)])
    for plan in (created("pay_1"), moved(created("pay_1").payment, PaymentState.HOLDING), created("pay_2")):
        await store.commit(plan)
    await store.commit_reading(
        Reading(
            contract=replace(mine, version=2), new=(known("inv_2", mine, "b"),), notices=(notice("not_1", "inv_2"),)
        )
    )
    again = {
        "INSERT INTO contract SELECT 'con_2', customer, biller, reference, reference_key, name, subscriber, created_at,"
        " due_at, checked_at, failures, version FROM contract": "contract_reference",
        "UPDATE invoice SET invoice_key = 'same'": "invoice_contract",
        "UPDATE payment SET state = 'paid' WHERE id = 'pay_2'": "payment_occupied",
        "INSERT INTO payment_event SELECT * FROM payment_event": "payment_event_pkey",
        "INSERT INTO notice (id, customer, event, subject, version, invoice, facts, created_at)"
        " SELECT 'not_2', customer, event, subject, version, invoice, facts, created_at FROM notice": "notice_event",
    }
    for statement, index in again.items():
        with pytest.raises(asyncpg.UniqueViolationError) as refused:
            await database.fetch(statement)
        assert refused.value.constraint_name == index
    for column, value in {"amount": 0, "fee": -1, "version": 0, "part": 0, "asked": -1, "state": "'lost'"}.items():
        with pytest.raises(asyncpg.CheckViolationError):
            await database.fetch(f"UPDATE payment SET {column} = {value}")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await database.fetch("DELETE FROM payment")


async def test_a_naive_moment_is_refused_wherever_it_comes_in(database: Database) -> None:
    store = PostgresStore(database)
    naive = NOW.replace(tzinfo=None)
    attempts = [
        store.add_contract(contract(due_at=naive), []),
        store.add_quotes([known(read_at=naive)]),
        store.commit(created(deliveries=(delivery(due_at=naive),))),
        store.claim_payments(naive, NOW, 1),
        store.delivery_done("del_1", naive),
        ContractRow.update({ContractRow.due_at: naive}, force=True).run(),
    ]
    for attempt in attempts:
        with pytest.raises(asyncpg.DataError, match="without a time zone"):
            await attempt
    assert await store.payment("pay_1") is None


async def test_a_bad_url_is_told_without_the_password(postgres_url: str) -> None:
    for url in (postgres_url.replace("/postgres?", "/nowhere?"), "postgresql://u:secret@127.0.0.1:1/x", "nonsense"):
        with pytest.raises(DatabaseUnavailable, match="Check the database URL") as refused:
            await Database.open(url)
        assert "secret" not in str(refused.value)


async def test_tables_belong_to_one_open_database(database: Database, empty_database_url: str) -> None:
    with pytest.raises(RuntimeError, match="ContractRow is bound to another database"):
        await Database.open(empty_database_url, TABLES)
    other = await Database.open(empty_database_url)
    await other.close()


# the transaction


async def insert(key: int) -> None:
    await ContractRow.raw("INSERT INTO deferred (key) VALUES ({})", key)


async def fail() -> None:
    raise ZeroDivisionError


async def kill_backend(database: Database) -> None:
    with suppress(*LOST):
        await database.fetch("SELECT pg_terminate_backend(pg_backend_pid())")


async def fetch_slowly(database: Database) -> None:
    await database.fetch("SELECT pg_sleep(60)")


async def gather(*steps: Coroutine[Any, Any, Any]) -> None:
    await asyncio.gather(*steps)


async def in_one(database: Database, *steps: Coroutine[Any, Any, Any]) -> None:
    """Some steps in one transaction."""
    async with database.transaction():
        for step in steps:
            await step


@pytest.fixture
async def deferred(database: Database) -> Database:
    await database.fetch("CREATE TABLE deferred (key integer, UNIQUE (key) DEFERRABLE INITIALLY DEFERRED)")
    return database


async def is_whole(database: Database, stored: list[int]) -> None:
    """The task is in no transaction, the pool has all its connections, and the next block really commits."""
    assert database.engine.current_transaction.get() is None
    async with database.transaction():
        await insert(100)
    rows = await database.fetch("SELECT key FROM deferred ORDER BY key")
    assert [row["key"] for row in rows] == [*stored, 100]
    async with asyncio.timeout(10):
        connections = [await database.pool.acquire() for _ in range(database.pool.get_max_size())]
    for connection in connections:
        assert not connection.is_in_transaction()
        await database.pool.release(connection)


async def test_a_transaction_commits_or_rolls_back(deferred: Database) -> None:
    async with deferred.transaction():
        await insert(1)
        await deferred.fetch("INSERT INTO deferred VALUES (2)")
    with pytest.raises(ZeroDivisionError):
        await in_one(deferred, insert(3), fail())
    with pytest.raises(TransactionError):
        await in_one(deferred, insert(5), in_one(deferred))
    await is_whole(deferred, [1, 2])


async def test_a_commit_that_is_refused(deferred: Database) -> None:
    for _ in range(20):  # more often than the pool has connections
        with pytest.raises(asyncpg.UniqueViolationError):
            await in_one(deferred, insert(1), insert(1))
    await is_whole(deferred, [])


async def test_a_backend_killed_inside(deferred: Database) -> None:
    for _ in range(20):
        # as where a statement alone loses it, so that a client is told to come back
        with pytest.raises(asyncpg.PostgresConnectionError):
            await in_one(deferred, insert(1), kill_backend(deferred))
    await is_whole(deferred, [])


async def test_a_gather_inside(deferred: Database) -> None:
    for _ in range(20):
        with pytest.raises(LOST):
            await in_one(deferred, gather(insert(1), insert(2), deferred.fetch("SELECT pg_sleep(0.01)")))
    await is_whole(deferred, [])


async def test_a_task_cancelled_inside(deferred: Database) -> None:
    for _ in range(4):
        task = asyncio.create_task(in_one(deferred, insert(1), fetch_slowly(deferred)))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await is_whole(deferred, [])


async def waiting(database: Database, sessions: int) -> None:
    """Until so many sessions of this database wait for a lock."""
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with asyncio.timeout(30):
        while (await database.fetch(blocked))[0]["count"] < sessions:
            await asyncio.sleep(0.01)


async def test_a_reading_that_a_removal_waits_for_leaves_no_invoice(database: Database) -> None:
    store = PostgresStore(database)
    mine = contract()
    await store.add_contract(mine, [])
    async with database.pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM contract WHERE id = 'con_1' FOR UPDATE")
        reading = asyncio.create_task(
            store.commit_reading(Reading(contract=replace(mine, version=2), new=(known("inv_1", mine),)))
        )
        await waiting(database, 1)
        removal = asyncio.create_task(store.remove_contract("con_1", NOW))
        await waiting(database, 2)
    assert await asyncio.gather(reading, removal) == [True, True]
    assert await store.invoices("c1") == []


async def test_a_commit_that_loses_a_deadlock_is_repeated(database: Database) -> None:
    store = PostgresStore(database)
    await store.add_quotes([known("inv_1"), known("inv_2")])
    begun = created()
    await store.commit(begun)
    lock = "SELECT FROM invoice WHERE id = $1 FOR UPDATE"
    async with database.pool.acquire() as other, other.transaction():
        await other.execute("SET LOCAL deadlock_timeout = '1min'")  # so that the commit finds it, and is its victim
        await other.fetch(lock, "inv_2")
        commit = asyncio.create_task(store.commit(moved(begun.payment, PaymentState.HOLDING, InvoiceState.PAYING)))
        await waiting(database, 1)  # now it has inv_1 and waits for inv_2
        await other.fetch(lock, "inv_1")
    assert await commit
    assert {row.state for row in [await store.invoice("inv_1"), await store.invoice("inv_2")] if row} == {
        InvoiceState.PAYING
    }


# indexes


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Any]]]:
    """The statements that reach the server meanwhile, with their parameters."""
    statements: list[tuple[str, Any]] = []
    fetch = asyncpg.Connection.fetch

    async def recording(connection: Any, query: str, *args: Any, **options: Any) -> Any:
        statements.append((query, args))
        return await fetch(connection, query, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(asyncpg.Connection, "fetch", recording)
        yield statements


async def fill(database: Database, rows: int = 5000) -> None:
    """Some thousands of contracts, invoices, payments and deliveries, most of them over and done."""
    store = PostgresStore(database)
    for n in range(4):
        mine = contract(f"con_{n}")
        await store.add_contract(mine, [known(f"inv_{n}", mine, "b")])
        await store.commit(created(f"pay_{n}", invoice_key=str(n), deliveries=(delivery(f"del_{n}", f"pay_{n}"),)))
    later = "now() + interval '1 day'"
    of = "'m' || n / 5, biller, reference"
    await database.fetch(
        f"INSERT INTO contract SELECT 'con_x' || n, {of}, 'k' || n, name, subscriber, created_at, {later}, checked_at,"
        f" failures, version FROM contract, generate_series(1, {rows}) AS n WHERE id = 'con_0'"
    )
    await database.fetch(
        f"INSERT INTO invoice SELECT 'inv_x' || n, {of}, 'con_x' || n, 'x' || n, part, invoice, 'paid', version,"
        f" read_at, subscriber FROM invoice, generate_series(1, {rows}) AS n WHERE id = 'inv_0'"
    )
    await database.fetch(
        f"INSERT INTO payment SELECT 'pay_x' || n, 'm' || n / 5, account, biller, reference, 'x' || n, part, amount,"
        f" fee, currency, created_at, 'inv_x' || n, amount, 'paid', version, state_since, NULL, expires_at, chain_head,"
        f" reason, NULL, NULL, NULL, asked FROM payment, generate_series(1, {rows}) AS n WHERE id = 'pay_0'"
    )
    await database.fetch(
        f"INSERT INTO delivery SELECT 'del_x' || n, channel, hook, 's' || n, version, NULL, deadline, attempts, now()"
        f" FROM delivery, generate_series(1, {rows}) AS n WHERE id = 'del_0'"
    )
    await database.fetch("UPDATE payment SET covered_version = version WHERE id LIKE 'pay_x%'")
    await database.fetch("VACUUM ANALYZE payment")
    await database.fetch("ANALYZE")


async def plans(database: Database, statement: str, parameters: Any) -> list[str]:
    """The plan for these parameters, and the one for any: the server may use either for a prepared statement."""
    async with database.pool.acquire() as connection, connection.transaction():
        custom = await connection.fetch(f"EXPLAIN {statement}", *parameters)
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE hot AS {statement}")
        nulls = f"({', '.join(['NULL'] * len(parameters))})" if parameters else ""
        generic = await connection.fetch(f"EXPLAIN EXECUTE hot{nulls}")
        await connection.execute("DEALLOCATE hot")
    return ["\n".join(row[0] for row in plan) for plan in (custom, generic)]


async def test_hot_statements_find_their_rows_by_index(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(database)
    store = PostgresStore(database)
    mine = contract("con_0")
    begun = created(
        "pay_9", key=IdempotencyKey(customer="c1", key="k", body_hash="b"), deliveries=(delivery("del_8", "pay_9"),)
    )
    reading = Reading(
        contract=replace(mine, version=2),
        new=(known("inv_9", mine, "n"),),
        changed=(known("inv_0", mine, "b", version=2),),
        notices=(notice("not_1", "inv_9"),),
        deliveries=(delivery("del_9", "not_1"),),
    )
    with recorded(monkeypatch) as statements:
        assert await store.commit(begun)
        assert await store.commit(moved(begun.payment, PaymentState.HOLDING, InvoiceState.PAYING))
        assert await store.commit_reading(reading)
        assert len(await store.claim_payments(NOW, NOW + SECOND, 50)) == 5
        assert len(await store.claim_contracts(NOW, NOW + SECOND, 500)) == 4
        assert len(await store.claim_deliveries(NOW, NOW + SECOND, 50)) == 6
        assert len(await store.occupied("oshee", [f"x{n}" for n in range(20)])) == 19
        assert len(await store.invoices("m1", states=[InvoiceState.PAID])) == 5
        assert len(await store.invoices("m1", contract="con_x5")) == 1
        assert len(await store.known_invoices(["con_x1", "con_x2"])) == 2
        assert len(await store.payments("m1", before="pay_x9")) == 4
        assert len(await store.contracts("m1")) == 5
        assert await store.count_contracts("m1") == 5
        assert await store.payment("pay_x1")
        assert await store.payment_by_key("c1", "k")
        assert await store.purge_quotes(NOW) == 0
        await store.overdue_deliveries(NOW)
        assert await store.queued_orders("oshee", NOW, 100) == []
        assert not await store.is_carried("pay_x1")
        assert await store.unsent_files("oshee", NOW) == []
        assert await store.register_entries("oshee", [mine.reference]) == []
        assert await store.payments_in(tuple(LIVE)) != []
        assert await store.count_payments(tuple(LIVE))
        assert await store.carried_by("pay_x1") is None
        assert await store.cases(payment="pay_x1") == []
        heads = await store.uncovered_heads(10)
        assert len(heads) == 5
        assert await store.add_checkpoint(make_checkpoint(None, heads, NOW, SigningKey(new_secret())), heads)
    assert len(statements) == 27
    for statement, parameters in statements:
        for plan in await plans(database, statement, parameters):
            scanned = re.findall(r"Seq Scan on (contract|invoice|payment|delivery)\b", plan)
            assert not scanned, f"{statement}\n{plan}"
