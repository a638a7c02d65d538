"""Checkpoints on paper: what a database says against one that was printed, and who may sign."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fakes.site import Site
from msgspec.structs import replace

from faturat import verify
from faturat.checkpoints.service import CheckpointService
from faturat.checkpoints.signing import SigningKey, new_secret
from faturat.checkpoints.types import Checkpoint, make_checkpoint
from faturat.command import main
from faturat_server.commands.demo import _checkpoint_key


async def found(site: Site, **arguments: object) -> list[tuple[str, str]]:
    return [(fault.row, fault.what) for fault in (await verify(site.faturat, **arguments)).faults]


async def another(site: Site, signer: SigningKey) -> Checkpoint:
    """The next checkpoint, over one more payment, by some key."""
    await site.know()
    await site.pay(f"more-{len(site.codes)}")
    await CheckpointService(site.store, signer, site.clock, site.clock.now() - site.clock.now()).make()
    newest = await site.store.newest_checkpoint()
    assert newest is not None
    return newest


async def test_a_key_may_change_and_old_checkpoints_keep_theirs(site: Site, signer: SigningKey) -> None:
    new = SigningKey(new_secret())
    printed = await another(site, new)
    report = await verify(site.faturat, paper=printed)
    assert report.faults == ()
    assert report.keys == (signer.public_key, new.public_key)
    assert await found(site, trusted=[signer.public_key, new.public_key]) == []
    (fault,) = await found(site, trusted=[signer.public_key])
    assert fault[0] == "checkpoint 2"
    assert new.public_key in fault[1]
    untrusted = await found(site, paper=printed, trusted=[signer.public_key])
    assert [row for row, _ in untrusted] == ["checkpoint 2", "the paper"]


async def test_a_database_made_anew_with_another_key_is_found_by_the_paper(site: Site, signer: SigningKey) -> None:
    """Whoever may write everything may also sign everything, with a key of their own."""
    printed = await site.store.newest_checkpoint()
    assert printed is not None
    own = SigningKey(new_secret())
    heads = await site.store.checkpoint_heads(1)
    forged = make_checkpoint(None, heads[1:], printed.made_at, own)
    await site.database.fetch("DELETE FROM checkpoint_head")
    await site.database.fetch("DELETE FROM checkpoint")
    await site.database.fetch("UPDATE payment SET covered_version = 0")
    assert await site.store.add_checkpoint(forged, heads[1:])
    assert await found(site) == [], "by itself it holds"
    assert [row for row, _ in await found(site, trusted=[signer.public_key])] == ["checkpoint 1"]
    (fault,) = await found(site, paper=printed)
    assert fault == ("checkpoint 1", "not the one on the paper: another payments, root, public_key, signature")


async def test_a_database_older_than_the_paper_is_found(site: Site, signer: SigningKey) -> None:
    printed = await another(site, signer)
    await site.database.fetch("DELETE FROM checkpoint_head WHERE checkpoint = 2")
    await site.database.fetch("DELETE FROM checkpoint WHERE number = 2")
    await site.database.fetch("UPDATE payment SET covered_version = 0")
    assert await found(site) == []
    assert [row for row, _ in await found(site, paper=printed)] == ["checkpoint 2"]


async def test_checkpoints_that_do_not_follow_one_another_are_found(site: Site, signer: SigningKey) -> None:
    await another(site, signer)
    await another(site, signer)
    await site.database.fetch("DELETE FROM checkpoint_head WHERE checkpoint = 2")
    await site.database.fetch("DELETE FROM checkpoint WHERE number = 2")
    assert ("checkpoint 3", "checkpoint 2 is missing before it") in await found(site)
    await site.database.fetch("ALTER TABLE checkpoint_head DROP CONSTRAINT checkpoint_head_checkpoint_fkey")
    for table, column in (("checkpoint", "number"), ("checkpoint_head", "checkpoint")):
        await site.database.fetch(f"UPDATE {table} SET {column} = 2 WHERE {column} = 3")
    assert {what.partition(":")[0] for row, what in await found(site) if row == "checkpoint 2"} == {
        "it does not follow the one before",
        "the signature is not that of its key",
    }


async def test_a_paper_typed_wrong_is_not_the_databases_fault(site: Site) -> None:
    printed = await site.store.newest_checkpoint()
    assert printed is not None
    ((row, what),) = await found(site, paper=replace(printed, root=printed.root[::-1]))
    assert row == "the paper"
    assert "signature" in what


def test_a_demo_keeps_a_key_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.key"
    secret = _checkpoint_key(file)
    assert SigningKey(secret).public_key
    assert file.stat().st_mode & 0o777 == 0o600
    assert _checkpoint_key(file) == secret


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.usefixtures("at_work")
def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    none = run("checkpoint")
    assert none.exit_code == 1
    assert "FATURAT_CHECKPOINT_KEY_FILE" in none.output
    assert "no checkpoint was ever made" in run("verify").output

    secret = new_secret()
    (tmp_path / "key").write_text(f"{secret}\n")
    monkeypatch.setenv("FATURAT_CHECKPOINT_KEY_FILE", str(tmp_path / "key"))
    printed = run("checkpoint")
    assert printed.exit_code == 0, printed.output
    assert printed.stdout.splitlines()[0] == "Faturat checkpoint"
    assert "payments:      3" in printed.stdout
    assert secret not in printed.output
    assert run("checkpoint").stdout == printed.stdout, "nothing moved, so it is still the newest"
    (tmp_path / "paper.txt").write_text(printed.stdout)

    monkeypatch.delenv("FATURAT_CHECKPOINT_KEY_FILE")
    assert run("checkpoint").stdout == printed.stdout, "without the key the newest one is printed"
    checked = run("verify", "--checkpoint", "paper.txt", "--trust", SigningKey(secret).public_key)
    assert checked.exit_code == 0, checked.output
    assert checked.output == (
        f"3 payments with 21 events checked, 1 checkpoints\n"
        f"checkpoints signed by {SigningKey(secret).public_key}\nevery invariant holds\n"
    )
    stranger = run("verify", "--trust", "00")
    assert stranger.exit_code == 1
    assert "invariant 9: checkpoint 1: signed by" in stranger.output
    (tmp_path / "paper.txt").write_text("Faturat checkpoint\nnumber: one\n")
    unread = run("verify", "--checkpoint", "paper.txt")
    assert unread.exit_code == 1
    assert "number" in unread.output
    monkeypatch.setenv("FATURAT_CHECKPOINT_KEY", "my secret")
    bad = run("checkpoint")
    assert bad.exit_code == 1
    assert "openssl rand -hex 32" in bad.output
    assert "my secret" not in bad.output
